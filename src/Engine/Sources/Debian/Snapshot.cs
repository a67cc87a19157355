using System.Globalization;

namespace Recipes.Engine.Sources.Debian;

/// <summary>Times as the snapshot service writes them: <c>20261123T081500Z</c>.</summary>
internal static class Snapshot
{
    /// <summary>This moment.</summary>
    public static string Now() => DateTime.UtcNow.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
}
