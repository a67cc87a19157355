using System.CommandLine;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Git;

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
        var workspace = context.RequireGraph().Workspace;
        await using var progress = context.StartProgress();
        using var fetcher = new SourceFetcher(context.OpenStore(), progress);
        var verifier = new SourceVerifier(workspace, Superproject.Find(workspace.Root), LockFile.Read(workspace.LockPath), fetcher);
        var faults = await verifier.RunAsync(cancellationToken);
        await progress.DisposeAsync();
        return context.WriteFaults(workspace, faults, "gitlinks, lock and origins agree");
    }
}
