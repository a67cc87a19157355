using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Debian;
using Recipes.Engine.Sources.Downloads;
using Recipes.Engine.Sources.Git;
using Recipes.Engine.Sources.Importing;
using Recipes.Engine.Sources.Locking;

namespace Recipes.Engine.Sources;

/// <summary>Pins what the lock does not cover or covers otherwise; all other pins stay exactly as they are.</summary>
internal sealed class Locker : IDisposable
{
    private readonly SourceImporter importer;
    private readonly SeedImporter seeds;

    /// <summary>Downloads and unpacks for it.</summary>
    internal SourceImporter Importer => importer;

    /// <param name="store">Keeps what is downloaded and unpacked on the way.</param>
    /// <param name="observer">Receives the events of this folder.</param>
    /// <param name="options">Null for the defaults.</param>
    public Locker(ContentStore store, IEngineObserver observer, SourceOptions? options = null)
        : this(store, observer, options, new AptSites()) { }

    internal Locker(ContentStore store, IEngineObserver observer, SourceOptions? options, IDebianSites sites)
    {
        importer = new(store, observer, options ?? new(), sites);
        seeds = new(importer);
    }

    /// <summary>Brings a lock up to its recipes.</summary>
    /// <param name="recipes">All recipes of the workspace: a pin that none of them asks for is removed.</param>
    /// <param name="current">The lock so far.</param>
    /// <param name="cancellationToken">Stops it; downloads are kept.</param>
    public async Task<LockResult> LockAsync(
        IEnumerable<Recipe> recipes,
        LockFile current,
        CancellationToken cancellationToken
    )
    {
        var all = recipes.OrderBy(x => x.Name, StringComparer.Ordinal).ToList();
        var wanted = all.Where(x => x.IsLocked).Select(x => x.Name).ToHashSet(StringComparer.Ordinal);
        var removed = current.Names.Where(x => !wanted.Contains(x)).ToList();
        var result = await LockAsync(all, isAnew: false, current, LockFile.Empty, cancellationToken);
        return result with
        {
            Changes =
            [
                .. result
                    .Changes.Concat(
                        removed.Select(x => new LockChange(x, LockChangeKind.Removed, "no recipe asks for it"))
                    )
                    .OrderBy(x => x.Recipe, StringComparer.Ordinal),
            ],
        };
    }

    /// <summary>Pins some recipes anew, also where the lock covers them; no other pin is touched.</summary>
    /// <param name="recipes">Each has something to pin.</param>
    /// <param name="current">The lock so far.</param>
    /// <param name="cancellationToken">Stops it; downloads are kept.</param>
    public Task<LockResult> RenewAsync(
        IReadOnlyCollection<Recipe> recipes,
        LockFile current,
        CancellationToken cancellationToken
    )
    {
        var names = recipes.Select(x => x.Name).ToList();
        var others = new LockFile(current.Sources.RemoveRange(names), current.Seeds.RemoveRange(names))
        {
            Artifacts = current.Artifacts.RemoveRange(names),
        };
        return LockAsync(recipes, isAnew: true, current, others, cancellationToken);
    }

    private async Task<LockResult> LockAsync(
        IReadOnlyCollection<Recipe> recipes,
        bool isAnew,
        LockFile current,
        LockFile others,
        CancellationToken cancellationToken
    )
    {
        var results = await Task.WhenAll(recipes.Select(x => PinAsync(x, isAnew, current, cancellationToken)).ToList());
        return new(
            new LockFile(
                others.Sources.SetItems(
                    results.Select(x => x.Source).OfType<Pin>().Select(x => KeyValuePair.Create(x.Name, x))
                ),
                others.Seeds.SetItems(
                    results.Select(x => x.Seed).OfType<SeedPin>().Select(x => KeyValuePair.Create(x.Name, x))
                )
            )
            {
                Artifacts = others.Artifacts.SetItems(
                    results.Select(x => x.Artifact).OfType<ArtifactPin>().Select(x => KeyValuePair.Create(x.Name, x))
                ),
            },
            [.. results.Select(x => x.Change).OfType<LockChange>().OrderBy(x => x.Recipe, StringComparer.Ordinal)],
            [.. results.Select(x => x.Failure).OfType<LockFailure>()]
        );
    }

    /// <inheritdoc/>
    public void Dispose() => importer.Dispose();

    private sealed record Pinned(Pin? Source = null, SeedPin? Seed = null, ArtifactPin? Artifact = null)
    {
        public LockChange? Change { get; init; }

        public LockFailure? Failure { get; init; }
    }

    private async Task<Pinned> PinAsync(
        Recipe recipe,
        bool isAnew,
        LockFile current,
        CancellationToken cancellationToken
    )
    {
        var kept = new Pinned(
            recipe.OwnSource is null ? null : current.Sources.GetValueOrDefault(recipe.Name),
            recipe is SeedRecipe ? current.Seeds.GetValueOrDefault(recipe.Name) : null,
            recipe.Artifact is null ? null : current.Artifacts.GetValueOrDefault(recipe.Name)
        );
        try
        {
            var difference = recipe switch
            {
                SeedRecipe seed => kept.Seed is { } pin ? PinDifference.Of(seed, pin) : "",
                { OwnSource: { } source } => kept.Source is { } pin ? PinDifference.Of(source, pin) : "",
                { Artifact: { } artifact } => kept.Artifact is { } pin ? PinDifference.Of(artifact, pin) : "",
                _ => null,
            };
            if (difference is null && !isAnew)
                return kept;
            var made = await PinAsync(recipe, current, cancellationToken);
            return difference is null && IsSame(kept, made)
                ? kept
                : made with
                {
                    Change = Change(recipe, difference ?? "what is there is not what was pinned"),
                };
        }
        catch (EngineException e)
        {
            return kept with { Failure = new(recipe.Name, e.Text) };
        }
    }

