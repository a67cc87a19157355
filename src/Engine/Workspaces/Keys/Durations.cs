using System.Globalization;

namespace Recipes.Engine.Workspaces.Keys;

/// <summary>Durations as people write them: <c>10s</c>, <c>90m</c>, <c>1h30m</c>, <c>500ms</c>.</summary>
internal static class Durations
{
    private const int MaxDays = 365;

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text.Length == 0)
            return false;
        for (var rest = text.AsSpan(); rest.Length > 0; )
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (
                digits <= 0
                || !int.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            )
                return false;
            rest = rest[digits..];
            var letters = rest.IndexOfAnyInRange('0', '9');
            var unit = letters < 0 ? rest : rest[..letters];
            if (Unit(unit) is not { } length || number > TimeSpan.FromDays(MaxDays) / length)
                return false;
            duration += number * length;
            rest = rest[unit.Length..];
        }
        return true;
    }

    private static TimeSpan? Unit(ReadOnlySpan<char> unit) =>
        unit switch
        {
            "ms" => TimeSpan.FromMilliseconds(1),
            "s" => TimeSpan.FromSeconds(1),
            "m" => TimeSpan.FromMinutes(1),
            "h" => TimeSpan.FromHours(1),
            _ => null,
        };
}
