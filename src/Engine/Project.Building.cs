using System.Collections.Immutable;
using Recipes.Engine.Building;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Building.Running;
using Recipes.Engine.Contracts;
using Recipes.Engine.Images;
using Recipes.Engine.Model;
using Recipes.Engine.Sandboxes.Bubblewrap;
using Recipes.Engine.Testing;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine;

/// <summary>How to compose.</summary>
public sealed record ComposeRequest
{
    /// <summary>Whether to take what was last built from a directory in place of its pinned source.</summary>
    public bool AllowsUnpinned { get; init; }

    /// <summary>The archive to write, for docker, podman and skopeo; null for none.</summary>
    public string? Archive { get; init; }

    /// <summary>The folder of the OCI image layout to write; null for none.</summary>
    public string? Layout { get; init; }
}

public sealed partial class Project
{
    /// <summary>Builds packages with all they need, and of images what they include.</summary>
    /// <param name="names">Names of recipes.</param>
    /// <param name="cancellationToken">Ends the builds.</param>
    public Task<BuildReport> BuildAsync(IReadOnlyList<string> names, CancellationToken cancellationToken = default) =>
        BuildAsync(names, [], resume: null, cancellationToken);

    /// <summary>Builds packages with all they need, and of images what they include.</summary>
    /// <param name="names">Names of recipes.</param>
    /// <param name="sources">Directories to build from in place of pinned sources; the results say so.</param>
    /// <param name="resume">
    /// One of the names, to go on with in the folders that its failure left; null for none.
    /// </param>
    /// <param name="cancellationToken">Ends the builds.</param>
    internal async Task<BuildReport> BuildAsync(
        IReadOnlyList<string> names,
        IReadOnlyCollection<(OwnSource Source, string Directory)> sources,
        string? resume,
        CancellationToken cancellationToken
    )
    {
        // A wrong name is said before a directory is read for minutes.
        foreach (var name in names)
            Workspace.RequireBuildable(name);
        var marks = new UnpinnedSources(Workspace, Store);
        var unpinned = sources.Select(x => marks.Import(x.Source, x.Directory, cancellationToken)).ToList();
        var report = await NewBuilder(unpinned)
            .BuildAsync(names, options.Build with { Resume = resume }, cancellationToken);
        marks.Note(report, names, unpinned);
        return report;
    }

    /// <summary>Composes an image into the store, and writes it where that is asked for.</summary>
    /// <param name="image">The name of an image.</param>
    /// <param name="request">How; null for into the store alone.</param>
    /// <param name="cancellationToken">Ends builds, layers and archives; no half file is left.</param>
    /// <exception cref="EngineException">
    /// It was last built from sources that are not pinned, or a file cannot be written.
    /// </exception>
    /// <exception cref="RecipeFaultsException">It includes what is prebuilt, and does not say so.</exception>
    public async Task<ComposeReport> ComposeAsync(
        string image,
        ComposeRequest? request = null,
        CancellationToken cancellationToken = default
    )
    {
        request ??= new();
        Workspace.RequireImage(image);
        // What recipes alone can tell is said before hours of builds.
        if (PrebuiltCheck.Of(Graph, [Workspace.RequireImage(image)]) is { IsEmpty: false } undeclared)
            throw new RecipeFaultsException(undeclared);
        var unpinned = new UnpinnedSources(Workspace, Store).Among(Graph.BuildOrder([image]));
        if (!request.AllowsUnpinned && !unpinned.IsEmpty)
            throw UnpinnedSources.NotAllowed(image, unpinned);
        var remade = new ArtifactTrees(new PinnedTrees(Locks), Store).ChangedAmong(
            Graph.BuildOrder([image]),
            Workspace
        );
        if (!request.AllowsUnpinned && !remade.IsEmpty)
            throw UnpinnedSources.NotRenewed(image, remade.Select(x => Workspace.Require(x.Recipe).Artifact!));
        var uncommitted = OwnCodeTrees.Of(Workspace, Locks, Store).ChangedAmong(Graph.BuildOrder([image]));
        if (!request.AllowsUnpinned && !uncommitted.IsEmpty)
            throw UnpinnedSources.NotCommitted(image, uncommitted);
        unpinned = unpinned.AddRange(uncommitted.Select(x => new UnpinnedSource(x.Recipe, x.Directory, x.Tree)));
        var composer = new Composer(Workspace, Store, NewBuilder(unpinned), options.Observer);
        var report = await composer.ComposeAsync(image, options.Build, cancellationToken);
        if (
            report.Image is { } made
            && StackContracts.Standing(made, Workspace, Workspace, Store).SelectMany(x => x.Faults()).ToImmutableArray()
                is { IsEmpty: false } broken
        )
            return report with { Image = null, Faults = broken, Unpinned = unpinned.AddRange(remade) };
        var isNew =
            report.Image is { } composed
            && await Task.Run(() => Write(composed, request, cancellationToken), cancellationToken);
        return report with { Unpinned = unpinned.AddRange(remade), IsArchiveNew = isNew };
    }

    /// <summary>Runs the <c>[test]</c> of packages and images; builds first what is not built.</summary>
    /// <param name="names">Recipes with a test.</param>
    /// <param name="again">Whether to run also what passed before, on the very same files.</param>
    /// <param name="cancellationToken">Ends tests and builds.</param>
    public Task<TestReport> TestAsync(
        IReadOnlyList<string> names,
        bool again = false,
        CancellationToken cancellationToken = default
    ) =>
        new RecipeTester(Workspace, Store, NewBuilder([]), Sandbox, options.Observer).TestAsync(
            names,
            options.Build,
            again,
            cancellationToken
        );

    /// <summary>Builds what a package needs, and prepares a shell in the sandbox of its build.</summary>
    /// <param name="package">The package.</param>
    /// <param name="step">The step to open it before; null for where the last build failed, or for the start.</param>
    /// <param name="cancellationToken">Ends the builds.</param>
    internal Task<ShellPreparation> PrepareShellAsync(
        string package,
        string? step,
        CancellationToken cancellationToken = default
    ) => NewBuilder([]).PrepareShellAsync(package, step, options.Build, cancellationToken);

    /// <summary>Opens a shell on the caller's terminal, and waits for its end.</summary>
    /// <returns>Its exit status.</returns>
    internal Task<int> OpenShellAsync(ShellRequest shell, CancellationToken cancellationToken = default) =>
        new BubblewrapSandbox(Store).AttachAsync(shell.Sandbox, cancellationToken);

    /// <summary>Runs a composed image in a sandbox, on the caller's terminal.</summary>
    /// <param name="image">The image.</param>
    /// <param name="plan">How; it was made for this image's recipe.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The exit status of its program; 128 + n for signal n.</returns>
    internal Task<int> RunAsync(ImageResult image, RunPlan plan, CancellationToken cancellationToken = default) =>
        new ImageRunner(Store).RunAsync(plan.Request(ImageRoot.Of(image, Store)), cancellationToken);

    private bool Write(ImageResult image, ComposeRequest request, CancellationToken cancellationToken)
    {
        if (request.Layout is { } layout)
            OciLayout.Write(image, layout, Store, options.Observer, cancellationToken);
        return request.Archive is { } archive
            && OciArchive.Write(image, archive, Store, options.Observer, cancellationToken);
    }
}
