using System.Collections.Immutable;
using Recipes.Engine.Building;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Recipes;
using Recipes.Engine.Recipes.Keys;
using Recipes.Engine.Recipes.Toml;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Debian;
using Recipes.Engine.Sources.Releases;

namespace Recipes.Engine.Bumping;

/// <summary>Moves the pin of a source to another version. Preparing changes nothing but the store; see <see cref="PreparedBump"/>.</summary>
public sealed class Bumper : IDisposable
{
    private readonly ContentStore store;
    private readonly DownloadWatch watch;
    private readonly Locker locker;
    private readonly SourceFetcher fetcher;
    private readonly Upstream upstream;

    /// <param name="store">Keeps what is downloaded and unpacked.</param>
    /// <param name="observer">Receives the events of downloads.</param>
    /// <param name="options">Null for the defaults.</param>
    public Bumper(ContentStore store, IEngineObserver observer, SourceOptions? options = null)
        : this(store, observer, options, new AptSites()) { }

    internal Bumper(ContentStore store, IEngineObserver observer, SourceOptions? options, IDebianSites sites)
    {
        (this.store, watch) = (store, new(observer));
        locker = new(store, watch, options, sites);
        fetcher = new(store, watch, options, sites);
        upstream = new(locker.Importer);
    }

    /// <summary>Brings back what a bump that was killed left half-done; call it before the recipes are read.</summary>
    /// <param name="root">The workspace.</param>
    /// <returns>True if there was such a bump.</returns>
    /// <exception cref="EngineException">Another bump is changing the workspace, or something cannot be written.</exception>
    public static bool Recover(string root) => WorkspaceChange.Recover(root);

    /// <summary>Asks the origins of a recipe for the versions they have.</summary>
    /// <exception cref="EngineException">The recipe has no source of its own.</exception>
    public Task<UpstreamAnswer> AskAsync(Recipe recipe, CancellationToken cancellationToken)
    {
        RequireSource(recipe);
        return upstream.AskAsync(recipe, RecipeText.Read(recipe), cancellationToken);
    }

    /// <summary>Finds the new version, imports it, and reviews what it changes.</summary>
    /// <param name="graph">Of a workspace without faults.</param>
    /// <param name="locks">Its lock, which covers the recipe.</param>
    /// <param name="request">What to do.</param>
    /// <param name="cancellationToken">Stops it; downloads are kept.</param>
    /// <returns>Null if the recipe is at the version already, and no archive or tag was given.</returns>
    /// <exception cref="EngineException">There is no such version, it cannot be had, or it is lower than it may be.</exception>
    public async Task<PreparedBump?> PrepareAsync(RecipeGraph graph, LockFile locks, BumpRequest request, CancellationToken cancellationToken)
    {
        var recipe = graph.Workspace.Recipes[request.Recipe];
        RequireSource(recipe);
        RequireOrigin(recipe, request);
        var before = LockCheck.RequireSource(recipe, locks);
        var (version, unreached) = await VersionAsync(recipe, request, cancellationToken);
        if (Forms.Version.Fault(version) is { } fault)
            throw new EngineException($"'{version}' is no version: {fault}");
        var order = VersionOrder.Instance.Compare(version, recipe.Version);
        if (order == 0 && request is { Archive: null, Tag: null })
            return null;
        if (order < 0 && !request.AllowDowngrade)
            throw new EngineException($"{version} is lower than {recipe.Version}, which '{recipe.Name}' is at; if that is meant, add --allow-downgrade");

        var (edited, workspace, after) = await ImportAsync(graph.Workspace, recipe, version, request, cancellationToken);
        var updated = locks with { Sources = locks.Sources.SetItem(recipe.Name, after) };
        var review = new BumpReview
        {
            Recipe = recipe.Name,
            Before = before,
            After = after,
            Origin = request.Archive is { } file ? Path.GetFileName(file) : OriginOf(workspace.Recipes[recipe.Name]),
            IsGiven = request.Archive is not null,
            Edits = edited.Edits,
            Unreached = unreached,
            FailedPatches = await TryPatchesAsync(workspace, recipe.Name, after.Tree, cancellationToken),
            Rebuilds = Reached.Rebuilds(graph, recipe.Name, store),
            Images = Impact.Of(graph, recipe.Name).Images,
        };
        return new(graph, locks, workspace, updated, edited, store) { Review = await CompareAsync(review, recipe, cancellationToken) };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        upstream.Dispose();
        fetcher.Dispose();
        locker.Dispose();
    }

