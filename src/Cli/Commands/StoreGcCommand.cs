using System.CommandLine;
using System.CommandLine.Parsing;
using Recipes.Cli.Output;
using Recipes.Engine;
using Recipes.Engine.Content;
using Recipes.Engine.Workspaces.Keys;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes store gc</c>.</summary>
internal static class StoreGcCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var keep = new Option<long>("--keep")
        {
            Description = "Leave at most this much, such as 20GB; what current recipes need stays in any case.",
            HelpName = "SIZE",
            Required = true,
            CustomParser = ParseSize,
        };
        var command = new Command("gc", "Delete the least recently used things that no current recipe needs.") { keep };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(new(host, options, parsed), parsed.GetValue(keep), cancellationToken)
        );
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, long keep, CancellationToken cancellationToken)
    {
        await using var project = context.OpenProject();
        var done = project.CollectGarbage(keep, cancellationToken);
        if (context.WantsJson)
            Json.Write(context.Host.Out, done, CliJson.Default.StoreCleanup);
        else
            await context.Host.Out.WriteLineAsync(
                $"{Quantities.Count(done.Removed + done.ScratchRemoved, "entry", "entries")} removed: "
                    + $"{Quantities.Size(done.BytesBefore)} before, {Quantities.Size(done.BytesAfter)} now"
            );
        return ExitCode.Success;
    }

    private static long ParseSize(ArgumentResult result)
    {
        var word = result.Tokens[0].Value;
        if (!ByteSize.TryParse(word, out var bytes))
            result.AddError($"'{word}' is not a size; write one as 20GB or 500MiB");
        return bytes;
    }
}
