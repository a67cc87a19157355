using System.Buffers;
using System.Text;

namespace Recipes.Engine.Sources.Git;

/// <summary>
/// A part of a git configuration: a section's header, a key with its value, or what lies between. Parts tile the text.
/// </summary>
internal sealed record ConfigItem
{
    /// <summary>Offset of its first character.</summary>
    public required int Start { get; init; }

    /// <summary>Offset after its last one; a line end belongs to what it ends.</summary>
    public required int End { get; init; }

    /// <summary>The <c>NAME</c> of the <c>[submodule "NAME"]</c> that it stands in; null elsewhere.</summary>
    public string? Submodule { get; init; }

    /// <summary>True for a section's header.</summary>
    public bool IsHeader { get; init; }

    /// <summary>In lower case; null if it is not a key.</summary>
    public string? Key { get; init; }

    /// <summary>Without quotes and escapes; null for a key alone, which git takes for true.</summary>
    public string? Value { get; init; }

    /// <summary>Where the value is written, or would be.</summary>
    public int ValueStart { get; init; }

    /// <summary>After the value: a comment may follow.</summary>
    public int ValueEnd { get; init; }
}

/// <summary>Reads the syntax of git configuration files: git-config(1), "CONFIGURATION FILE".</summary>
internal sealed class ConfigText
{
    private readonly string file;
    private readonly string text;
    private readonly List<ConfigItem> items = [];
    private string? submodule;
    private int position;

    private ConfigText(string file, string text) => (this.file, this.text) = (file, text);

    /// <summary>All parts in order.</summary>
    /// <exception cref="EngineException">A fault, with its line.</exception>
    public static IReadOnlyList<ConfigItem> Read(string file, string text)
    {
        var reader = new ConfigText(file, text);
        while (reader.position < text.Length)
            reader.Next();
        return reader.items;
    }

    private static readonly SearchValues<char> Special = SearchValues.Create("#;\"\\\n\t");

    /// <summary>A value as it is written: quoted only where it has to be.</summary>
    public static string Quote(string value) =>
        !value.AsSpan().ContainsAny(Special) && value.Trim() == value && value.Length > 0
            ? value
            : QuoteName(value)
                .Replace("\n", "\\n", StringComparison.Ordinal)
                .Replace("\t", "\\t", StringComparison.Ordinal);

    /// <summary>The name of a section as it is written.</summary>
    public static string QuoteName(string name) =>
        $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private char Current => position < text.Length ? text[position] : '\n';

    private void Next()
    {
        var start = position;
        while (position < text.Length && Current is ' ' or '\t' or '\r' or '\ufeff')
            position++;
        if (position == text.Length || Current is '\n' or '#' or ';')
        {
            SkipLine();
            items.Add(
                new()
                {
                    Start = start,
                    End = position,
                    Submodule = submodule,
                }
            );
        }
        else if (Current == '[')
            Header(start);
        else if (char.IsAsciiLetter(Current))
            Variable(start);
        else
            throw Fault("a section or a key is expected");
    }

    private void Header(int start)
    {
        var close = text.AsSpan(position).IndexOfAny(']', '"', '\n') + position;
        if (close < position || text[close] == '\n')
            throw Fault("the section's ']' is missing");
        var section = text[(position + 1)..close].Trim();
        string? name = null;
        position = close;
        if (text[close] == '"')
        {
            name = Name();
            if (Current != ']')
                throw Fault("the section's ']' is missing");
        }
        position++;
        submodule = name is not null && section.Equals("submodule", StringComparison.OrdinalIgnoreCase) ? name : null;
        // A key may follow on the same line; else the line end is the header's.
        var end = text.AsSpan(position).TrimStart(" \t\r");
        if (end.IsEmpty || end[0] == '\n')
            SkipLine();
        items.Add(
            new()
            {
                Start = start,
                End = position,
                Submodule = submodule,
                IsHeader = true,
            }
        );
    }

    private string Name()
    {
        var name = new StringBuilder();
        for (position++; Current != '"'; position++)
        {
            if (Current == '\\')
                position++;
            if (Current == '\n')
                throw Fault("the section's name has no closing quote");
            name.Append(Current);
        }
        position++;
        return name.ToString();
    }

    private void Variable(int start)
    {
        var keyStart = position;
        while (char.IsAsciiLetterOrDigit(Current) || Current == '-')
            position++;
        var key = text[keyStart..position].ToLowerInvariant();
        var keyEnd = position;
        while (Current is ' ' or '\t' or '\r')
            position++;
        string? value = null;
        var (valueStart, valueEnd) = (keyEnd, keyEnd);
        if (Current == '=')
        {
            for (position++; Current is ' ' or '\t'; )
                position++;
            valueStart = position;
            (value, valueEnd) = Value();
        }
        else if (Current is not ('\n' or '#' or ';'))
            throw Fault($"'=' is expected after '{key}'");
        SkipLine();
        items.Add(
            new()
            {
                Start = start,
                End = position,
                Submodule = submodule,
                Key = key,
                Value = value,
                ValueStart = valueStart,
                ValueEnd = valueEnd,
            }
        );
    }

    /// <summary>The value, and where it ends: spaces at the end do not belong to it, quoted ones do.</summary>
    private (string Value, int End) Value()
    {
        var value = new StringBuilder();
        var (quoted, kept, end) = (false, 0, position);
        for (; Current != '\n'; position++)
        {
            if (!quoted && Current is '#' or ';')
                break;
            if (Current == '"')
                quoted = !quoted;
            else if (Current == '\\')
                Escape(value);
            else
                value.Append(Current);
            if (!quoted && Current is ' ' or '\t' or '\r')
                continue;
            (kept, end) = (value.Length, Math.Min(position + 1, text.Length));
        }
        if (quoted)
            throw Fault("the value has no closing quote");
        return (value.ToString(0, kept), end);
    }

    private void Escape(StringBuilder value)
    {
        position++;
        if (Current == '\r' && position + 1 < text.Length && text[position + 1] == '\n')
            position++;
        // At the line's end it joins the next line to this one.
        if (position < text.Length && Current == '\n')
            return;
        value.Append(
            Current switch
            {
                'n' => '\n',
                't' => '\t',
                'b' => '\b',
                '"' or '\\' => Current,
                _ => throw Fault("a '\\' is followed by what git does not know"),
            }
        );
    }

    private void SkipLine()
    {
        var end = text.IndexOf('\n', position);
        position = end < 0 ? text.Length : end + 1;
    }

    private EngineException Fault(string reason) =>
        new($"{file}:{text.AsSpan(0, position).Count('\n') + 1}:1: error: {reason}");
}
