using System.Collections.Immutable;

namespace Recipes.Engine.Building;

/// <summary>A package of a plan.</summary>
/// <param name="Name">The recipe's name.</param>
/// <param name="Needs">The packages of the plan that it needs directly.</param>
/// <param name="Expected">
/// How long its action will run, or what is left of it; null where nobody can say. Of a seed nothing runs: zero.
/// </param>
internal sealed record PlanNode(string Name, ImmutableArray<string> Needs, TimeSpan? Expected)
{
    /// <summary>True if it has a slot already.</summary>
    public bool IsRunning { get; init; }
}
