using System.Collections.Immutable;
using Recipes.Engine;
using Recipes.Engine.Building;
using Recipes.Engine.Building.Scheduling;
using Recipes.Engine.Images;
using Recipes.Engine.Sources.Downloads;

namespace Recipes.Cli.Output;

/// <summary>Where a plan stands, as its events tell.</summary>
internal sealed record BuildProgress
{
    /// <summary>Before the first event.</summary>
    public static BuildProgress None { get; } = new();

    /// <summary>The last known state of every package.</summary>
    public ImmutableDictionary<string, BuildState> States { get; private init; } =
        ImmutableDictionary.Create<string, BuildState>(StringComparer.Ordinal);

    /// <summary>The plan that was made last, or null.</summary>
    public PlanMade? Plan { get; private init; }

    /// <summary>In the order in which they started.</summary>
    public ImmutableList<RunningBuild> Running { get; private init; } = [];

    /// <summary>Downloads that go on, by name.</summary>
    public ImmutableSortedDictionary<string, Download> Downloads { get; private init; } =
        ImmutableSortedDictionary.Create<string, Download>(StringComparer.Ordinal);

    /// <summary>Blobs on their way to a registry, by name.</summary>
    public ImmutableSortedDictionary<string, BlobProgress> Uploads { get; private init; } =
        ImmutableSortedDictionary.Create<string, BlobProgress>(StringComparer.Ordinal);

    /// <summary>Layers and archives that are being written, by name.</summary>
    public ImmutableSortedDictionary<string, WriteProgress> Writes { get; private init; } =
        ImmutableSortedDictionary.Create<string, WriteProgress>(StringComparer.Ordinal);

    /// <summary>Packages in the plan.</summary>
    public int Total => States.Count;

    /// <summary>Packages that came to an end, however.</summary>
    public int Finished =>
        States.Values.Count(x => x is not (BuildState.Waiting or BuildState.Ready or BuildState.Running));

    /// <summary>Packages in this state.</summary>
    public int Count(BuildState state) => States.Values.Count(x => x == state);

    /// <summary>True once a package of the plan was built, or is being built.</summary>
    public bool HasStarted => PlannedIn(BuildState.Running, BuildState.Built, BuildState.Failed).Any();

    /// <summary>
    /// When the plan will end; null before its first build, since until then nobody knows what of it the store holds.
    /// </summary>
    /// <param name="now">On the renderer's clock.</param>
    public PlanEstimate? Estimate(TimeSpan now)
    {
        if (Plan is null || !HasStarted)
            return null;
        var isEnding = !Plan.KeepGoing && PlannedIn(BuildState.Failed).Any();
        var pending = isEnding
            ? PlannedIn(BuildState.Running)
            : PlannedIn(BuildState.Waiting, BuildState.Ready, BuildState.Running);
        var running = Running.ToDictionary(x => x.Package, StringComparer.Ordinal);
        return PlanEstimate.Of(
            [
                .. pending.Select(x =>
                    running.TryGetValue(x.Name, out var build)
                        ? x with
                        {
                            Expected = build.Remaining(now),
                            IsRunning = true,
                        }
                        : x
                ),
            ],
            Plan.Builds
        );
    }

    /// <summary>True if a package was built, or found in the store.</summary>
    public bool IsThere(string package) =>
        States.TryGetValue(package, out var state) && state is BuildState.Built or BuildState.Cached;

    /// <summary>What of the plan waits for a package, the nearest first.</summary>
    public ImmutableArray<string> WaitersOf(string package)
    {
        var waiting = PlannedIn(BuildState.Waiting).ToList();
        var found = new List<string> { package };
        for (var i = 0; i < found.Count; i++)
            found.AddRange(
                waiting.Where(x => x.Needs.Contains(found[i]) && !found.Contains(x.Name)).Select(x => x.Name)
            );
        return [.. found.Skip(1)];
    }

    /// <summary>The same after one more event.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="now">On the renderer's clock.</param>
    public BuildProgress After(EngineEvent happened, TimeSpan now) =>
        happened switch
        {
            PlanMade plan => this with { Plan = plan, States = States.SetItems(Waiting(plan)) },
            PackageStateChanged { State: BuildState.Ready or BuildState.Cached } change when IsThere(change.Package) =>
                this,
            PackageStateChanged { State: BuildState.Running } change => WithState(change) with
            {
                Running = Running
                    .RemoveAll(x => x.Package == change.Package)
                    .Add(new(change.Package, "", now, change.Expected)),
            },
            PackageStateChanged change => WithState(change) with
            {
                Running = Running.RemoveAll(x => x.Package == change.Package),
            },
            StepStarted step => this with
            {
                Running = Running.ConvertAll(x => x.Package == step.Package ? x with { Step = step.Step } : x),
            },
            DownloadProgress download => this with
            {
                Downloads = Downloads.SetItem(
                    download.Name,
                    Download.After(Downloads.GetValueOrDefault(download.Name), download, now)
                ),
            },
            DownloadFinished download => this with { Downloads = Downloads.Remove(download.Name) },
            DownloadRefused download => this with { Downloads = Downloads.Remove(download.Name) },
            WriteProgress write => this with { Writes = Writes.SetItem(write.Name, write) },
            WriteEnded write => this with { Writes = Writes.Remove(write.Name) },
            BlobProgress upload => this with { Uploads = Uploads.SetItem(upload.Name, upload) },
            BlobArrived upload => this with { Uploads = Uploads.Remove(upload.Name) },
            _ => this,
        };

    private BuildProgress WithState(PackageStateChanged change) =>
        this with
        {
            States = States.SetItem(change.Package, change.State),
        };

    // A later plan of the same command asks again for what an earlier one has found or built.
    private IEnumerable<KeyValuePair<string, BuildState>> Waiting(PlanMade plan) =>
        plan.Packages.Where(x => !IsThere(x.Name)).Select(x => KeyValuePair.Create(x.Name, BuildState.Waiting));

    private IEnumerable<PlanNode> PlannedIn(params BuildState[] states) =>
        Plan?.Packages.Where(x => states.Contains(States[x.Name])) ?? [];
}
