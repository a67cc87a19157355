using Recipes.Cli.Output;
using Recipes.Engine;
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
    private readonly SandboxChoice sandbox;
    private readonly IProgressRenderer progress;
    private readonly TimelineRecorder? timeline;
    private readonly string? timelineFile;
    private readonly long start;

    /// <summary>Opens all parts.</summary>
    /// <param name="context">As the command line asks for them.</param>
    /// <param name="graph">The recipes, by which what is asked for was found right.</param>
    /// <param name="timeline">The file that the finished run is drawn into, or null.</param>
    /// <exception cref="UsageException">The folder of the timeline does not exist.</exception>
    public BuildSession(CommandContext context, RecipeGraph graph, string? timeline = null)
    {
        timelineFile = TimelineOption.PathOf(timeline, context.Host);
        (this.context, start) = (context, context.Host.Time.GetTimestamp());
        Graph = graph;
        Store = context.OpenStore();
        progress = context.StartProgress();
        Store.Observer = progress;
        fetcher = new(Store, progress);
        this.timeline = timelineFile is null ? null : new(progress, context.Host.Time);
        sandbox = new(Store, context.SandboxKind, context.Host.Variable);
        Unpinned = new(Workspace, Store);
    }

    /// <summary>The option of commands that compose.</summary>
    public static System.CommandLine.Option<bool> AllowUnpinned() =>
        new("--allow-unpinned") { Description = "Take what was built with 'build NAME --source DIR'." };

    /// <summary>All recipes.</summary>
    public Workspace Workspace => Graph.Workspace;

    /// <summary>How they depend on each other.</summary>
    public RecipeGraph Graph { get; }

    /// <summary>Where everything is kept.</summary>
    public ContentStore Store { get; }

    /// <summary>What was built from other sources than the pinned ones.</summary>
    public UnpinnedSources Unpinned { get; }

    /// <summary>Wall time since the session was opened.</summary>
    public TimeSpan Elapsed => context.Host.Time.GetElapsedTime(start);

    /// <summary>Builds packages, and what images include.</summary>
    /// <param name="names">Names of recipes.</param>
    /// <param name="unpinned">Sources in place of pinned ones.</param>
    /// <param name="resume">One of them, to go on with where it failed, or null.</param>
    /// <param name="cancellationToken">Ends the builds.</param>
    public async Task<BuildReport> BuildAsync(
        IReadOnlyList<string> names,
        IReadOnlyCollection<UnpinnedSource> unpinned,
        string? resume,
        CancellationToken cancellationToken
    )
    {
        var options = context.BuildOptions with { Resume = resume };
        var report = await NewBuilder(unpinned).BuildAsync(names, options, cancellationToken);
        await progress.DisposeAsync();
        DrawTimeline();
        return report;
    }

    /// <summary>Builds what a package needs, and prepares a shell in the sandbox of its build.</summary>
    public async Task<ShellPreparation> PrepareShellAsync(string name, string? step, CancellationToken cancellationToken)
    {
        var prepared = await NewBuilder([]).PrepareShellAsync(name, step, context.BuildOptions, cancellationToken);
        await progress.DisposeAsync();
        return prepared;
    }

    /// <summary>Composes an image into the store.</summary>
    /// <param name="image">The name of an image.</param>
    /// <param name="allowUnpinned">Whether to take what was built from other sources than the pinned ones.</param>
    /// <param name="cancellationToken">Ends the builds.</param>
    /// <exception cref="EngineException">Something was built so, and is not allowed.</exception>
    public async Task<ComposeReport> ComposeAsync(string image, bool allowUnpinned, CancellationToken cancellationToken)
    {
        var unpinned = Unpinned.Among(Graph.BuildOrder([image]));
        if (!allowUnpinned && !unpinned.IsEmpty)
            throw new EngineException(
                $"{image} would not hold what was built last: {string.Join(", ", unpinned.Select(x => $"{x.Recipe} from '{x.Directory}'"))}, "
                    + "which is not pinned. Allow that with --allow-unpinned, or go back to the pin with: recipes build "
                    + string.Join(' ', unpinned.Select(x => x.Recipe))
            );
        var report = await new Composer(Workspace, Store, NewBuilder(unpinned), progress).ComposeAsync(image, context.BuildOptions, cancellationToken);
        await progress.DisposeAsync();
        foreach (var source in unpinned)
            ErrorWriter.Warn(context.Host, $"{image} is not pinned: {source.Recipe} is built from '{source.Directory}'");
        DrawTimeline();
        return report;
    }

    /// <summary>Tests recipes that have a <c>[test]</c>.</summary>
    public async Task<TestReport> TestAsync(IReadOnlyList<string> names, bool again, CancellationToken cancellationToken)
    {
        var tester = new RecipeTester(Workspace, Store, NewBuilder([]), sandbox, progress);
        var report = await tester.TestAsync(names, context.BuildOptions, again, cancellationToken);
        await progress.DisposeAsync();
        return report;
    }

    private Builder NewBuilder(IReadOnlyCollection<UnpinnedSource> unpinned)
    {
        IEngineObserver observer = timeline is null ? progress : timeline;
        return new(Graph, LockFile.Read(Workspace.LockPath), Store, sandbox, fetcher, observer, unpinned);
    }

    private void DrawTimeline()
    {
        var options = context.BuildOptions;
        if (timeline is not null)
            TimelineFile.Write(timelineFile!, timeline.Finish(Graph, options.Builds ?? options.Jobs));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await progress.DisposeAsync();
        fetcher.Dispose();
        sandbox.Dispose();
    }
}
