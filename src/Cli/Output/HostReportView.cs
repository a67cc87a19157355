using System.Collections.Immutable;
using Recipes.Cli.Doctor;
using Recipes.Engine.Sandboxes;

namespace Recipes.Cli.Output;

/// <summary>A host's checks for people, with the commands that mend it last.</summary>
internal static class HostReportView
{
    public static void Write(CliHost host, HostReport report, ImmutableArray<string> mends)
    {
        var width = report.Checks.Max(x => x.Name.Length);
        foreach (var check in report.Checks)
            host.Out.WriteLine($"{Mark(check, host.OutHasStyle)} {check.Name.PadRight(width)}  {check.Detail}");
        if (mends.Length > 0)
            host.Out.WriteLine("\nto mend:");
        foreach (var mend in mends)
            host.Out.WriteLine("  " + mend);
    }

    /// <summary>The word for how a check went.</summary>
    public static string State(HostCheck check) => check.Passed ? "good" : check.IsRequired ? "fault" : "warning";

    private static string Mark(HostCheck check, bool styled) =>
        check.Passed ? Sgr.Green(styled, "good   ")
        : check.IsRequired ? Sgr.Red(styled, "fault  ")
        : Sgr.Yellow(styled, "warning");
}
