using System.Collections.Concurrent;
using System.Collections.Immutable;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Debian;
using Recipes.Engine.Sources.Downloads;
using Recipes.Engine.Sources.Git;
using Recipes.Engine.Sources.Importing;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Sources.Releases;

/// <summary>
/// Asks the origins of a source which versions there are: the tags of a git repository, the listing of the folder that
/// holds the archives, Debian's list of sources for its pool.
/// </summary>
internal sealed class Upstream(SourceImporter importer) : IDisposable
{
    /// <summary>
    /// Everything new comes first in unstable; what stable alone has is a series that Debian follows no more.
    /// </summary>
    internal static readonly ImmutableArray<string> Suites = ["unstable", "stable"];

    private static readonly ImmutableDictionary<string, ImmutableSortedSet<string>> NoFiles = ImmutableDictionary<
        string,
        ImmutableSortedSet<string>
    >.Empty;

    private readonly ListingPage listing = new(importer.Options);
    private readonly SingleFlight<string> flights = new();
    private readonly ConcurrentDictionary<
        string,
        (ImmutableDictionary<string, ImmutableSortedSet<string>> Files, MessageText? Fault)
    > lists = new(StringComparer.Ordinal);

    /// <summary>Asks every origin of a recipe.</summary>
    /// <param name="source">The source.</param>
    /// <param name="text">Its recipe's file, for the templates.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    public async Task<UpstreamAnswer> AskAsync(OwnSource source, RecipeText text, CancellationToken cancellationToken)
    {
        var recipe = source.Recipe;
        var found = new List<FoundVersion>();
        var unreached = new List<UnreachedPlace>();
        if (source.Spec.Git is { } git && text.Strings("source", "tag") is [var tag])
            await AskAsync(git, () => TagsAsync(git, Pattern(tag.Value, recipe), cancellationToken));
        foreach (
            var place in text.Strings("source", "archive")
                .Concat(text.Strings("source", "mirrors"))
                .Select(x => Named(x.Value, recipe))
        )
        {
            if (Mirrors.IsPool(place))
                await AskAsync(place, () => AskPoolAsync(place));
            else
                await AskAsync(place, () => ListAsync(recipe, place, cancellationToken));
        }
        return new([.. found.OrderByDescending(x => x.Version, VersionOrder.Instance)], [.. unreached.Distinct()]);

        async Task<IEnumerable<FoundVersion>> AskPoolAsync(string place)
        {
            var answer = await PoolAsync(place, recipe.Version!, cancellationToken);
            unreached.AddRange(answer.Unreached);
            return answer.Versions;
        }

        async Task AskAsync(string place, Func<Task<IEnumerable<FoundVersion>>> ask)
        {
            try
            {
                found.AddRange(await SourceFault.GuardAsync(recipe.Name, "asked for versions", ask, cancellationToken));
            }
            catch (EngineException e)
            {
                unreached.Add(new(place, e.Text));
            }
        }
    }

    /// <summary>
    /// The place of a version in Debian's pool as a recipe would write it, whatever Debian calls the file; null if it
    /// has none.
    /// </summary>
    /// <param name="template">A pool path as the recipe writes it now.</param>
    /// <param name="current">The recipe's version.</param>
    /// <param name="wanted">The version looked for.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    /// <exception cref="EngineException">Debian's list is not available.</exception>
    public async Task<string?> FindInPoolAsync(
        string template,
        string current,
        string wanted,
        CancellationToken cancellationToken
    )
    {
        var answer = await PoolAsync(template, current, cancellationToken);
        if (answer.Versions.FirstOrDefault(x => x.Version == wanted) is { } found)
            return found.PoolTemplate;
        // What was not read may have it.
        return answer.Unreached is [var first, ..]
            ? throw new EngineException($"{first.Place} is not available: {first.Reason}")
            : null;
    }

    /// <inheritdoc/>
    public void Dispose() => listing.Dispose();

    private static string Named(string template, Recipe recipe) =>
        template.Replace("{name}", recipe.Name, StringComparison.Ordinal);

    private static VersionPattern Pattern(string template, Recipe recipe) =>
        VersionPattern.Of(Named(template, recipe), recipe.Version!)
        ?? throw new EngineException(
            $"the tag '{template}' does not hold the version {recipe.Version}, so that no other tag can be told to "
                + $"be a version"
        );

    private async Task<IEnumerable<FoundVersion>> TagsAsync(
        string url,
        VersionPattern pattern,
        CancellationToken cancellationToken
    ) =>
        from tag in await new GitRepository(importer.Store, url).ListTagsAsync(cancellationToken)
        let version = pattern.Find(tag)
        where version is not null
        select new FoundVersion(version, $"tag {tag} of {url}");

    private async Task<IEnumerable<FoundVersion>> ListAsync(
        Recipe recipe,
        string template,
        CancellationToken cancellationToken
    )
    {
        if (ListingPlace.Of(template, recipe.Version!) is not { } place)
            throw new EngineException("no part of the URL holds the version, so that no listing can tell another");
        if (place.IsGit)
            return await TagsAsync(place.Folder, place.Pattern, cancellationToken);
        var names = await listing.NamesAsync(Mirrors.ToUri(recipe.Folder, place.Folder), cancellationToken);
        return from name in names
            let version = place.Pattern.Find(name)
            where version is not null
            select new FoundVersion(version, place.Folder + name);
    }

    private async Task<UpstreamAnswer> PoolAsync(string template, string current, CancellationToken cancellationToken)
    {
        var slash = template.LastIndexOf('/');
        var (folder, pattern) = (template[..slash], VersionPattern.Of(template[(slash + 1)..], current));
        var (files, unreached) = await FilesAsync(folder["debian:".Length..], cancellationToken);
        return new(
            [
                .. from file in files
                let read = PoolFile.Read(file, pattern)
                where read is not null
                select new FoundVersion(read.Value.Version, $"{folder}/{file}", $"{folder}/{read.Value.Template}"),
            ],
            unreached
        );
    }

    /// <summary>
    /// The release archives in a folder of the pool: of the first suite that has any there. A mirror may have the one
    /// suite and not the other; what that tells of is as good.
    /// </summary>
    private async Task<(ImmutableSortedSet<string> Files, ImmutableArray<UnreachedPlace> Unreached)> FilesAsync(
        string folder,
        CancellationToken cancellationToken
    )
    {
        var unreached = ImmutableArray.CreateBuilder<UnreachedPlace>();
        foreach (var suite in Suites)
        {
            // Asked once for all recipes, also when it fails.
            await flights.RunAsync(suite, () => ReadAsync(suite, cancellationToken), cancellationToken);
            var (files, fault) = lists[suite];
            if (fault is not null)
                unreached.Add(new($"Debian's list of the sources in {suite}", fault));
            else if (files.TryGetValue(folder, out var found))
                return (found, unreached.ToImmutable());
        }
        throw unreached is [var first, ..]
            ? new EngineException($"{first.Place} is not available: {first.Reason}")
            : new EngineException($"Debian has no release archive below {folder} in {string.Join(" or ", Suites)}");
    }

    private async Task ReadAsync(string suite, CancellationToken cancellationToken)
    {
        if (lists.ContainsKey(suite))
            return;
        try
        {
            lists[suite] = (
                await new SuiteIndex(importer).ReadSourcesAsync(suite, Snapshot.Now(), cancellationToken),
                null
            );
        }
        catch (EngineException e)
        {
            lists[suite] = (NoFiles, e.Text);
        }
    }
}
