using System.Text;

namespace Recipes.Engine.Inspection.Checks;

/// <summary>A text to be found in files.</summary>
/// <param name="text">The text.</param>
/// <param name="isFolder">If so, only where it stands for an absolute path or the beginning of one.</param>
internal sealed class ByteNeedle(string text, bool isFolder)
{
    private const int MaxExcerpt = 100;

    private readonly byte[] bytes = Encoding.UTF8.GetBytes(text);

    /// <summary>Counts where the text stands, and gives the first place as a person would read it.</summary>
    public (int Count, string Excerpt) Find(ReadOnlySpan<byte> file)
    {
        var (count, excerpt) = (0, "");
        for (var at = 0; file[at..].IndexOf(bytes) is >= 0 and var next; at += bytes.Length)
        {
            at += next;
            if (isFolder && !IsPath(file, at))
                continue;
            if (count++ == 0)
                excerpt = Excerpt(file[at..]);
        }
        return (count, excerpt);
    }

    // '-I/build/x' and 'prefix=/build' are paths; 'src/build/x', '${top}/build/x' and '/building' are none.
    private bool IsPath(ReadOnlySpan<byte> file, int at)
    {
        var end = at + bytes.Length;
        if (
            end < file.Length
            && file[end]
                is not (
                    (byte)'/'
                    or (byte)':'
                    or (byte)';'
                    or (byte)','
                    or (byte)')'
                    or (byte)'"'
                    or (byte)'\''
                    or <= (byte)' '
                )
        )
            return false;
        if (at == 0)
            return true;
        var before = file[at - 1];
        if (char.IsAsciiLetter((char)before) && at > 1 && file[at - 2] == '-')
            return at == 2 || !IsPartOfPath(file[at - 3]);
        return !IsPartOfPath(before);
    }

    private static bool IsPartOfPath(byte x) =>
        char.IsAsciiLetterOrDigit((char)x) || "._-~+/)}*?]$@%".Contains((char)x, StringComparison.Ordinal) || x >= 0x80;

    private static string Excerpt(ReadOnlySpan<byte> file)
    {
        var end = file.IndexOfAnyExceptInRange((byte)' ', (byte)'~');
        var length = Math.Min(end < 0 ? file.Length : end, MaxExcerpt);
        return Encoding.ASCII.GetString(file[..length]);
    }
}
