using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;

namespace Recipes.Engine.Building.Planning;

/// <summary>Why a package has to be built though all it needs is there.</summary>
/// <param name="Package">The recipe's name.</param>
/// <param name="Standing">
/// Where it stands; never <see cref="Standing.Built"/> or <see cref="Standing.Waiting"/>.
/// </param>
/// <param name="WasBuilt">True if an action of it ran before on this machine.</param>
/// <param name="Differences">What differs since then; empty where it never ran or its parts are no longer kept.</param>
/// <param name="Problem">Why it cannot be planned, or null.</param>
/// <param name="Expected">How long its action took when it last ran, or null.</param>
internal sealed record RootCause(
    string Package,
    Standing Standing,
    bool WasBuilt,
    ImmutableArray<ActionDifference> Differences,
    MessageText? Problem,
    TimeSpan? Expected
);

/// <summary>Why something has to be built: the causes, and apart from them what only follows.</summary>
/// <param name="Causes">Each after all that it needs; empty if all is built.</param>
/// <param name="Waiting">
/// What needs one of these, in the order of building. It is not built again if what it needs comes out unchanged.
/// </param>
/// <param name="Expected">How long all of it took when it was built last; null if some of it never was.</param>
internal sealed record BuildExplanation(
    ImmutableArray<RootCause> Causes,
    ImmutableArray<string> Waiting,
    TimeSpan? Expected
)
{
    /// <summary>Explains recipes, without building anything.</summary>
    /// <param name="graph">Of a workspace without faults.</param>
    /// <param name="packages">What is built.</param>
    /// <param name="store">Where actions are kept.</param>
    /// <param name="names">Packages and images.</param>
    /// <exception cref="EngineException">There is no such recipe, or nothing to build in it.</exception>
    public static BuildExplanation Of(
        RecipeGraph graph,
        BuiltPackages packages,
        ContentStore store,
        params IReadOnlyList<string> names
    )
    {
        var missing = graph.BuildOrder(names).Where(x => packages[x].Standing != Standing.Built).ToList();
        var history = new BuildHistory(store);
        var times = missing
            .Where(x => packages[x].Standing != Standing.Unsplit)
            .Select(x => history.Find(x)?.Seconds)
            .ToList();
        return new(
            [
                .. missing
                    .Where(x => packages[x].Standing != Standing.Waiting)
                    .Select(x => CauseOf(x, packages[x], store)),
            ],
            [.. missing.Where(x => packages[x].Standing == Standing.Waiting)],
            times.Contains(null) ? null : TimeSpan.FromSeconds(times.Sum() ?? 0)
        );
    }

    private static RootCause CauseOf(string name, PackageStanding standing, ContentStore store)
    {
        var past = new BuildHistory(store).Find(name);
        var differences = standing.Plan is { } plan && past is not null ? Differences(plan, past, store) : [];
        return new(
            name,
            standing.Standing,
            past is not null,
            differences,
            standing.Problem?.Text,
            past is null ? null : TimeSpan.FromSeconds(past.Seconds)
        );
    }

    private static ImmutableArray<ActionDifference> Differences(PackagePlan plan, PastBuild past, ContentStore store) =>
        ActionParts.Find(past.Action, store) is { } before
            ? new ActionComparer(store).Compare(before, ActionParts.Of(plan), plan.RecipeTree.Script)
            : [];
}
