using System.Globalization;
using Recipes.Engine;

namespace Recipes.Cli.Output;

/// <summary>Durations and sizes as people read them.</summary>
internal static class Quantities
{
    /// <summary><c>3.2 s</c>, <c>42 s</c>, <c>3 min 05 s</c>, <c>1 h 02 min</c>.</summary>
    public static string Duration(TimeSpan time) => DurationText.Of(time);

    /// <summary>The same in whole seconds, for a time that goes on: <c>3 s</c>.</summary>
    public static string WholeSeconds(TimeSpan time) =>
        time.TotalSeconds < 10 ? Invariant($"{Math.Floor(time.TotalSeconds):0} s") : Duration(time);

    /// <summary>
    /// A time that is no more than an estimate, in steps that keep it calm: <c>40 s</c>, <c>12 min</c>,
    /// <c>2 h 10 min</c>.
    /// </summary>
    /// <param name="time">Rounded to the next step.</param>
    /// <param name="down">True for the step below, as of a lower bound.</param>
    public static string Rough(TimeSpan time, bool down = false)
    {
        var step =
            time.TotalSeconds < 60 ? 5
            : time.TotalHours < 1 ? 60
            : 300;
        var steps = time.TotalSeconds / step;
        var seconds =
            step * (int)(down ? Math.Floor(steps) : Math.Max(1, Math.Round(steps, MidpointRounding.AwayFromZero)));
        return seconds switch
        {
            < 60 => Invariant($"{seconds} s"),
            < 3600 => Invariant($"{seconds / 60} min"),
            _ => Invariant($"{seconds / 3600} h {seconds / 60 % 60:00} min"),
        };
    }

    /// <summary>Decimal units, as the limits of images: <c>345.8 kB</c>, <c>15.82 MB</c>.</summary>
    public static string Size(long bytes) => SizeText.Of(bytes);

    /// <summary><c>1 package</c>, <c>2 packages</c>; a plural that is no <c>s</c> has to be given.</summary>
    public static string Count(int number, string noun, string? plural = null) =>
        Invariant($"{number} {(number == 1 ? noun : plural ?? noun + "s")}");

    /// <summary><c>3 built</c>.</summary>
    public static string Count(int number, Enum state) => Invariant($"{number} {state.ToString().ToLowerInvariant()}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
