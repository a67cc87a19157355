using Recipes.Cli.Output;
using Recipes.Engine;
using Recipes.Engine.Building;
using Recipes.Engine.Graph;
using Recipes.Engine.Images;
using Recipes.Engine.Pictures;

namespace Recipes.Cli.Commands;

/// <summary>A project whose work is watched: by the renderer, and by a timeline where one is asked for.</summary>
internal sealed class BuildSession : IAsyncDisposable
{
    private readonly CommandContext context;
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
        progress = context.StartProgress();
        this.timeline = timelineFile is null ? null : new(progress, context.Host.Time);
        Project = context.OpenProject(this.timeline is null ? progress : this.timeline, graph);
    }

    /// <summary>The option of commands that compose.</summary>
    public static System.CommandLine.Option<bool> AllowUnpinned() =>
        new("--allow-unpinned") { Description = "Take what was built with 'build NAME --source DIR'." };

    /// <summary>What is worked on.</summary>
    public Project Project { get; }

    /// <summary>Wall time since the session was opened.</summary>
    public TimeSpan Elapsed => context.Host.Time.GetElapsedTime(start);

    /// <summary>Watches some work to its end, and draws its timeline.</summary>
    public async Task<T> WatchAsync<T>(Func<Project, Task<T>> work)
    {
        var done = await work(Project);
        await progress.DisposeAsync();
        var options = context.BuildOptions;
        if (timeline is not null)
            TimelineFile.Write(timelineFile!, timeline.Finish(Project.Graph, options.Builds ?? options.Jobs));
        return done;
    }

    /// <summary>Composes an image, and warns of what in it is not pinned.</summary>
    public async Task<ComposeReport> ComposeAsync(
        string image,
        ComposeRequest request,
        CancellationToken cancellationToken
    )
    {
        var composed = await WatchAsync(x => x.ComposeAsync(image, request, cancellationToken));
        foreach (var source in composed.Unpinned)
            ErrorWriter.Warn(
                context.Host,
                $"{image} is not pinned: {source.Recipe} is built from '{source.Directory}'"
            );
        return composed;
    }

    /// <summary>Composes an image for what wants it next; null if that failed, which is then said.</summary>
    public async Task<ImageResult?> ComposeAsync(string image, bool allowUnpinned, CancellationToken cancellationToken)
    {
        var composed = await ComposeAsync(
            image,
            new ComposeRequest { AllowsUnpinned = allowUnpinned },
            cancellationToken
        );
        if (composed.Image is null)
            ComposeView.WriteFailure(context.Host, composed, Elapsed);
        return composed.Image;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await progress.DisposeAsync();
        await Project.DisposeAsync();
    }
}
