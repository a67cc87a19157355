using System.Globalization;

namespace Recipes.Engine.Sources.Downloads;

/// <summary>Times as the snapshot service writes them: <c>20261123T081500Z</c>.</summary>
internal static class Snapshot
{
    private const string Form = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>This moment.</summary>
    public static string Now() => Of(DateTimeOffset.UtcNow);

    /// <summary>A moment, to the second.</summary>
    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);

    /// <summary>The moment of a text; null without one.</summary>
    public static DateTimeOffset? Parse(string? text) =>
        DateTimeOffset.TryParseExact(
            text,
            Form,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time
        )
            ? time
            : null;
}
