using Recipes.Cli.Output;
using Recipes.Engine.Building;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Images;
using Recipes.Engine.Recipes;
using Recipes.Engine.Sandboxes;
using Recipes.Engine.Sources;
using Recipes.Engine.Testing;

namespace Recipes.Cli.Commands;

/// <summary>What builds, opened together: recipes, lock, store, sandbox, and the renderer that watches.</summary>
internal sealed class BuildSession : IAsyncDisposable
{
    private readonly CommandContext context;
    private readonly SourceFetcher fetcher;
    private readonly IProgressRenderer progress;
    private readonly long start;

    /// <summary>Opens all parts.</summary>
    /// <exception cref="RecipeFaultsException">A recipe has faults.</exception>
    public BuildSession(CommandContext context)
    {
        (this.context, start) = (context, context.Host.Time.GetTimestamp());
        Graph = context.RequireGraph();
        Store = context.OpenStore();
        progress = context.StartProgress();
        fetcher = new(Store, progress);
        Sandbox = new Bubblewrap(Store);
        Builder = new(Graph, LockFile.Read(Workspace.LockPath), Store, Sandbox, fetcher, progress);
    }

    /// <summary>All recipes.</summary>
    public Workspace Workspace => Graph.Workspace;

    /// <summary>How they depend on each other.</summary>
    public RecipeGraph Graph { get; }

    /// <summary>Where everything is kept.</summary>
    public ContentStore Store { get; }

    /// <summary>Where actions run.</summary>
    public Bubblewrap Sandbox { get; }

    private Builder Builder { get; }

    /// <summary>Wall time since the session was opened.</summary>
    public TimeSpan Elapsed => context.Host.Time.GetElapsedTime(start);

    /// <summary>Builds packages, and what images include.</summary>
    /// <param name="names">What to build.</param>
    /// <param name="resume">One of them, to go on with where it failed, or null.</param>
    /// <param name="cancellationToken">Ends running builds.</param>
    public async Task<BuildReport> BuildAsync(IReadOnlyList<string> names, string? resume, CancellationToken cancellationToken)
    {
        var report = await Builder.BuildAsync(names, context.BuildOptions with { Resume = resume }, cancellationToken);
        await progress.DisposeAsync();
        // A cancelled plan ends like any other, with what was not built skipped.
        cancellationToken.ThrowIfCancellationRequested();
        return report;
    }

    /// <summary>Builds what a package needs, and prepares a shell in the sandbox of its build.</summary>
    public async Task<ShellPreparation> PrepareShellAsync(string name, string? step, CancellationToken cancellationToken)
    {
        var prepared = await Builder.PrepareShellAsync(name, step, context.BuildOptions, cancellationToken);
        await progress.DisposeAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return prepared;
    }

    /// <summary>Composes an image into the store.</summary>
    public async Task<ComposeReport> ComposeAsync(string image, CancellationToken cancellationToken)
    {
        var report = await new Composer(Workspace, Store, Builder).ComposeAsync(image, context.BuildOptions, cancellationToken);
        await progress.DisposeAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return report;
    }

    /// <summary>Tests recipes that have a <c>[test]</c>.</summary>
    public async Task<TestReport> TestAsync(IReadOnlyList<string> names, bool again, CancellationToken cancellationToken)
    {
        var tester = new RecipeTester(Workspace, Store, Builder, Sandbox, progress);
        var report = await tester.TestAsync(names, context.BuildOptions, again, cancellationToken);
        await progress.DisposeAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return report;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await progress.DisposeAsync();
        fetcher.Dispose();
    }
}
