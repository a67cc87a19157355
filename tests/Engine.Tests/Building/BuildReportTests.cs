using System.Collections.Immutable;
using Recipes.Engine.Building;
using Xunit;

namespace Recipes.Engine.Tests.Building;

public sealed class BuildReportTests
{
    [Fact]
    public void What_an_earlier_plan_built_counts_as_built_though_a_later_one_found_it()
    {
        var first = Report(("a", BuildState.Cached), ("b", BuildState.Built), ("unneeded", BuildState.Built));
        var second = Report(("a", BuildState.Cached), ("b", BuildState.Cached), ("c", BuildState.Built));
        var third = Report(
            ("a", BuildState.Cached),
            ("b", BuildState.Cached),
            ("c", BuildState.Cached),
            ("d", BuildState.Failed)
        );

        var all = third.After(second.After(first));

        Assert.Equal(
            [("a", BuildState.Cached), ("b", BuildState.Built), ("c", BuildState.Built), ("d", BuildState.Failed)],
            all.Outcomes.Values.Select(x => (x.Package, x.State))
        );
        Assert.False(all.Succeeded);
    }

    [Fact]
    public void The_first_plan_ends_as_it_does()
    {
        var report = Report(("a", BuildState.Cached));

        Assert.Same(report, report.After(null));
    }

    private static BuildReport Report(params (string Package, BuildState State)[] outcomes) =>
        new(
            outcomes.ToImmutableSortedDictionary(
                x => x.Package,
                x => new PackageOutcome(x.Package, x.State, null, null, null),
                StringComparer.Ordinal
            )
        );
}
