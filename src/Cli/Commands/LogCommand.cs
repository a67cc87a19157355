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
        var follow = new Option<bool>("--follow", "-f") { Description = "While the build runs, show what it adds." };
        var command = new Command("log", "Show the log of a package's last build.") { name, path, follow };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    new(host, options, parsed),
                    parsed.GetRequiredValue(name),
                    parsed.GetValue(path),
                    parsed.GetValue(follow),
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        string name,
        bool pathOnly,
        bool follow,
        CancellationToken cancellationToken
    )
    {
        var store = context.OpenStoreToAsk();
        // What ran last is known without a look at the recipes.
        var action = (follow ? null : new BuildHistory(store).Find(name)?.Action) ?? FindAction(context, name);
        var log = store.LogPath(action);
        if (!File.Exists(log))
            throw new EngineException($"the log of '{name}' is gone from the store: {log}");
        if (pathOnly)
            await context.Host.Out.WriteLineAsync(log);
        else
            await CopyAsync(log, context.Host.Out, () => follow && store.IsRunning(action), cancellationToken);
        return ExitCode.Success;
    }

    private static Digest FindAction(CommandContext context, string name)
    {
        var graph = context.RequireGraph();
        var package = RecipeNames.RequirePackage(graph.Workspace, name);
        using var project = context.OpenProject(graph: graph);
        return project.LogOf(package)
            ?? throw new EngineException(
                $"'{name}' was never built into the store at {context.StoreRoot}, so there is no log of it"
            );
    }

    // Logs of compilers are large: not read whole, and as they are, since a person asked for them.
    private static async Task CopyAsync(
        string file,
        TextWriter writer,
        Func<bool> mayGrow,
        CancellationToken cancellationToken
    )
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        var buffer = new char[1 << 16];
        while (true)
        {
            // Asked before the end is read, so that nothing of it is missed.
            var isGrowing = mayGrow();
            while (await reader.ReadAsync(buffer, cancellationToken) is var count and > 0)
                await writer.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            if (!isGrowing)
                return;
            await writer.FlushAsync(cancellationToken);
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }
    }
}
