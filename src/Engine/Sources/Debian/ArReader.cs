using System.Globalization;
using System.Text;
using Recipes.Engine.Sources.Trees;

namespace Recipes.Engine.Sources.Debian;

/// <summary>Finds members of ar archives, which Debian packages are.</summary>
/// <remarks>See ar(5) and deb(5).</remarks>
internal static class ArReader
{
    private const int HeaderLength = 60;

    /// <summary>The bytes of the first member whose name starts so; the stream is read forwards only.</summary>
    /// <exception cref="ImportException">It is not an ar archive, or has no such member.</exception>
    public static Stream OpenMember(Stream archive, string prefix)
    {
        var magic = new byte[8];
        if (
            archive.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) < magic.Length
            || !magic.AsSpan().SequenceEqual("!<arch>\n"u8)
        )
            throw new ImportException("it is not an ar archive");
        var header = new byte[HeaderLength];
        while (archive.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) == HeaderLength)
        {
            var name = Encoding.ASCII.GetString(header, 0, 16).TrimEnd().TrimEnd('/');
            var digits = Encoding.ASCII.GetString(header, 48, 10).TrimEnd();
            if (
                header[58] != '`'
                || !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            )
                throw new ImportException("its ar headers are damaged");
            var member = new BoundedStream(archive, size);
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                return member;
            member.CopyTo(Stream.Null);
            if (size % 2 != 0)
                archive.ReadByte();
        }
        throw new ImportException($"it has no member '{prefix}'");
    }
}
