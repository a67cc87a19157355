using System.Collections.Immutable;
using Recipes.Engine.Building;

namespace Recipes.Engine.Testing;

/// <summary>How some tests ended.</summary>
/// <param name="Outcomes">By recipe, in the order of their names.</param>
/// <param name="Builds">How each package of the builds before them ended.</param>
public sealed record TestReport(ImmutableArray<TestOutcome> Outcomes, ImmutableArray<PackageOutcome> Builds)
{
    /// <summary>True if every test passed, now or before.</summary>
    public bool Succeeded => Outcomes.All(x => x.State is TestState.Passed or TestState.Cached);
}
