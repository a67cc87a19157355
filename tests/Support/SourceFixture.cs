using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Downloads;
using Recipes.Engine.Sources.Locking;
using Xunit;

namespace Recipes.Tests.Support;

/// <summary>A workspace folder and a store of its own, and recipes with local archives.</summary>
internal sealed class SourceFixture : IDisposable
{
    public TemporaryDirectory Folder { get; } = new();

    public ContentStore Store { get; }

    public Recorder Events { get; } = new();

    public FakeSites Sites { get; } = new();

    public SourceOptions Options { get; init; } = Patient;

    public static SourceOptions Patient { get; } =
        new()
        {
            FirstPause = TimeSpan.Zero,
            DebianKeyring = "/nowhere",
            SnapshotService = "none:",
        };

    public SourceFixture() => Store = ContentStore.Open(Folder.Join("store"));

    /// <summary>Another machine: the same workspace, an empty store.</summary>
    public ContentStore OtherStore() => ContentStore.Open(Folder.Join("other store"));

    public Locker NewLocker(ContentStore? store = null) => new(store ?? Store, Events, Options, Sites);

    public SourceFetcher NewFetcher(ContentStore? store = null) => new(store ?? Store, Events, Options, Sites);

    public void WriteArchive(string name, byte[] content) => File.WriteAllBytes(Folder.Join(name), content);

    public SourceRecipe Recipe(string name, SourceSpec source, string version = "1.0") =>
        new()
        {
            Name = name,
            NameSpan = Span($"pkgs/{name}/recipe.toml", 1),
            Version = version,
            Area = RecipeArea.Packages,
            Folder = Folder.Path,
            File = $"pkgs/{name}/recipe.toml",
            Source = source,
        };

    public SourceRecipe Archive(string name, string url, string version = "1.0") => Recipe(name, Source(url), version);

    public SeedRecipe Seed(string name, SeedSpec seed) =>
        new()
        {
            Name = name,
            NameSpan = Span($"pkgs/{name}/recipe.toml", 1),
            Area = RecipeArea.Packages,
            Folder = Folder.Path,
            File = $"pkgs/{name}/recipe.toml",
            Seed = seed,
        };

    public ImageRecipe Image(string name) =>
        new()
        {
            Name = name,
            NameSpan = Span($"pkgs/{name}/recipe.toml", 1),
            Area = RecipeArea.Packages,
            Folder = Folder.Path,
            File = $"pkgs/{name}/recipe.toml",
            Image = new() { Span = Span($"pkgs/{name}/recipe.toml", 2) },
        };

    public static SourceSpec Source(string? archive) =>
        new() { Span = Span("pkgs/x/recipe.toml", 4), Archive = archive };

    /// <summary>Locks one recipe, which must succeed.</summary>
    public async Task<LockFile> LockAsync(params Recipe[] recipes)
    {
        using var locker = NewLocker();
        var result = await locker.LockAsync(recipes, LockFile.Empty, TestContext.Current.CancellationToken);
        Assert.Empty(result.Failures);
        return result.Lock;
    }

    /// <summary>Locks a recipe, which must fail.</summary>
    public async Task<string> FailureAsync(Recipe recipe)
    {
        using var locker = NewLocker();
        var result = await locker.LockAsync([recipe], LockFile.Empty, TestContext.Current.CancellationToken);
        Assert.Empty(result.Lock.Sources);
        Assert.Empty(result.Lock.Seeds);
        return Assert.Single(result.Failures).Message.ToString();
    }

    public IEnumerable<string> TreesInStore() => Below("trees");

    /// <summary>What is left of work in progress, other than downloads.</summary>
    public IEnumerable<string> Scratch() => Below("tmp").Where(x => !x.Contains("downloads", StringComparison.Ordinal));

    private IEnumerable<string> Below(string folder) =>
        Directory.EnumerateFiles(Path.Join(Store.Root, folder), "*", SearchOption.AllDirectories);

    public void Dispose() => Folder.Dispose();

    private static SourceSpan Span(string file, int line) => new(file, line, 1, 1, "x");
}
