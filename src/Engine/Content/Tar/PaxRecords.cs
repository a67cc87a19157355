using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Recipes.Engine.Content.Tar;

/// <summary>
/// The records of a pax extended header: of the same key the last one counts, but for the pairs of <see cref="Map"/>.
/// </summary>
/// <remarks>See "pax Extended Header" in IEEE Std 1003.1, <c>pax</c>.</remarks>
internal sealed class PaxRecords
{
    /// <summary>Starts the keys of GNU's sparse files.</summary>
    public const string Sparse = "GNU.sparse.";

    /// <summary>Starts the keys of extended attributes, whose values are bytes.</summary>
    public const string Attribute = "SCHILY.xattr.";

    private const string MapOffset = Sparse + "offset";
    private const string MapLength = Sparse + "numbytes";

    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    private PaxRecords() { }

    public static PaxRecords Empty { get; } = new();

    public IEnumerable<string> Keys => values.Keys;

    /// <summary>What the extended attribute of a program says that it may do.</summary>
    public FileCapabilities Capabilities { get; private set; }

    /// <summary>Offset and length of each stretch of data, in turn, as version 0.0 of sparse files has them.</summary>
    public List<string> Map { get; } = [];

    /// <exception cref="InvalidDataException">They are malformed.</exception>
    public static PaxRecords Parse(ReadOnlySpan<byte> bytes)
    {
        var records = new PaxRecords();
        // Some writers count the zeros that fill up the block.
        for (bytes = bytes.TrimEnd((byte)0); !bytes.IsEmpty; )
        {
            if (
                !Utf8Parser.TryParse(bytes, out int length, out var digits)
                || length <= digits + 2
                || length > bytes.Length
                || bytes[digits] != ' '
                || bytes[length - 1] != '\n'
            )
                throw Malformed();
            var record = bytes[(digits + 1)..(length - 1)];
            var equals = record.IndexOf((byte)'=');
            if (equals <= 0)
                throw Malformed();
            records.Add(Encoding.UTF8.GetString(record[..equals]), record[(equals + 1)..]);
            bytes = bytes[length..];
        }
        return records;
    }

    /// <summary>A value; null where there is none, or an empty one, which takes it back.</summary>
    public string? Find(string key) => values.GetValueOrDefault(key) is { Length: > 0 } value ? value : null;

    /// <summary>A number, or null.</summary>
    /// <exception cref="InvalidDataException">The value is not a number.</exception>
    /// <exception cref="OverflowException">It is beyond 64 bits.</exception>
    public long? Number(string key) => Find(key) is { } value ? ToNumber(value) : null;

    /// <exception cref="InvalidDataException">The text is not a number.</exception>
    /// <exception cref="OverflowException">It is beyond 64 bits.</exception>
    public static long ToNumber(string text)
    {
        var digits = text.StartsWith('-') ? text.AsSpan(1) : text;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
            throw new InvalidDataException($"'{Excerpt.Of(text)}' is not a number");
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new OverflowException();
    }

    private static InvalidDataException Malformed() => new("a record of its extended header is malformed");

    private void Add(string key, ReadOnlySpan<byte> value)
    {
        if (key is MapOffset or MapLength)
            Map.Add(Encoding.UTF8.GetString(value));
        else if (key == Attribute + FileCapabilities.Attribute)
            Capabilities = FileCapabilities.OfAttribute(value);
        else
            values[key] = Encoding.UTF8.GetString(value);
    }
}
