using Recipes.Engine.Building.Planning;
using Recipes.Engine.Building.Running;
using Recipes.Engine.Bumping;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Images;
using Recipes.Engine.Model;
using Recipes.Engine.Sandboxes;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Testing;
using Recipes.Engine.Tests.Sources;
using Recipes.Engine.Workspaces;
using Recipes.Engine.Workspaces.Editing;
using Xunit;

namespace Recipes.Engine.Tests.Workspaces;

/// <summary>What is asked for by its name: of the right kind, or a message that says which kind it is.</summary>
public sealed class WorkspaceLookupTests : IDisposable
{
    private readonly TestWorkspace test = new TestWorkspace()
        .Add("pkgs/code", "version = \"1\"\n[source]\narchive = \"https://example.org/code\"\n")
        .Add("pkgs/tool", "[source]\nfrom = \"code\"\n[build]\nsystem = \"none\"\n[test]\nscript = \"true\"\n")
        .Add("pkgs/tool-image", "[image]\ninclude = [\"tool\"]\n");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => test.Dispose();

    private Workspace Load()
    {
        var workspace = test.Load();
        Assert.Empty(workspace.Diagnostics);
        return workspace;
    }

    [Fact]
    public void Each_recipe_is_of_one_kind_and_is_found_as_it()
    {
        var workspace = Load();

        Assert.Equal("tool", workspace.RequireImage("tool-image").Image.Include[0].Package);
        Assert.Null(workspace.RequirePackage("tool").Build.System);
        Assert.Equal(["gcc"], Assert.IsType<SeedRecipe>(workspace.RequireOutputs("seed")).Seed.Packages);
        Assert.Equal("https://example.org/code", Assert.IsType<SourceRecipe>(workspace.Require("code")).Source.Archive);
        Assert.Equal(
            ("code", "1", "pkgs/code/source"),
            workspace.RequireSource("code") is var source ? (source.Name, source.Version, source.Path) : default
        );
        Assert.Equal("true", workspace.RequireTest("tool").Test.Script);
        Assert.Null(workspace.Require("tool").OwnSource);
        Assert.Equal("code", workspace.Require("tool").WrittenSource?.From?.Name);
    }

    [Fact]
    public async Task No_entry_of_the_engine_takes_a_name_that_nothing_has()
    {
        var engine = new Engine(Load(), test);
        var message = $"there is no recipe 'tol' in {test.Root}; did you mean 'tool'?";

        await engine.RefusesAsync(message, x => x.Builder.BuildAsync(["tol"], new(), Token));
        await engine.RefusesAsync(message, x => x.Builder.PrepareShellAsync("tol", null, new(), Token));
        await engine.RefusesAsync(message, x => x.Composer.ComposeAsync("tol", new(), Token));
        await engine.RefusesAsync(message, x => x.Tester.TestAsync(["tol"], new(), again: false, Token));
        await engine.RefusesAsync(message, x =>
            x.Bumper.PrepareAsync(x.Graph, LockFile.Empty, new() { Recipe = "tol" }, Token)
        );
        engine.Refuses(message, x => x.Packages.StandingOf("tol"));
        engine.Refuses(message, x => new UnpinnedSources(x.Workspace, x.Store).Among(["tol"]));
        engine.Refuses(message, x => BuildExplanation.Of(x.Graph, x.Packages, x.Store, "tol"));
        engine.Refuses(message, x => NeedEdit.Of(x.Workspace, "tol", ["tool"]));
        engine.Refuses(message, x => NeedEdit.Of(x.Workspace, "tool", ["tol"]));
        engine.Refuses(message, x => Impact.Of(x.Graph, "tol"));
        engine.Refuses(message, x => x.Graph.DirectNeeds("tol"));
        engine.Refuses(message, x => x.Graph.ImageContent("tol"));
        engine.Refuses(message, x => x.Graph.Pins(["tol"]));
        engine.Refuses(message, x => x.Graph.Dependencies("tol"));
        engine.Refuses(message, x => x.Graph.Dependents("tol"));
        engine.Refuses(message, x => DependencyPath.Find(x.Graph, "tol", "tool", null));
        engine.Refuses(message, x => DependencyPath.Find(x.Graph, "tool", "tol", null));
    }

