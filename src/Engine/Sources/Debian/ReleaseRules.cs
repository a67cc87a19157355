using System.Globalization;
using System.Text.RegularExpressions;
using Recipes.Engine.Sources.Downloads;

namespace Recipes.Engine.Sources.Debian;

/// <summary>
/// What a signature does not say: that the list is of the suite asked for, and not an old one that is shown again.
/// </summary>
/// <param name="suite">As the recipe names it.</param>
/// <param name="notBefore">The date of the newest list that the lock was made from; null if it knows none.</param>
/// <param name="snapshotService">Below it lie lists of the past.</param>
internal sealed partial class ReleaseRules(string suite, DateTimeOffset? notBefore, string snapshotService)
{
    /// <summary>What clocks may differ by.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromHours(1);

    /// <exception cref="PlaceException">A rule is broken.</exception>
    public void Check(ReleaseFile release, Uri place, DateTimeOffset now)
    {
        if (!release.Names.Contains(suite, StringComparer.Ordinal))
            throw new PlaceException(
                $"it is the list of {string.Join(", ", release.Names.Select(x => $"'{x}'").DefaultIfEmpty("no suite"))}, and not of '{suite}'"
            );
        if (notBefore is { } newest && release.Date < newest)
            throw new PlaceException(
                $"the suite's list is of {Show(release.Date)}, and recipes.lock was made from one of "
                    + $"{Show(newest)}: an old list is shown again. If going back is meant, delete the tables of "
                    + $"the seeds of '{suite}' from recipes.lock"
            );
        if (release.Date > now + Slack)
            throw new PlaceException(
                $"the suite's list is of {Show(release.Date)}, which is still to come by this machine's clock"
            );
        if (release.ValidUntil is { } until && until + Slack < now && !IsSnapshot(place))
            throw new PlaceException(
                $"the suite's list is of {Show(release.Date)} and was valid until {Show(until)}: the mirror is out "
                    + $"of date, or an old list is shown again"
            );
    }

    /// <summary>True for the snapshot service, and any place that names a moment as that does.</summary>
    private bool IsSnapshot(Uri place) =>
        place.AbsoluteUri.StartsWith(snapshotService + "/", StringComparison.Ordinal)
        || Moment().IsMatch(place.AbsolutePath);

    private static string Show(DateTimeOffset date) =>
        date.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    [GeneratedRegex("/[0-9]{8}T[0-9]{6}Z/")]
    private static partial Regex Moment();
}
