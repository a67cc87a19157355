using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine.Sources;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes lock</c>.</summary>
internal static class LockCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var command = new Command("lock", "Pin the sources of recipes that are new or changed in recipes.lock.");
        command.SetAction((parsed, cancellationToken) => RunAsync(new(host, options, parsed), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var workspace = context.RequireGraph().Workspace;
        LockResult result;
        await using (var progress = context.StartProgress())
        {
            using var locker = new Locker(context.OpenStore(), progress);
            result = await locker.LockAsync(workspace.Recipes.Values, LockFile.Read(workspace.LockPath), cancellationToken);
        }
        // What could be pinned is kept, also where something else could not.
        result.Lock.Write(workspace.LockPath);
        if (context.WantsJson)
            Json.Write(context.Host.Out, LockJson.Of(result), CliJson.Default.LockJson);
        else
            WriteChanges(context.Host, result);
        return result.Failures.IsEmpty ? ExitCode.Success : ExitCode.Failure;
    }

    private static void WriteChanges(CliHost host, LockResult result)
    {
        foreach (var change in result.Changes)
            host.Out.WriteLine($"{LockJson.Name(change.Kind)} {change.Recipe}: {Printable.Line(change.Description)}");
        foreach (var failure in result.Failures)
            ErrorWriter.Write(host, $"{failure.Recipe}: {failure.Message}");
        if (result.Changes.IsEmpty && result.Failures.IsEmpty)
            host.Out.WriteLine("recipes.lock covers every recipe");
    }
}