    [Fact]
    public async Task No_entry_of_the_engine_takes_a_name_of_the_wrong_kind()
    {
        var engine = new Engine(Load(), test);
        const string notPackage =
            "'tool-image' is an image, not a package (pkgs/tool-image/recipe.toml has no [build]); it includes: tool";
        const string nothing =
            "'code' only pins a source for others to build from; there is nothing to build; packages that build "
            + "from it: tool";

        await engine.RefusesAsync(
            "'tool' is a package, not an image (pkgs/tool/recipe.toml has no [image]); there are: tool-image",
            x => x.Composer.ComposeAsync("tool", new(), Token)
        );
        await engine.RefusesAsync(notPackage, x => x.Builder.PrepareShellAsync("tool-image", null, new(), Token));
        await engine.RefusesAsync(notPackage, x =>
            x.Builder.BuildAsync(["tool"], new() { Resume = "tool-image" }, Token)
        );
        await engine.RefusesAsync(nothing, x => x.Builder.BuildAsync(["code"], new(), Token));
        await engine.RefusesAsync(
            "pkgs/tool-image/recipe.toml has no [test]; write one: a script that ends with a status other than 0 "
                + "where something is wrong",
            x => x.Tester.TestAsync(["tool-image"], new(), again: false, Token)
        );
        await engine.RefusesAsync("'seed' is a seed and has no [test]; only packages and images are tested", x =>
            x.Tester.TestAsync(["seed"], new(), again: false, Token)
        );
        await engine.RefusesAsync("'tool' builds from the source of 'code'; name that recipe", x =>
            x.Bumper.PrepareAsync(x.Graph, LockFile.Empty, new() { Recipe = "tool" }, Token)
        );
        engine.Refuses(notPackage, x => x.Packages.StandingOf("tool-image"));
        engine.Refuses(notPackage, x => NeedEdit.Of(x.Workspace, "tool-image", ["tool"]));
        engine.Refuses(nothing, x => BuildExplanation.Of(x.Graph, x.Packages, x.Store, "code"));
    }

    /// <summary>The public parts of the engine over one workspace; none of them may build or fetch anything.</summary>
    private sealed class Engine(Workspace workspace, TestWorkspace test)
    {
        public Workspace Workspace => workspace;

        public RecipeGraph Graph { get; } = RecipeGraph.Create(workspace);

        public ContentStore Store { get; } = ContentStore.Open(Path.Join(test.Root, "store"));

        public Builder Builder => new(Graph, LockFile.Empty, Store, new NoSandbox(), null!, SilentObserver.Instance);

        public Composer Composer => new(workspace, Store, Builder, SilentObserver.Instance);

        public RecipeTester Tester => new(workspace, Store, Builder, new NoSandbox(), SilentObserver.Instance);

        public Bumper Bumper => new(Store, SilentObserver.Instance, SourceFixture.Patient);

        public BuiltPackages Packages => BuiltPackages.Find(Graph, LockFile.Empty, Store);

        public async Task RefusesAsync(string message, Func<Engine, Task> ask) =>
            Assert.Equal(message, (await Assert.ThrowsAsync<EngineException>(() => ask(this))).Message);

        public void Refuses(string message, Func<Engine, object?> ask) =>
            Assert.Equal(
                message,
                Assert
                    .Throws<EngineException>(() =>
                    {
                        ask(this);
                    })
                    .Message
            );
    }

    private sealed class NoSandbox : ISandbox
    {
        public string Name => "none";

        public Task<SandboxResult> RunAsync(SandboxRequest request, Stream log, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("nothing is to be built");
    }
}
