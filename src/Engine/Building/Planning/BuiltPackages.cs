using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Building.Planning;

/// <summary>
/// What the store holds of the packages of a workspace as their recipes and pins are now. Nothing is built for it.
/// </summary>
internal sealed class BuiltPackages
{
    private readonly Workspace workspace;
    private readonly Dictionary<string, PackageStanding> standings = new(StringComparer.Ordinal);

    internal BuiltPackages(
        RecipeGraph graph,
        ContentStore store,
        ISourceTrees sources,
        IEnumerable<string>? names,
        CancellationToken cancellationToken
    )
    {
        workspace = graph.Workspace;
        var resolver = new Resolver(graph, store, sources);
        var buildable = graph.Workspace.Recipes.Values.Where(x => x is PackageRecipe or SeedRecipe);
        Order = graph.BuildOrder(names ?? buildable.Select(x => x.Name));
        foreach (var name in Order)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var standing = resolver.Look(name, foresee: true);
            standings.Add(name, standing);
            if (standing.Result is { } result)
                resolver.Know(result);
        }
    }

    /// <summary>Looks up every package.</summary>
    /// <param name="graph">Of a workspace without faults.</param>
    /// <param name="locks">Its lock.</param>
    /// <param name="store">Where results are.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static BuiltPackages Find(
        RecipeGraph graph,
        LockFile locks,
        ContentStore store,
        CancellationToken cancellationToken = default
    ) => new(graph, store, OwnCodeTrees.Of(graph.Workspace, locks, store), names: null, cancellationToken);

    /// <summary>Looks up some packages and all that their graph has.</summary>
    /// <param name="graph">Of a workspace without faults.</param>
    /// <param name="locks">Its lock.</param>
    /// <param name="store">Where results are.</param>
    /// <param name="names">Packages and images.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static BuiltPackages Find(
        RecipeGraph graph,
        LockFile locks,
        ContentStore store,
        IEnumerable<string> names,
        CancellationToken cancellationToken = default
    ) => new(graph, store, OwnCodeTrees.Of(graph.Workspace, locks, store), names, cancellationToken);

    /// <summary>The seeds and packages, each after all that it needs.</summary>
    public ImmutableArray<string> Order { get; }

    /// <summary>The result of a package, or null if it has none as its recipe is now.</summary>
    public BuiltPackage? Find(string package) =>
        standings.GetValueOrDefault(package) is { Standing: Standing.Built, Result: { } result } ? result : null;

    /// <summary>Where a package stands.</summary>
    public Standing StandingOf(string package) => this[package].Standing;

    internal PackageStanding this[string package] => standings[workspace.RequireOutputs(package).Name];
}
