using System.CommandLine;
using Recipes.Engine;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Content;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes log</c>.</summary>
internal static class LogCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var name = new Argument<string>("NAME") { Description = "A package." };
        var path = new Option<bool>("--path") { Description = "Show where the log is, not what is in it." };
        var command = new Command("log", "Show the log of a package's last build.") { name, path };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    new(host, options, parsed),
                    parsed.GetRequiredValue(name),
                    parsed.GetValue(path),
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        string name,
        bool pathOnly,
        CancellationToken cancellationToken
    )
    {
        var store = context.OpenStoreToAsk();
        if (new BuildHistory(store).Find(name) is not { } past)
            throw NeverBuilt(context, name);
        var log = store.LogPath(past.Action);
        if (!File.Exists(log))
            throw new EngineException($"the log of '{name}' is gone from the store: {log}");
        if (pathOnly)
            await context.Host.Out.WriteLineAsync(log);
        else
            await CopyAsync(log, context.Host.Out, cancellationToken);
        return ExitCode.Success;
    }

    private static EngineException NeverBuilt(CommandContext context, string name)
    {
        RecipeNames.RequirePackage(context.ReadWorkspace(), name);
        return new($"'{name}' was never built into the store at {context.StoreRoot}, so there is no log of it");
    }

    // Logs of compilers are large: not read whole, and as they are, since a person asked for them.
    private static async Task CopyAsync(string file, TextWriter writer, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(file);
        var buffer = new char[1 << 16];
        while (await reader.ReadAsync(buffer, cancellationToken) is var count and > 0)
            await writer.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
    }
}
