using System.Buffers;
using System.Globalization;

namespace Recipes.Engine.Workspaces.Keys;

/// <summary>Sizes as people write them: <c>15.82MB</c> is 15,820,000 bytes, <c>8GiB</c> is 8 × 2^30.</summary>
internal static class ByteSize
{
    private static readonly SearchValues<char> Number = SearchValues.Create("0123456789.");

    private static readonly (string Unit, decimal Bytes)[] Units =
    [
        ("KiB", 1024m),
        ("MiB", 1024m * 1024),
        ("GiB", 1024m * 1024 * 1024),
        ("TiB", 1024m * 1024 * 1024 * 1024),
        ("kB", 1e3m),
        ("KB", 1e3m),
        ("MB", 1e6m),
        ("GB", 1e9m),
        ("TB", 1e12m),
        ("B", 1m),
    ];

    /// <summary>
    /// Reads a number with a unit (B, kB, MB, GB, TB, KiB, MiB, GiB, TiB); a fraction of a byte is cut off.
    /// </summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var digits = text.AsSpan().IndexOfAnyExcept(Number);
        if (
            digits <= 0
            || !decimal.TryParse(
                text.AsSpan(0, digits),
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var number
            )
        )
            return false;
        var unit = text.AsSpan(digits).TrimStart(' ');
        foreach (var (name, factor) in Units)
        {
            if (!unit.SequenceEqual(name))
                continue;
            if (number > long.MaxValue / factor)
                return false;
            bytes = (long)(number * factor);
            return true;
        }
        return false;
    }
}
