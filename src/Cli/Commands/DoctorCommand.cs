using System.CommandLine;
using Recipes.Cli.Doctor;
using Recipes.Cli.Output;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes doctor</c>.</summary>
internal static class DoctorCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var command = new Command("doctor", "Check this machine, and say how to mend what is missing.");
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var context = new CommandContext(host, options, parsed);
                var report = await new HostProbe(context.StoreRoot, host.Variable("PATH") ?? "").RunAsync(cancellationToken);
                var mends = report.Mends(Environment.IsPrivilegedProcess);
                if (context.WantsJson)
                    Json.Write(host.Out, HostJson.Of(report, mends), CliJson.Default.HostJson);
                else
                    HostReportView.Write(host, report, mends);
                return report.IsUsable ? ExitCode.Success : ExitCode.Failure;
            }
        );
        return command;
    }
}