    /// <summary>The place as the recipe has it: a mirror's host is of this machine alone.</summary>
    private string OriginOf(Recipe recipe)
    {
        var source = recipe.Source!;
        if (source.Archive is null)
            return $"tag {source.Tag} of {source.Git}";
        var url = watch.LastUrl(recipe.Name);
        return source.Mirrors.Prepend(source.Archive).FirstOrDefault(x => url?.EndsWith(PathOf(x), StringComparison.Ordinal) ?? false)
            ?? source.Archive;

        static string PathOf(string place) => place[(place.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }

    private static void RequireSource(Recipe recipe)
    {
        if (PinDifference.HasSource(recipe))
            return;
        throw new EngineException(
            recipe.Source?.From is { } from ? $"'{recipe.Name}' builds from the source of '{from.Name}'; bump that"
            : recipe.Seed is not null ? $"'{recipe.Name}' is a seed; to pin its packages anew, delete its table from recipes.lock and run 'recipes lock'"
            : $"'{recipe.Name}' has no source that could be bumped: {recipe.File} has neither 'archive' nor 'git' in [source]"
        );
    }

    private static void RequireOrigin(Recipe recipe, BumpRequest request)
    {
        if (request.Archive is not null && recipe.Source!.Archive is null)
            throw new EngineException($"'{recipe.Name}' comes from git and has no archive; give a tag with --tag");
        if (request.Archive is not null && !File.Exists(request.Archive))
            throw new EngineException($"there is no file '{request.Archive}'");
        if (request.Tag is not null && recipe.Source!.Git is null)
            throw new EngineException($"'{recipe.Name}' comes from an archive and has no tag; give a file with --archive");
    }

    private async Task<(string Version, ImmutableArray<UnreachedPlace> Unreached)> VersionAsync(
        Recipe recipe,
        BumpRequest request,
        CancellationToken cancellationToken
    )
    {
        if (request.Version is not null)
            return (request.Version, []);
        if ((request.Archive ?? request.Tag) is { } given)
            return (Named(recipe, given, request.Tag is null) ?? throw new EngineException(
                $"the name '{given}' does not show which version it is; write it: recipes bump {recipe.Name} VERSION {(request.Tag is null ? "--archive" : "--tag")} {given}"
            ), []);
        var answer = await AskAsync(recipe, cancellationToken);
        if (answer.Newest(recipe.Version!) is not { } newest)
            throw new EngineException(
                string.Join('\n', answer.Unreached.Select(x => $"  {x.Place}: {x.Reason}").Prepend($"no version of '{recipe.Name}' was found:"))
                    + $"\nWrite the version (recipes bump {recipe.Name} VERSION), and where nothing can be downloaded, --archive FILE."
            );
        // A mirror that lags behind is no reason to go back.
        return (VersionOrder.Instance.Compare(newest, recipe.Version) < 0 ? recipe.Version! : newest, answer.Unreached);
    }

    /// <summary>The version in the name of an archive or tag, by the recipe's templates.</summary>
    private static string? Named(Recipe recipe, string given, bool isArchive)
    {
        var text = RecipeText.Read(recipe);
        var templates = isArchive
            ? text.Strings("source", "archive").Concat(text.Strings("source", "mirrors")).Select(x => Path.GetFileName(x.Value.Replace(':', '/')))
            : text.Strings("source", "tag").Select(x => x.Value);
        var name = isArchive ? Path.GetFileName(given) : given;
        return templates
            .Select(x => VersionPattern.Of(x.Replace("{name}", recipe.Name, StringComparison.Ordinal), recipe.Version!)?.Find(name))
            .FirstOrDefault(x => x is not null);
    }

    /// <summary>Writes the version in each likely way until one yields a source.</summary>
    private async Task<(EditedRecipes Edited, Workspace Workspace, Pin Pin)> ImportAsync(
        Workspace workspace,
        Recipe recipe,
        string version,
        BumpRequest request,
        CancellationToken cancellationToken
    )
    {
        var given = request.Archive is null ? default : await TakeAsync(request.Archive, cancellationToken);
        var faults = new List<string>();
        await foreach (var candidate in CandidatesAsync(workspace, recipe, version, request, faults, cancellationToken))
        {
            var edited = Workspace.Load(workspace.Root, candidate.Texts);
            if (!edited.Diagnostics.IsEmpty)
                throw new EngineException(string.Join('\n', edited.Diagnostics));
            try
            {
                return (candidate, edited, await locker.PinAsync(edited.Recipes[recipe.Name], given, cancellationToken));
            }
            catch (EngineException e)
            {
                faults.Add(e.Message);
            }
        }
        var mend = given.IsEmpty && recipe.Source!.Archive is not null
            ? $"\n'recipes bump {recipe.Name} --list' shows what there is; an archive from elsewhere is taken with --archive FILE."
            : "";
        throw new EngineException($"{string.Join('\n', faults.Distinct())}\n'{recipe.Name}' stays at {recipe.Version}; nothing was changed.{mend}");
    }

    private async IAsyncEnumerable<EditedRecipes> CandidatesAsync(
        Workspace workspace,
        Recipe recipe,
        string version,
        BumpRequest request,
        List<string> faults,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var candidates = EditedRecipes.Candidates(workspace, recipe, version, request.Tag).ToList();
        // A given archive is what it is, however its place is written.
        if (request.Archive is not null)
            candidates.RemoveRange(1, candidates.Count - 1);
        foreach (var candidate in candidates)
            yield return candidate;
        if (request.Archive is not null)
            yield break;
        foreach (var candidate in candidates)
        {
            if (await RenamedAsync(candidate, recipe, version, faults, cancellationToken) is { } renamed)
                yield return renamed;
        }
    }

    /// <summary>With the names that Debian gave to the files of this version; null if they are those of the templates.</summary>
    private async Task<EditedRecipes?> RenamedAsync(
        EditedRecipes candidate,
        Recipe recipe,
        string version,
        List<string> faults,
        CancellationToken cancellationToken
    )
    {
        var result = candidate;
        foreach (var key in (string[])["archive", "mirrors"])
        {
            foreach (var template in candidate.Texts[0].Strings("source", key).Select(x => x.Value).Where(x => x.StartsWith("debian:", StringComparison.Ordinal)))
            {
                try
                {
                    if (await upstream.FindInPoolAsync(template, recipe.Version!, version, cancellationToken) is { } found && found != template)
                        result = result.With(template, found);
                }
                catch (EngineException e)
                {
                    faults.Add(e.Message);
                }
            }
        }
        return ReferenceEquals(result, candidate) ? null : result;
    }

    private async Task<Digest> TakeAsync(string file, CancellationToken cancellationToken)
    {
        using var scratch = store.CreateScratch("archive");
        var copy = Path.Join(scratch.Path, "archive");
        try
        {
            await using (var from = File.OpenRead(file))
            await using (var to = File.Create(copy))
                await from.CopyToAsync(to, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"The archive '{file}' cannot be read: {e.Message}", e);
        }
        return store.AddBlobFile(copy);
    }

    /// <summary>Tries the patches of the source, and those of each recipe that builds from it.</summary>
    private async Task<ImmutableArray<FailedPatch>> TryPatchesAsync(Workspace workspace, string name, Digest tree, CancellationToken cancellationToken)
    {
        var failed = new List<FailedPatch>();
        foreach (var recipe in workspace.Recipes.Values.Where(x => x.Source is { Patches.IsEmpty: false } source && (x.Name == name || source.From?.Name == name)))
            failed.AddRange(await PatchCheck.FailuresAsync(workspace, recipe, tree, store, cancellationToken));
        return [.. failed.Distinct()];
    }

    private async Task<BumpReview> CompareAsync(BumpReview review, Recipe recipe, CancellationToken cancellationToken)
    {
        try
        {
            var before = await fetcher.EnsureTreeAsync(recipe, review.Before, cancellationToken);
            var changes = await UpstreamChanges.BetweenAsync(store.TreePath(before), store.TreePath(review.After.Tree), cancellationToken);
            return review with { Upstream = changes };
        }
        catch (EngineException e)
        {
            // Mirrors drop old versions; that is no reason to stay at one.
            return review with { UpstreamUnknown = e.Message };
        }
    }
}
