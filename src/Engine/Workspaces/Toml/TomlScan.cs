using System.Globalization;

namespace Recipes.Engine.Workspaces.Toml;

/// <summary>
/// Looks over a text before it is parsed, for what the parser takes too long over or says without a place: nesting, and
/// escapes of what is not a character. What is not TOML at all is left to the parser.
/// </summary>
/// <remarks>See https://toml.io/en/v1.0.0#string.</remarks>
internal sealed class TomlScan
{
    /// <summary>Lists and tables in each other: no key of a recipe takes more than three.</summary>
    public const int MaxNested = 64;

    private readonly FaultList faults;
    private readonly string text;
    private int at;
    private int depth;

    private TomlScan(FaultList faults) => (this.faults, text) = (faults, faults.Source.Text);

    /// <summary>False if there are such faults, which are in the list then.</summary>
    public static bool Check(FaultList faults)
    {
        var before = faults.Faults.Count;
        var scan = new TomlScan(faults);
        while (scan.at < scan.text.Length && scan.Next()) { }
        return faults.Faults.Count == before;
    }

    /// <summary>False where the rest is not worth looking at.</summary>
    private bool Next()
    {
        switch (text[at])
        {
            case '#':
                at = EndOfLine();
                return true;
            case '"' or '\'':
                String(text[at]);
                return true;
            case '[' or '{' when ++depth > MaxNested:
                faults.Add(new(at, at + 1), $"lists and tables are nested deeper than {MaxNested} here");
                return false;
            case ']' or '}':
                depth = Math.Max(0, depth - 1);
                break;
        }
        at++;
        return true;
    }

    private int EndOfLine() => text.IndexOf('\n', at) is var end and >= 0 ? end : text.Length;

    private void String(char quote)
    {
        var isLong = text.AsSpan(at).StartsWith(quote == '"' ? "\"\"\"" : "\'\'\'");
        for (at += isLong ? 3 : 1; at < text.Length; at++)
        {
            if (text[at] == '\n' && !isLong)
                return;
            if (text[at] == quote && (!isLong || text.AsSpan(at).StartsWith(quote == '"' ? "\"\"\"" : "\'\'\'")))
            {
                at += isLong ? 3 : 1;
                return;
            }
            if (text[at] == '\\' && quote == '"')
                Escape();
        }
    }

    /// <summary>Stays on the last character of the escape.</summary>
    private void Escape()
    {
        var start = at++;
        var digits =
            at < text.Length
                ? text[at] switch
                {
                    'u' => 4,
                    'U' => 8,
                    _ => 0,
                }
                : 0;
        if (
            digits == 0
            || at + digits >= text.Length
            || !uint.TryParse(
                text.AsSpan(at + 1, digits),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out var value
            )
        )
            return;
        at += digits;
        if (value is >= 0xd800 and <= 0xdfff or > 0x10ffff)
            faults.Add(
                new(start, at + 1),
                $"this is not TOML: '{text.AsSpan(start, digits + 2)}' is not the code of a character"
            );
    }
}
