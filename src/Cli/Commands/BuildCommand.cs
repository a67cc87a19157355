using System.CommandLine;
using Recipes.Cli.Output;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes build</c>.</summary>
internal static class BuildCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var names = new Argument<string[]>("NAME")
        {
            Description = "Packages; of an image, what it includes.",
            Arity = ArgumentArity.OneOrMore,
        };
        var timeline = TimelineOption.Create();
        var command = new Command("build", "Build packages with all they need.") { names, timeline };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(new(host, options, parsed), parsed.GetRequiredValue(names), parsed.GetValue(timeline), cancellationToken)
        );
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        string[] names,
        string? timeline,
        CancellationToken cancellationToken
    )
    {
        await using var session = new BuildSession(context, timeline);
        foreach (var name in names)
            RecipeNames.Require(session.Workspace, name);
        var report = await session.BuildAsync(names, cancellationToken);
        if (context.WantsJson)
            Json.Write(context.Host.Out, BuildJson.Of(report), CliJson.Default.BuildJson);
        else
            BuildSummary.Write(report.Succeeded ? context.Host.Out : context.Host.Error, report, session.Elapsed);
        return report.Succeeded ? ExitCode.Success : ExitCode.Failure;
    }
}
