using System.Collections.Immutable;
using Recipes.Engine.Sandboxes.Hosts;

namespace Recipes.Cli.Output;

/// <summary>The answer of <c>doctor --json</c>.</summary>
internal sealed record HostJson(bool Usable, ImmutableArray<HostCheckJson> Checks, ImmutableArray<string> Fixes)
{
    public static HostJson Of(HostReport report, ImmutableArray<string> fixes) =>
        new(
            report.IsUsable,
            [
                .. report.Checks.Select(x => new HostCheckJson(
                    x.Name,
                    HostReportView.State(x),
                    Printable.Line(RemedyWords.Of(x.Detail)),
                    x.Fix?.Render(RemedyWords.Of)
                )),
            ],
            fixes
        );
}

/// <summary>One check of <see cref="HostJson"/>; its state is <c>good</c>, <c>warning</c> or <c>fault</c>.</summary>
internal sealed record HostCheckJson(string Name, string State, string Detail, string? Fix);
