using System.Collections.Immutable;
using Recipes.Engine.Sandboxes;
using Recipes.Engine.Sandboxes.Hosts;

namespace Recipes.Cli.Output;

/// <summary>A host's checks for people, with the commands that fix it last.</summary>
internal static class HostReportView
{
    public static void Write(CliHost host, HostReport report, ImmutableArray<string> fixes)
    {
        var width = report.Checks.Max(x => x.Name.Length);
        foreach (var check in report.Checks)
            host.Out.WriteLine(
                $"{Mark(check, host.OutHasStyle)} {check.Name.PadRight(width)}  "
                    + $"{Printable.Line(RemedyWords.Of(check.Detail))}"
            );
        if (fixes.Length > 0)
            host.Out.WriteLine("\nto fix:");
        foreach (var fix in fixes)
            host.Out.WriteLine("  " + fix);
    }

    /// <summary>The word for how a check went.</summary>
    public static string State(HostCheck check) =>
        check.Passed ? "good"
        : check.IsRequired ? "fault"
        : "warning";

    private static string Mark(HostCheck check, bool styled) =>
        check.Passed ? Sgr.Green(styled, "good   ")
        : check.IsRequired ? Sgr.Red(styled, "fault  ")
        : Sgr.Yellow(styled, "warning");
}