    private async Task<Pinned> PinAsync(Recipe recipe, LockFile current, CancellationToken cancellationToken) =>
        recipe switch
        {
            SeedRecipe seed => new(
                Seed: await SourceFault.GuardAsync(
                    recipe.Name,
                    () => seeds.PinAsync(seed, current, cancellationToken),
                    cancellationToken
                )
            ),
            { Artifact: { } artifact } => new(Artifact: await PinAsync(artifact, cancellationToken)),
            _ => new(Source: await PinAsync(recipe.RequireSource(), archive: default, cancellationToken)),
        };

    private async Task<ArtifactPin> PinAsync(ArtifactSource source, CancellationToken cancellationToken)
    {
        var imported = await importer.ImportAsync(source, _ => { }, cancellationToken);
        return new(source.Name, source.Folder, imported.Tree.Digest)
        {
            Only = source.Spec.Only,
            Except = source.Spec.Except,
        };
    }

    /// <summary>When something was pinned is no part of what was.</summary>
    private static bool IsSame(Pinned before, Pinned after) =>
        (before.Source?.Commit, before.Source?.ArchiveDigest, before.Source?.Tree)
            == (after.Source?.Commit, after.Source?.ArchiveDigest, after.Source?.Tree)
        && before.Seed?.Tree == after.Seed?.Tree
        && before.Artifact?.Tree == after.Artifact?.Tree;

    private static LockChange Change(Recipe recipe, string difference) =>
        new(
            recipe.Name,
            difference.Length == 0 ? LockChangeKind.Added : LockChangeKind.Changed,
            difference.Length > 0 ? difference
                : recipe.Artifact is { } artifact ? $"pinned '{artifact.Folder}' as it is now"
                : $"pinned at {recipe.Version ?? (recipe as SeedRecipe)?.Seed.Suite}"
        );

    /// <summary>Pins the source of one recipe, whatever any lock says.</summary>
    /// <param name="source">The source.</param>
    /// <param name="archive">A blob of the store that is its archive; empty to download it.</param>
    /// <param name="cancellationToken">Stops it; downloads are kept.</param>
    /// <exception cref="EngineException">It is not available, or is refused.</exception>
    internal Task<Pin> PinAsync(OwnSource source, Digest archive, CancellationToken cancellationToken) =>
        SourceFault.GuardAsync(
            source.Name,
            () => PinUnguardedAsync(source, archive, cancellationToken),
            cancellationToken
        );

    private async Task<Pin> PinUnguardedAsync(OwnSource source, Digest archive, CancellationToken cancellationToken)
    {
        var spec = source.Spec;
        var pin = new Pin
        {
            Name = source.Name,
            Version = source.Version,
            Archive = spec.Archive,
            Git = spec.Git,
            Tag = spec.Tag,
            Only = spec.Only,
            Except = spec.Except,
            Inner = spec.Inner,
            Commit = "",
            GitTree = "",
            Tree = default,
        };
        var commit = spec.Git is null ? null : await FetchTagAsync(spec, cancellationToken);
        if (spec.Archive is not null)
            return await PinArchiveAsync(source, pin, commit, archive, cancellationToken);
        var repository = new GitRepository(importer.Store, spec.Git!);
        var parts = await importer.FindPartsAsync(source, repository, commit!, cancellationToken);
        var exported = await importer.ExportAsync(source, parts, _ => { }, cancellationToken);
        return pin with
        {
            Commit = commit!.Id,
            GitTree = commit.Tree,
            Submodules = parts.Submodules,
            Included = parts.Included,
            Tree = exported.Tree.Digest,
        };
    }

    private Task<GitCommit> FetchTagAsync(SourceSpec source, CancellationToken cancellationToken) =>
        new GitRepository(importer.Store, source.Git!).FetchTagAsync(source.Tag!, cancellationToken);

    /// <summary>With a commit beside it, the archive has to hold that commit's very tree.</summary>
    private async Task<Pin> PinArchiveAsync(
        OwnSource source,
        Pin pin,
        GitCommit? commit,
        Digest archive,
        CancellationToken cancellationToken
    )
    {
        var spec = source.Spec;
        var places = spec.Mirrors.Append(pin.Archive!).Concat(spec.Also.SelectMany(x => x.Mirrors.Append(x.Archive)));
        var snapshot = places.Any(Mirrors.IsPool) ? Snapshot.Now() : null;
        var archives = await importer.DownloadAsync(source, new(archive, []), snapshot, cancellationToken);
        var imported = await importer.UnpackAsync(
            source,
            archives,
            x =>
            {
                if (commit is not null && !string.Equals(commit.Tree, x.GitTree, StringComparison.Ordinal))
                    throw new EngineException(
                        $"The archive of '{source.Name}' does not hold the tag '{pin.Tag}': its git tree is "
                            + $"{x.GitTree}, that of the commit {commit.Id} is {commit.Tree}."
                    );
            },
            cancellationToken
        );
        var made = pin with
        {
            ArchiveDigest = archives.First,
            Also = [.. spec.Also.Zip(archives.Also, (part, digest) => new FurtherPin(part.Archive, digest, part.Into))],
            Snapshot = snapshot,
            GitTree = imported.GitTree,
            Tree = imported.Tree.Digest,
        };
        return made with { Commit = commit?.Id ?? ImportCommit.Of(made).Id };
    }
}
