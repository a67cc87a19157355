using System.Collections.Immutable;
using Recipes.Engine;
using Recipes.Engine.Building;
using Recipes.Engine.Images;
using Recipes.Engine.Registries;
using Recipes.Engine.Sources;

namespace Recipes.Cli.Output;

/// <summary>A build that runs now.</summary>
/// <param name="Package">The recipe's name.</param>
/// <param name="Step">The step it is in; empty before the first.</param>
/// <param name="StartedAt">When it started, on the renderer's clock.</param>
/// <param name="Expected">How long it took last time, or null.</param>
internal sealed record RunningBuild(string Package, string Step, TimeSpan StartedAt, TimeSpan? Expected);

/// <summary>Where a plan stands, as its events tell.</summary>
internal sealed record BuildProgress
{
    /// <summary>Before the first event.</summary>
    public static BuildProgress None { get; } = new();

    /// <summary>The last known state of every package.</summary>
    public ImmutableDictionary<string, BuildState> States { get; private init; } =
        ImmutableDictionary.Create<string, BuildState>(StringComparer.Ordinal);

    /// <summary>In the order in which they started.</summary>
    public ImmutableList<RunningBuild> Running { get; private init; } = [];

    /// <summary>Downloads that go on, by name.</summary>
    public ImmutableSortedDictionary<string, DownloadProgress> Downloads { get; private init; } =
        ImmutableSortedDictionary.Create<string, DownloadProgress>(StringComparer.Ordinal);

    /// <summary>Blobs on their way to a registry, by name.</summary>
    public ImmutableSortedDictionary<string, BlobProgress> Uploads { get; private init; } =
        ImmutableSortedDictionary.Create<string, BlobProgress>(StringComparer.Ordinal);

    /// <summary>Packages in the plan.</summary>
    public int Total => States.Count;

    /// <summary>Packages that came to an end, however.</summary>
    public int Finished => States.Values.Count(x => x is not (BuildState.Waiting or BuildState.Ready or BuildState.Running));

    /// <summary>Packages in this state.</summary>
    public int Count(BuildState state) => States.Values.Count(x => x == state);

    /// <summary>The same after one more event.</summary>
    public BuildProgress After(EngineEvent happened, TimeSpan startedAt) =>
        happened switch
        {
            PlanMade plan => this with { States = States.SetItems(Waiting(plan)) },
            PackageStateChanged { State: BuildState.Running } change => WithState(change) with
            {
                Running = Running.RemoveAll(x => x.Package == change.Package).Add(new(change.Package, "", startedAt, change.Expected)),
            },
            PackageStateChanged change => WithState(change) with { Running = Running.RemoveAll(x => x.Package == change.Package) },
            StepStarted step => this with
            {
                Running = Running.ConvertAll(x => x.Package == step.Package ? x with { Step = step.Step } : x),
            },
            DownloadProgress download => this with { Downloads = Downloads.SetItem(download.Name, download) },
            DownloadFinished download => this with { Downloads = Downloads.Remove(download.Name) },
            DownloadRefused download => this with { Downloads = Downloads.Remove(download.Name) },
            BlobProgress upload => this with { Uploads = Uploads.SetItem(upload.Name, upload) },
            BlobArrived upload => this with { Uploads = Uploads.Remove(upload.Name) },
            _ => this,
        };

    private BuildProgress WithState(PackageStateChanged change) =>
        this with
        {
            States = States.SetItem(change.Package, change.State),
        };

    private static IEnumerable<KeyValuePair<string, BuildState>> Waiting(PlanMade plan) =>
        plan.Packages.Select(x => KeyValuePair.Create(x, BuildState.Waiting));
}
