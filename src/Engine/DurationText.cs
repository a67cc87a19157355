using System.Globalization;

namespace Recipes.Engine;

/// <summary>Durations as people read them.</summary>
internal static class DurationText
{
    /// <summary><c>3.2 s</c>, <c>42 s</c>, <c>3 min 05 s</c>, <c>1 h 02 min</c>.</summary>
    public static string Of(TimeSpan time) =>
        time.TotalSeconds switch
        {
            < 9.95 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
            < 60 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalSeconds):0} s"),
            < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds:00} s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes:00} min"),
        };
}
