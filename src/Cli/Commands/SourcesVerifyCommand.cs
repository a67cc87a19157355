using System.CommandLine;
using Recipes.Engine;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes sources verify</c>.</summary>
internal static class SourcesVerifyCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var command = new Command("verify", "Prove that gitlinks, lock and origins agree, reading every origin anew.");
        command.SetAction((parsed, cancellationToken) => RunAsync(new(host, options, parsed), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using var progress = context.StartProgress();
        await using var project = context.OpenProject(progress);
        var faults = await project.VerifySourcesAsync(cancellationToken);
        await progress.DisposeAsync();
        return context.WriteFaults(project.Workspace, faults, "gitlinks, lock and origins agree");
    }
}
