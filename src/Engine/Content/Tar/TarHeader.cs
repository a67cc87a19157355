using System.Globalization;
using System.Text;

namespace Recipes.Engine.Content.Tar;

/// <summary>
/// One header block of a tar archive in POSIX ustar format, with a pax extended header before it where a value does not
/// fit (IEEE Std 1003.1, <c>pax</c>, "ustar Interchange Format" and "pax Extended Header"). Nothing in it depends on
/// when, where or by what process it was made.
/// </summary>
internal static class TarHeader
{
    public const int BlockSize = 512;
    public const char File = '0';
    public const char HardLink = '1';
    public const char Link = '2';
    public const char Folder = '5';

    private const char Extended = 'x';
    private const string ExtendedName = "././@PaxHeader";
    private const int NameLength = 100;
    private const int PrefixLength = 155;
    private const long LargestSize = (1L << 33) - 1;
    private const int LargestId = (1 << 21) - 1;

    /// <summary>The blocks of a header.</summary>
    /// <param name="path">With a slash at the end for a folder.</param>
    /// <param name="type">One of the constants.</param>
    /// <param name="ownership">Mode and owner.</param>
    /// <param name="size">Of the content that follows, in bytes.</param>
    /// <param name="modified">Seconds since the epoch.</param>
    /// <param name="target">Of a link, else empty.</param>
    public static byte[] Encode(
        string path,
        char type,
        FileOwnership ownership,
        long size,
        long modified,
        string target
    )
    {
        var records = new List<byte[]>();
        if (target.Length > NameLength || !Ascii.IsValid(target))
            records.Add(Record("linkpath", target));
        if (size > LargestSize)
            records.Add(Record("size", size));
        if (ownership.Uid > LargestId)
            records.Add(Record("uid", ownership.Uid));
        if (ownership.Gid > LargestId)
            records.Add(Record("gid", ownership.Gid));
        if (ownership.Capabilities != default)
            records.Add(
                Record(PaxRecords.Attribute + FileCapabilities.Attribute, ownership.Capabilities.ToAttribute())
            );
        var (prefix, name) = Split(path);
        // Not every reader looks at the prefix once there is an extended header.
        if (name is null || (records.Count > 0 && prefix.Length > 0))
            records.Insert(0, Record("path", path));
        var header = Block(prefix, name ?? Cut(path), type, ownership, size, modified, Cut(target));
        if (records.Count == 0)
            return header;
        byte[] body = [.. records.SelectMany(x => x)];
        var extended = Block("", ExtendedName, Extended, FileOwnership.File(false), body.Length, modified, "");
        return [.. extended, .. body, .. new byte[Padding(body.Length)], .. header];
    }

    /// <summary>How many zero bytes fill up the last block of a content.</summary>
    public static int Padding(long size) => (int)((BlockSize - (size % BlockSize)) % BlockSize);

    /// <summary>The name split at a slash into what fits the two fields; no name if it fits neither way.</summary>
    private static (string Prefix, string? Name) Split(string path)
    {
        if (!Ascii.IsValid(path))
            return ("", null);
        if (path.Length <= NameLength)
            return ("", path);
        // The name may not be empty, so a slash at the very end of a folder's path is no place to split.
        for (var i = Math.Min(PrefixLength, path.Length - 2); i > 0 && path.Length - i - 1 <= NameLength; i--)
        {
            if (path[i] == '/')
                return (path[..i], path[(i + 1)..]);
        }
        return ("", null);
    }

    // A reader that knows no pax headers gets at least a name.
    private static string Cut(string value) =>
        string.Concat(value.Take(NameLength).Select(c => char.IsAscii(c) ? c : '_'));

    private static byte[] Record(string key, long value) => Record(key, value.ToString(CultureInfo.InvariantCulture));

    private static byte[] Record(string key, string value) => Record(key, Encoding.UTF8.GetBytes(value));

    /// <summary><c>LENGTH KEY=VALUE</c> and a line end, where the length counts itself.</summary>
    private static byte[] Record(string key, byte[] value)
    {
        byte[] rest = [.. Encoding.ASCII.GetBytes($" {key}="), .. value, (byte)'\n'];
        var total = rest.Length + Digits(rest.Length);
        if (rest.Length + Digits(total) != total)
            total = rest.Length + Digits(total);
        return [.. Encoding.ASCII.GetBytes(total.ToString(CultureInfo.InvariantCulture)), .. rest];
    }

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;

    private static byte[] Block(
        string prefix,
        string name,
        char type,
        FileOwnership ownership,
        long size,
        long modified,
        string target
    )
    {
        var block = new byte[BlockSize];
        Text(block, 0, name);
        Number(block, 100, 8, ownership.Mode);
        Number(block, 108, 8, Math.Min(ownership.Uid, LargestId));
        Number(block, 116, 8, Math.Min(ownership.Gid, LargestId));
        Number(block, 124, 12, Math.Min(size, LargestSize));
        Number(block, 136, 12, modified);
        block.AsSpan(148, 8).Fill((byte)' ');
        block[156] = (byte)type;
        Text(block, 157, target);
        Text(block, 257, "ustar");
        Text(block, 263, "00");
        Text(block, 345, prefix);
        var sum = 0;
        foreach (var value in block)
            sum += value;
        Number(block, 148, 7, sum);
        return block;
    }

    private static void Text(byte[] block, int offset, string text) =>
        Encoding.ASCII.GetBytes(text, block.AsSpan(offset));

    private static void Number(byte[] block, int offset, int width, long value)
    {
        var digits = Convert.ToString(value, 8).PadLeft(width - 1, '0');
        Text(block, offset, digits);
        block[offset + width - 1] = 0;
    }
}
