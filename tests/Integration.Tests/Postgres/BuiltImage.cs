using Recipes.Engine;
using Recipes.Engine.Building;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Building.Running;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Images;
using Recipes.Engine.Model;
using Recipes.Engine.Sandboxes;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Workspaces;
using Xunit;

namespace Recipes.Integration.Tests.Postgres;

/// <summary>
/// An image of this checkout, where this machine's store holds all its packages; tests never build a toolchain.
/// </summary>
internal static class BuiltImage
{
    /// <summary>Composes the image from the store alone, or skips the test and says what is missing.</summary>
    public static async Task<ImageResult> RequireAsync(string name)
    {
        var workspace = Workspace.Load(Checkout.Root);
        var store = ContentStore.Open(ContentStore.DefaultRoot);
        var sources = new StoredSources(new LockedSources(LockFile.Read(workspace.LockPath), null!), store);
        var builder = new Builder(
            RecipeGraph.Create(workspace),
            store,
            new NoSandbox(),
            sources,
            SilentObserver.Instance
        );
        var report = await new Composer(workspace, store, builder, SilentObserver.Instance).ComposeAsync(
            name,
            new(),
            TestContext.Current.CancellationToken
        );
        if (report.Image is null && report.Faults.IsEmpty)
        {
            var missing = report.Builds.Outcomes.Values.FirstOrDefault(x => x.State == BuildState.Failed);
            Assert.Skip(
                $"the store {store.Root} does not hold {name}: {missing?.Package} is not built; run ./recipes "
                    + $"compose {name} first"
            );
        }
        Assert.Empty(report.Faults.Select(x => x.ToString()));
        return report.Image!;
    }

    private sealed class NoSandbox : ISandbox
    {
        public string Name => "none";

        public Task<SandboxResult> RunAsync(SandboxRequest request, Stream log, CancellationToken cancellationToken) =>
            throw new EngineException("tests build no package of the toolchain");
    }

    private sealed class StoredSources(LockedSources locked, ContentStore store) : ISourceTrees
    {
        public Digest PinnedTree(Recipe recipe) => locked.PinnedTree(recipe);

        public long ArchiveBytes(Recipe recipe) => 0;

        public Task EnsureAsync(Recipe recipe, CancellationToken cancellationToken) =>
            store.HasTree(PinnedTree(recipe))
                ? Task.CompletedTask
                : throw new EngineException($"the source of {recipe.Name} is not in the store");
    }
}
