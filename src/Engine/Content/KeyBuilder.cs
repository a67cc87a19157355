using System.Globalization;
using System.Text;

namespace Recipes.Engine.Content;

/// <summary>
/// Makes the keys under which things are kept in a store: the digest of the name of a format and of all that the thing
/// is made from, one a line. Different parts never give the same text.
/// </summary>
internal sealed class KeyBuilder
{
    private readonly StringBuilder text = new();

    /// <summary>Begins a key.</summary>
    /// <param name="format">
    /// Tells keys of one kind from those of another; counts up when the same parts come to mean something else.
    /// </param>
    public KeyBuilder(string format) => Add(format);

    /// <summary>The key.</summary>
    public Digest Digest => Digest.OfText(text.ToString());

    /// <summary>Adds parts, each on a line of its own.</summary>
    public KeyBuilder Add(params IEnumerable<string> parts)
    {
        foreach (var part in parts)
            AddRow('\n', part);
        return this;
    }

    /// <summary>Adds a line of fields.</summary>
    /// <param name="separator">What is between them; no field that is a name can hold a NUL.</param>
    /// <param name="fields">In order; how many there are, or what the first says, tells lines apart.</param>
    public KeyBuilder AddRow(char separator, params IEnumerable<string> fields)
    {
        text.AppendJoin(separator, fields.Select(x => Unambiguous(x, separator))).Append('\n');
        return this;
    }

    // Hardly any part holds a line break, and those that hold none have to stay as they are in the stores of today.
    private static string Unambiguous(string field, char separator) =>
        separator == '\0' || field.AsSpan().IndexOfAny(separator, '\n', '\0') < 0
            ? field
            : string.Create(CultureInfo.InvariantCulture, $"\0{field.Length}\0{field}");
}
