using System.Globalization;

namespace Recipes.Engine;

/// <summary>Sizes as people read them.</summary>
internal static class SizeText
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB"];

    /// <summary><c>512 B</c>, <c>4.14 kB</c>, <c>103 MB</c>: decimal units.</summary>
    /// <param name="bytes">0 or more.</param>
    public static string Of(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        while (value >= 1000 && unit < Units.Length - 1)
            (value, unit) = (value / 1000, unit + 1);
        var digits =
            unit == 0 || value >= 1000 ? "0"
            : value < 100 ? "0.00"
            : "0.0";
        return value.ToString(digits, CultureInfo.InvariantCulture) + " " + Units[unit];
    }
}
