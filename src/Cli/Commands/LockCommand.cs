using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Downloads;
using Recipes.Engine.Sources.Locking;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes lock</c>.</summary>
internal static class LockCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var check = new Option<bool>("--check")
        {
            Description =
                "Change nothing: prove that lock, gitlinks, recipes and patches agree, and list what does not.",
        };
        var unsigned = UnsignedOption.Create();
        var command = new Command(
            "lock",
            "Pin the sources of recipes that are new or changed: in recipes.lock, and as gitlinks."
        )
        {
            check,
            unsigned,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                parsed.GetValue(check)
                    ? CheckAsync(new(host, options, parsed), cancellationToken)
                    : RunAsync(new(host, options, parsed), UnsignedOption.Read(parsed, unsigned), cancellationToken)
        );
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        SourceOptions options,
        CancellationToken cancellationToken
    )
    {
        LockResult result;
        await using (var progress = context.StartProgress())
        {
            await using var project = context.OpenProject(progress, sources: options);
            result = await project.LockAsync(cancellationToken);
        }
        if (context.WantsJson)
            Json.Write(context.Host.Out, LockJson.Of(result, result.IsStaged), CliJson.Default.LockJson);
        else
            WriteChanges(context.Host, result, result.IsStaged);
        return result.Failures.IsEmpty ? ExitCode.Success : ExitCode.Failure;
    }

    private static async Task<int> CheckAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using var progress = context.StartProgress();
        await using var project = context.OpenProject(progress);
        var faults = await project.CheckLockAsync(cancellationToken);
        await progress.DisposeAsync();
        return context.WriteFaults(project.Workspace, faults, "lock, gitlinks, recipes and patches agree");
    }

    private static void WriteChanges(CliHost host, LockResult result, bool staged)
    {
        foreach (var change in result.Changes)
            host.Out.WriteLine($"{LockJson.Name(change.Kind)} {change.Recipe}: {Printable.Line(change.Description)}");
        if (staged)
            host.Out.WriteLine("staged the gitlinks and .gitmodules");
        foreach (var failure in result.Failures)
            ErrorWriter.Write(host, $"{failure.Recipe}: {failure.Message}");
        if (result.Changes.IsEmpty && result.Failures.IsEmpty && !staged)
            host.Out.WriteLine("recipes.lock covers every recipe");
    }
}
