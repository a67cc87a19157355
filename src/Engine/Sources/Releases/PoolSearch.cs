using System.Collections.Immutable;
using Recipes.Engine.Sources.Debian;
using Recipes.Engine.Sources.Downloads;
using Recipes.Engine.Sources.Importing;
using Recipes.Engine.Workspaces.Keys;

namespace Recipes.Engine.Sources.Releases;

/// <summary>Finds the release archive of a source package in Debian's pool, by the package's name.</summary>
/// <param name="importer">Downloads the lists of sources.</param>
internal sealed class PoolSearch(SourceImporter importer)
{
    private const int MaxNames = 6;

    /// <summary>The archive of one version, by its place as a recipe writes it.</summary>
    /// <param name="source">What Debian calls the source.</param>
    /// <param name="version">Upstream's version; null for the newest.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    /// <exception cref="EngineException">
    /// A list is not available, or there is no such source or version; the message names what there is.
    /// </exception>
    public async Task<(string Version, string Template)> FindAsync(
        string source,
        string? version,
        CancellationToken cancellationToken
    )
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var found = new List<(string Version, string Template)>();
        var faults = new List<(string Suite, EngineException Fault)>();
        foreach (var suite in Upstream.Suites)
        {
            ImmutableDictionary<string, ImmutableSortedSet<string>> folders;
            try
            {
                folders = await new SuiteIndex(importer).ReadSourcesAsync(suite, Snapshot.Now(), cancellationToken);
            }
            // A mirror may have the one suite and not the other; what it tells of is as good.
            catch (EngineException e)
            {
                faults.Add((suite, e));
                continue;
            }
            names.UnionWith(folders.Keys.Select(Name));
            found.AddRange(folders.Where(x => Name(x.Key) == source).SelectMany(x => Read(x.Key, x.Value)));
            if (found.Exists(x => version is null || x.Version == version))
                break;
        }
        if (faults.Count == Upstream.Suites.Length)
            throw new EngineException(
                $"Debian's lists of sources are not available: {faults[0].Fault.Text}",
                faults[0].Fault
            );
        var unasked = string.Concat(faults.Select(x => $" (the list of {x.Suite} is not available)"));
        if (found.Count == 0)
            throw new EngineException(Unknown(source, names) + unasked);
        var newest = found.OrderByDescending(x => x.Version, VersionOrder.Instance).ToList();
        return newest.Find(x => version is null || x.Version == version) is { Version: not null } archive
            ? archive
            : throw new EngineException(
                $"Debian's pool has no version {version} of '{source}'; it has "
                    + $"{string.Join(" and ", newest.Select(x => x.Version).Distinct())}{unasked}"
            );
    }

    private static IEnumerable<(string Version, string Template)> Read(
        string folder,
        ImmutableSortedSet<string> files
    ) =>
        from file in files
        let read = PoolFile.Read(file, known: null)
        where read is not null
        select (read.Value.Version, $"debian:{folder}/{read.Value.Template}");

    private static string Name(string folder) => folder[(folder.LastIndexOf('/') + 1)..];

    /// <summary>
    /// Debian keeps several series of one program side by side, and calls some otherwise than their upstream.
    /// </summary>
    private static MessageText Unknown(string source, SortedSet<string> names)
    {
        var kin = names
            .Where(x =>
                x.StartsWith(source, StringComparison.Ordinal)
                && x[source.Length..].TrimStart('-') is [var next, ..]
                && char.IsAsciiDigit(next)
            )
            .ToList();
        var near =
            kin.Count > 0
                ? kin.OrderByDescending(x => x, VersionOrder.Instance).ToList()
                : [.. names.Where(x => x == "lib" + source || x.StartsWith(source + "-", StringComparison.Ordinal))];
        if (near.Count == 0 && Suggestion.Nearest(source, names) is { } nearest)
            near.Add(nearest);
        return near.Count == 0
            ? $"Debian has no source package '{source}'; see https://tracker.debian.org for what it is called there"
            : (MessageText)$"Debian has no source package '{source}'; it has {string.Join(", ", near.Take(MaxNames))}: "
                + $"{new Remedy(RemedyKind.NameDebianSource)}";
    }
}
