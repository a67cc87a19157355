using Recipes.Engine.Model;
using Recipes.Engine.Sources.Releases;

namespace Recipes.Cli.Output;

/// <summary>The versions that upstream offers.</summary>
internal static class VersionsView
{
    public static void Write(CliHost host, OwnSource source, UpstreamAnswer answer, bool asJson)
    {
        var versions = answer
            .Versions.GroupBy(x => x.Version)
            .Select(x => new VersionJson(x.Key, VersionOrder.IsPrerelease(x.Key), [.. x.Select(v => v.Place)]))
            .ToList();
        if (asJson)
        {
            Json.Write(
                host.Out,
                new VersionsJson(
                    source.Name,
                    source.Version,
                    [.. versions],
                    [.. answer.Unreached.Select(UnreachedJson.Of)]
                ),
                CliJson.Default.VersionsJson
            );
            return;
        }
        var table = new TextTable("version", "", "where");
        foreach (var version in versions)
            table.Add(
                version.Version,
                version.Version == source.Version ? "pinned"
                    : version.Prerelease ? "no release"
                    : "",
                string.Join(", ", version.Places)
            );
        if (versions.Count > 0)
            table.Write(host.Out);
        foreach (var place in answer.Unreached)
            ErrorWriter.Warn(
                host,
                $"{place.Place} could not be reached: {Printable.Line(RemedyWords.Of(place.Reason))}"
            );
        if (versions.Count == 0)
            ErrorWriter.Write(host, $"no version of '{source.Name}' was found; it is at {source.Version}");
    }
}
