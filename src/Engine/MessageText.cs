using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Recipes.Engine.Content;

namespace Recipes.Engine;

/// <summary>
/// A message for a person, in which what to do stays data, so that each front end says it in its own words. It is
/// written as an interpolated string, <c>$"the source is not in the store; {new Remedy(RemedyKind.Fetch, "zlib")}"</c>,
/// and keeps the remedies of other messages in it.
/// </summary>
[InterpolatedStringHandler]
public sealed class MessageText : IEquatable<MessageText>
{
    private readonly StringBuilder words = new();
    private readonly List<(int At, Remedy Remedy)> remedies = [];

    /// <summary>Begins a message; for the compiler.</summary>
    /// <param name="literalLength">Characters of the text.</param>
    /// <param name="formattedCount">Values in the text.</param>
    public MessageText(int literalLength, int formattedCount) =>
        words.EnsureCapacity(literalLength + (formattedCount * 16));

    /// <summary>A message that is all text.</summary>
    public MessageText(string text) => words.Append(text);

    /// <summary>The remedies, in their order.</summary>
    public IEnumerable<Remedy> Remedies => remedies.Select(x => x.Remedy);

    /// <summary>A message that is all text.</summary>
    public static implicit operator MessageText(string text) => new(text);

    /// <summary>A message that is all text.</summary>
    public static MessageText FromString(string text) => new(text);

    /// <summary>One after the other.</summary>
    public static MessageText operator +(MessageText left, MessageText right) => $"{left}{right}";

    /// <summary>One after the other.</summary>
    public static MessageText Add(MessageText left, MessageText right) => left + right;

    /// <summary>Messages, each on lines of its own.</summary>
    public static MessageText Lines(IEnumerable<MessageText> messages)
    {
        var lines = new MessageText("");
        foreach (var message in messages)
        {
            if (lines.words.Length > 0)
                lines.words.Append('\n');
            lines.AppendFormatted(message);
        }
        return lines;
    }

    /// <summary>Adds text; for the compiler.</summary>
    public void AppendLiteral(string value) => words.Append(value);

    /// <summary>Adds what to do.</summary>
    public void AppendFormatted(Remedy? value)
    {
        if (value is not null)
            remedies.Add((words.Length, value));
    }

    /// <summary>Adds a message with its remedies.</summary>
    public void AppendFormatted(MessageText? value)
    {
        if (value is null)
            return;
        remedies.AddRange(value.remedies.Select(x => (x.At + words.Length, x.Remedy)));
        words.Append(value.words);
    }

    /// <summary>Adds a digest as people read it.</summary>
    public void AppendFormatted(Digest value) => words.Append(value.Oci);

    /// <summary>Adds a value, written for no culture.</summary>
    public void AppendFormatted<T>(T value, int alignment = 0, string? format = null)
    {
        var text = value is IFormattable formattable
            ? formattable.ToString(format, CultureInfo.InvariantCulture)
            : value?.ToString() ?? "";
        words.Append(alignment < 0 ? text.PadRight(-alignment) : text.PadLeft(alignment));
    }

    /// <summary>The whole message.</summary>
    /// <param name="say">Words each remedy.</param>
    public string Render(Func<Remedy, string> say)
    {
        var text = new StringBuilder();
        var done = 0;
        foreach (var (at, remedy) in remedies)
        {
            text.Append(words, done, at - done).Append(say(remedy));
            done = at;
        }
        return text.Append(words, done, words.Length - done).ToString();
    }

    /// <summary>The whole message in the engine's words, which name no command.</summary>
    public override string ToString() => Render(x => x.ToString());

    /// <inheritdoc/>
    public bool Equals(MessageText? other) =>
        other is not null && words.Equals(other.words) && remedies.SequenceEqual(other.remedies);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MessageText);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);
}
