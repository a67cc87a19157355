using System.Collections.Immutable;
using Recipes.Cli.Doctor;

namespace Recipes.Cli.Output;

/// <summary>A host's checks for people, with the commands that mend it last.</summary>
internal static class HostReportView
{
    public static void Write(CliHost host, HostReport report, ImmutableArray<string> mends)
    {
        var width = report.Checks.Max(x => x.Name.Length);
        foreach (var check in report.Checks)
            host.Out.WriteLine($"{Mark(check.State, host.OutHasStyle)} {check.Name.PadRight(width)}  {check.Detail}");
        if (mends.Length > 0)
            host.Out.WriteLine("\nto mend:");
        foreach (var mend in mends)
            host.Out.WriteLine("  " + mend);
    }

    private static string Mark(HostState state, bool styled) =>
        state switch
        {
            HostState.Good => Sgr.Green(styled, "ok     "),
            HostState.Warning => Sgr.Yellow(styled, "warning"),
            _ => Sgr.Red(styled, "fault  "),
        };
}
