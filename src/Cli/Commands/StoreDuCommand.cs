using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine.Content;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes store du</c>.</summary>
internal static class StoreDuCommand
{
    private const int LargestTrees = 10;

    public static Command Create(CliHost host, GlobalOptions options)
    {
        var command = new Command("du", "Show where the space of the store went.");
        command.SetAction(
            (parsed, cancellationToken) => Task.FromResult(Run(new(host, options, parsed), cancellationToken))
        );
        return command;
    }

    private static int Run(CommandContext context, CancellationToken cancellationToken)
    {
        var store = context.OpenStoreToAsk();
        var usage = StoreUsage.Measure(store, LargestTrees, cancellationToken);
        if (context.WantsJson)
            Json.Write(context.Host.Out, UsageJson.Of(store.Root, usage), CliJson.Default.UsageJson);
        else
            UsageView.Write(context.Host.Out, store.Root, usage);
        return ExitCode.Success;
    }
}
