using Recipes.Engine.Building.Planning;
using Recipes.Engine.Building.Running;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Sandboxes.Hosts;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine;

/// <summary>
/// A workspace with its store: the one door to the engine. Whatever a person can ask of <c>recipes</c>, a program asks
/// here. Nothing is opened before it is needed: a question makes no store, and what runs no action needs no sandbox.
/// </summary>
/// <remarks>
/// Failures that a person can fix are <see cref="EngineException"/>s, and those of a build or a test are part of the
/// answer. Every task throws <see cref="OperationCanceledException"/> when it is cancelled; what was finished by then
/// is kept.
/// </remarks>
public sealed partial class Project : IAsyncDisposable, IDisposable
{
    private readonly ProjectOptions options;
    private readonly CancellationToken opening;
    private ContentStore? store;
    private ContentStore? asked;
    private SourceFetcher? fetcher;
    private SandboxChoice? sandbox;

    private Project(RecipeGraph graph, ProjectOptions options, CancellationToken cancellationToken) =>
        (Graph, this.options, opening) = (graph, options, cancellationToken);

    /// <summary>Reads all recipes of a workspace.</summary>
    /// <param name="root">The workspace's folder.</param>
    /// <param name="options">
    /// Store, sandbox, and who is told what happens; null for those of a person who chose nothing.
    /// </param>
    /// <param name="cancellationToken">Ends reading, and later the wait for a store that is being cleaned.</param>
    /// <exception cref="RecipeFaultsException">A recipe has faults, or recipes need each other in a circle.</exception>
    /// <exception cref="EngineException">The folder is not a workspace.</exception>
    public static Project Open(
        string root,
        ProjectOptions? options = null,
        CancellationToken cancellationToken = default
    ) => Open(Workspace.Load(root, cancellationToken), options, cancellationToken);

    /// <summary>Takes recipes that were read.</summary>
    /// <param name="workspace">All recipes.</param>
    /// <param name="options">As with the other.</param>
    /// <param name="cancellationToken">Ends the wait for a store that is being cleaned.</param>
    /// <exception cref="RecipeFaultsException">A recipe has faults, or recipes need each other in a circle.</exception>
    internal static Project Open(
        Workspace workspace,
        ProjectOptions? options = null,
        CancellationToken cancellationToken = default
    ) => Open(GraphOf(workspace), options, cancellationToken);

    /// <summary>Takes recipes whose dependencies were read.</summary>
    /// <param name="graph">All recipes.</param>
    /// <param name="options">As with the other.</param>
    /// <param name="cancellationToken">Ends the wait for a store that is being cleaned.</param>
    /// <exception cref="RecipeFaultsException">Recipes need each other in a circle.</exception>
    internal static Project Open(
        RecipeGraph graph,
        ProjectOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        graph.Diagnostics.IsEmpty
            ? new(graph, options ?? new(), cancellationToken)
            : throw new RecipeFaultsException(graph.Diagnostics);

    /// <summary>How recipes depend on each other, for those who need no store.</summary>
    /// <param name="workspace">All recipes.</param>
    /// <exception cref="RecipeFaultsException">A recipe has faults, or recipes need each other in a circle.</exception>
    internal static RecipeGraph GraphOf(Workspace workspace)
    {
        if (!workspace.Diagnostics.IsEmpty)
            throw new RecipeFaultsException(workspace.Diagnostics);
        var graph = RecipeGraph.Create(workspace);
        return graph.Diagnostics.IsEmpty ? graph : throw new RecipeFaultsException(graph.Diagnostics);
    }

    /// <summary>All recipes.</summary>
    internal Workspace Workspace => Graph.Workspace;

    /// <summary>How they depend on each other.</summary>
    internal RecipeGraph Graph { get; }

    /// <summary>The pins, as they are now, with those of collections.</summary>
    /// <exception cref="EngineException">A lock cannot be read.</exception>
    internal LockFile Locks => WorkspaceLocks.Read(Workspace);

    /// <summary>The store, made where it is missing.</summary>
    /// <exception cref="EngineException">It cannot be made or read, or was made by a newer version.</exception>
    internal ContentStore Store =>
        store ??= ContentStore.Open(options.Store, options.Observer, DeclaredRecords.All, opening);

    /// <summary>The store for a question: nothing is written to it, and one that is not there is empty.</summary>
    /// <exception cref="EngineException">It cannot be read, or was made by a newer version.</exception>
    internal ContentStore StoreToAsk =>
        asked ??= store?.ToAsk() ?? ContentStore.OpenToAsk(options.Store, options.Observer, opening);

    private SourceFetcher Fetcher => fetcher ??= new(Store, options.Observer);

    private SandboxChoice Sandbox => sandbox ??= new(Store, options.Sandbox, options.Variable);

    /// <summary>Lets go of the sandbox and of what downloads.</summary>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose()
    {
        fetcher?.Dispose();
        sandbox?.Dispose();
    }

    private Builder NewBuilder(IReadOnlyCollection<UnpinnedSource> unpinned) => NewBuilder(Graph, Locks, unpinned);

    private Builder NewBuilder(RecipeGraph graph, LockFile locks, IReadOnlyCollection<UnpinnedSource> unpinned) =>
        new(graph, locks, Store, Sandbox, Fetcher, options.Observer, unpinned);
}
