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
        var resume = new Option<bool>("--resume")
        {
            Description = "Go on from the step that failed, in the folders that it left; what comes out is not clean.",
        };
        var command = new Command("build", "Build packages with all they need.") { names, resume };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(new(host, options, parsed), parsed.GetRequiredValue(names), parsed.GetValue(resume), cancellationToken)
        );
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string[] names, bool resumes, CancellationToken cancellationToken)
    {
        await using var session = new BuildSession(context);
        foreach (var name in names)
            RecipeNames.Require(session.Workspace, name);
        if (resumes && (names.Length > 1 || session.Workspace.Recipes[names[0]].Build is null))
            throw new UsageException("--resume goes on with one package: recipes build NAME --resume");
        var report = await session.BuildAsync(names, resumes ? names[0] : null, cancellationToken);
        if (context.WantsJson)
            Json.Write(context.Host.Out, BuildJson.Of(report), CliJson.Default.BuildJson);
        else
            BuildSummary.Write(report.Succeeded ? context.Host.Out : context.Host.Error, report, session.Elapsed);
        return report.Succeeded ? ExitCode.Success : ExitCode.Failure;
    }
}
