using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine.Building.Running;
using Recipes.Engine.Sandboxes.Hosts;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes shell</c>.</summary>
internal static class ShellCommand
{
    public static Command Create(CliHost host, GlobalOptions options, Interruption interruption)
    {
        var name = new Argument<string>("NAME") { Description = "A package; what it needs is built first." };
        var step = new Option<string?>("--step")
        {
            Description =
                "Open it before this step, after those before it; where the last build failed, or at the start, by "
                + "default.",
            HelpName = "STEP",
        };
        var command = new Command("shell", "Open a shell in the sandbox of a package's build.") { name, step };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var context = new CommandContext(host, options, parsed);
                return await RunAsync(
                    context,
                    parsed.GetRequiredValue(name),
                    parsed.GetValue(step),
                    interruption,
                    cancellationToken
                );
            }
        );
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        string name,
        string? step,
        Interruption interruption,
        CancellationToken cancellationToken
    )
    {
        if (context.SandboxKind == SandboxKind.Docker)
            throw new UsageException("a shell opens in bubblewrap alone; leave out --sandbox docker");
        var graph = context.RequireGraph();
        RecipeNames.RequirePackage(graph.Workspace, name);
        await using var session = new BuildSession(context, graph);
        var prepared = await session.WatchAsync(x => x.PrepareShellAsync(name, step, cancellationToken));
        if (prepared.Request is not { } request)
        {
            BuildSummary.Write(context.Host.Error, prepared.Needs, session.Elapsed);
            return ExitCode.Failure;
        }
        foreach (var line in Greeting(name, request))
            await context.Host.Error.WriteLineAsync(line);
        using (interruption.LeaveToChild())
            return await session.Project.OpenShellAsync(request, cancellationToken);
    }

    private static IEnumerable<string> Greeting(string name, ShellRequest request)
    {
        if (request.Failed is { } failed)
        {
            yield return $"{name}: /build and /stage as step '{failed.Step}' left them when it failed; what you "
                + $"change stays";
            yield return $"again: sh /recipe/.steps/run {failed.Step}; afterwards, outside: recipes build {name} "
                + $"--resume";
            yield break;
        }
        var place = request.Before.IsEmpty
            ? "a fresh source tree at /build"
            : $"after {string.Join(", ", request.Before)}";
        yield return $"{name}: {place}; what you change is thrown away at the end";
        yield return $"a step: sh /recipe/.steps/run STEP; there are: {string.Join(", ", request.Steps)}";
    }
}
