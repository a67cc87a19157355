using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Downloads;
using Recipes.Engine.Sources.Importing;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Sources.Trees;

namespace Recipes.Engine.Sources.Debian;

/// <summary>Resolves seeds, downloads their packages and makes their roots.</summary>
internal sealed class SeedImporter(SourceImporter importer)
{
    private readonly SuiteIndex suites = new(importer);

    /// <summary>Resolves what a seed asks for anew, and makes its root.</summary>
    /// <param name="recipe">The seed.</param>
    /// <param name="current">The lock so far: no list of a suite may be older than what it was made from.</param>
    /// <param name="cancellationToken">Stops it; downloads are kept.</param>
    public async Task<SeedPin> PinAsync(SeedRecipe recipe, LockFile current, CancellationToken cancellationToken)
    {
        var seed = recipe.Seed;
        var snapshot = Snapshot.Now();
        var newest = current.Seeds.Values.Where(x => x.Suite == seed.Suite).Max(x => Snapshot.Parse(x.Index));
        var index = await suites.ReadAsync(seed.Suite, snapshot, newest, cancellationToken);
        var resolver = new PackageResolver(index.Content, seed.Exclude.ToHashSet(StringComparer.Ordinal));
        ImmutableArray<SeedPackagePin> packages =
        [
            .. resolver.Resolve(seed.Packages).Select(x => new SeedPackagePin(x.Name, x.Version, x.Path, x.File)),
        ];
        var imported = await ImportAsync(recipe, packages, snapshot, _ => { }, cancellationToken);
        return new(recipe.Name, seed.Suite, PinDifference.Request(seed), snapshot, packages, imported.Tree.Digest)
        {
            Index = Snapshot.Of(index.Date),
        };
    }

    /// <summary>Brings the packages into the store.</summary>
    public Task DownloadAsync(
        SeedRecipe recipe,
        ImmutableArray<SeedPackagePin> packages,
        string? snapshot,
        CancellationToken cancellationToken
    ) =>
        Task.WhenAll(
            packages
                .Select(x =>
                    importer.Downloader.DownloadAsync(
                        new(
                            $"{recipe.Name}: {x.Name}",
                            x.File,
                            x.File.Hash,
                            importer.Mirrors.ResolveAsync(
                                recipe.Folder,
                                ["debian:" + x.Path],
                                snapshot,
                                cancellationToken
                            ),
                            x.File.Size
                        ),
                        cancellationToken
                    )
                )
                .ToList()
        );

    /// <summary>Makes the root of the packages, and takes it as a tree once it was found right.</summary>
    public async Task<ImportedTree> ImportAsync(
        SeedRecipe recipe,
        ImmutableArray<SeedPackagePin> packages,
        string? snapshot,
        Action<ImportedTree> verify,
        CancellationToken cancellationToken
    )
    {
        await DownloadAsync(recipe, packages, snapshot, cancellationToken);
        return await importer.ImportAsync(
            recipe.Name,
            verify,
            x => LayDown(recipe, packages, x, cancellationToken),
            cancellationToken
        );
    }

    private ImportedTree LayDown(
        SeedRecipe recipe,
        ImmutableArray<SeedPackagePin> packages,
        string folder,
        CancellationToken cancellationToken
    )
    {
        using var import = new TreeImport(folder, new SourceLimits());
        var root = new SeedRoot(import, cancellationToken);
        foreach (var package in packages.OrderBy(x => x.Name, StringComparer.Ordinal))
        {
            var path = importer.Store.FindBlob(package.File)
                ?? throw new EngineException(
                    $"The package '{package.Name}' has just gone from the store. Run the command again."
                );
            root.AddPackage(Path.GetFileName(package.Path), path);
        }
        try
        {
            root.AddLinks(recipe.Seed);
            return import.Finish();
        }
        catch (ImportException e)
        {
            throw new EngineException(
                $"Cannot make the root of '{recipe.Name}': {e.Message}. Nothing was imported.",
                e
            );
        }
    }
}
