using System.Collections.Immutable;
using System.Diagnostics;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Archives;
using Recipes.Engine.Sources.Artifacts;
using Recipes.Engine.Sources.Downloads;
using Recipes.Engine.Sources.Git;
using Recipes.Engine.Sources.Trees;

namespace Recipes.Engine.Sources.Importing;

/// <summary>Downloads origins and lays them down as trees of the store; what a lock says takes no part here.</summary>
internal sealed class SourceImporter(
    ContentStore store,
    IEngineObserver observer,
    SourceOptions options,
    IDebianSites sites
) : IDisposable
{
    /// <summary>One after the other: each unpacking keeps the disk and all cores busy.</summary>
    private readonly SemaphoreSlim unpacking = new(1);

    private readonly SemaphoreSlim fetching = new(1);

    public ContentStore Store => store;

    public Downloader Downloader { get; } = new(store, options, observer);

    public Mirrors Mirrors { get; } = new(sites, options.SnapshotService);

    public SourceOptions Options => options;

    public IEngineObserver Observer => observer;

    /// <summary>Brings the recipe's archives into the store.</summary>
    /// <param name="source">It has an archive.</param>
    /// <param name="expected">Their digests; empty where they are not known yet.</param>
    /// <param name="snapshot">For the snapshot service; null for now.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<SourceArchives> DownloadAsync(
        OwnSource source,
        SourceArchives expected,
        string? snapshot,
        CancellationToken cancellationToken
    )
    {
        var spec = source.Spec;
        var first = await DownloadAsync(
            source,
            source.Name,
            [spec.Archive!, .. spec.Mirrors],
            expected.First,
            snapshot,
            cancellationToken
        );
        var also = new List<Digest>();
        foreach (var part in spec.Also)
            also.Add(
                await DownloadAsync(
                    source,
                    $"{source.Name}/{part.Into}",
                    [part.Archive, .. part.Mirrors],
                    expected.Also.ElementAtOrDefault(also.Count),
                    snapshot,
                    cancellationToken
                )
            );
        return new(first, [.. also]);
    }

    private Task<Digest> DownloadAsync(
        OwnSource source,
        string name,
        ImmutableArray<string> origins,
        Digest expected,
        string? snapshot,
        CancellationToken cancellationToken
    )
    {
        var places = Mirrors.ResolveAsync(source.Recipe.Folder, origins, snapshot, cancellationToken);
        var key = expected.IsEmpty ? Digest.OfText(origins[0]).Hash : expected.Hash;
        return Downloader.DownloadAsync(new(name, expected, key, places, source.Spec.Limits.Bytes), cancellationToken);
    }

    /// <summary>Unpacks archives of the store as the recipe says.</summary>
    public Task<ImportedTree> UnpackAsync(
        OwnSource source,
        SourceArchives archives,
        Action<ImportedTree> verify,
        CancellationToken cancellationToken
    ) =>
        ImportAsync(
            source.Name,
            verify,
            folder =>
                ArchiveReader.Unpack(
                    new()
                    {
                        Label = ImportCommit.FileName(source.Spec.Archive!),
                        Archive = FileOf(archives.First),
                        Further =
                        [
                            .. source.Spec.Also.Zip(archives.Also, (part, archive) =>
                                new FurtherPart(ImportCommit.FileName(part.Archive), FileOf(archive), part.Into)
                            ),
                        ],
                        Destination = folder,
                        Inner = source.Spec.Inner,
                        Only = source.Spec.Only,
                        Except = source.Spec.Except,
                        Limits = source.Spec.Limits,
                    },
                    cancellationToken
                ),
            cancellationToken
        );

    /// <summary>Tells what a commit that the repository has is made of, and fetches its submodules.</summary>
    public async Task<GitParts> FindPartsAsync(
        OwnSource source,
        GitRepository repository,
        GitCommit commit,
        CancellationToken cancellationToken
    )
    {
        // Two recipes may have the same submodule, and git fetches into a repository once at a time.
        await fetching.WaitAsync(cancellationToken);
        try
        {
            return await GitParts.EnsureAsync(store, source.Spec, repository, commit.Id, cancellationToken);
        }
        finally
        {
            fetching.Release();
        }
    }

    /// <summary>Lays down what a source from git is made of.</summary>
    public Task<ImportedTree> ExportAsync(
        OwnSource source,
        GitParts parts,
        Action<ImportedTree> verify,
        CancellationToken cancellationToken
    ) =>
        ImportAsync(
            source.Name,
            verify,
            folder =>
            {
                try
                {
                    using var import = new TreeImport(folder, source.Spec.Limits);
                    GitExport.Run(parts, import, WantedPaths.Of(source.Spec), cancellationToken);
                    return import.Finish();
                }
                catch (ImportException e)
                {
                    throw new EngineException(
                        $"Cannot import '{source.Spec.Tag}' of '{source.Spec.Git}': {e.Advice}. Nothing was imported.",
                        e
                    );
                }
            },
            cancellationToken
        );

    /// <summary>Takes what was made outside.</summary>
    public Task<ImportedTree> ImportAsync(
        ArtifactSource source,
        Action<ImportedTree> verify,
        CancellationToken cancellationToken
    ) =>
        ImportAsync(
            source.Name,
            verify,
            folder => ArtifactFolder.Import(source, folder, cancellationToken),
            cancellationToken
        );

    /// <summary>
    /// Lets something be laid down in a scratch folder, and takes that as a tree once it was found right.
    /// </summary>
    public Task<ImportedTree> ImportAsync(
        string name,
        Action<ImportedTree> verify,
        Func<string, ImportedTree> layDown,
        CancellationToken cancellationToken
    ) =>
        SourceFault.GuardAsync(
            name,
            () => ImportUnguardedAsync(name, verify, layDown, cancellationToken),
            cancellationToken
        );

    /// <inheritdoc/>
    public void Dispose()
    {
        Downloader.Dispose();
        unpacking.Dispose();
        fetching.Dispose();
    }

    private async Task<ImportedTree> ImportUnguardedAsync(
        string name,
        Action<ImportedTree> verify,
        Func<string, ImportedTree> layDown,
        CancellationToken cancellationToken
    )
    {
        await unpacking.WaitAsync(cancellationToken);
        try
        {
            var start = Stopwatch.GetTimestamp();
            using var scratch = store.CreateScratch($"source-{name}");
            var folder = Path.Join(scratch.Path, "tree");
            Directory.CreateDirectory(folder);
            var imported = await Task.Run(() => layDown(folder), cancellationToken);
            verify(imported);
            await Task.Run(() => store.AddTree(folder, imported.Tree), cancellationToken);
            observer.On(new SourceUnpacked(name, imported.Files, Stopwatch.GetElapsedTime(start)));
            return imported;
        }
        finally
        {
            unpacking.Release();
        }
    }

    private string FileOf(Digest blob) => store.FindBlob(blob) ?? throw Vanished(blob);

    private static EngineException Vanished(Digest blob) =>
        new($"The download {blob} has just gone from the store. Run the command again.");
}
