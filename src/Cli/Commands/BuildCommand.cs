using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces;

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
            Description = "Go on from the step that failed, in the folders that it left; the result is not clean.",
        };
        var sources = new Option<string[]>("--source")
        {
            Description = "Build NAME from this directory, not from its pin; the result is marked as not pinned.",
            HelpName = "[NAME=]DIR",
            Arity = ArgumentArity.OneOrMore,
        };
        var timeline = TimelineOption.Create();
        var command = new Command("build", "Build packages with all they need.") { names, sources, resume, timeline };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    new(host, options, parsed),
                    parsed.GetRequiredValue(names),
                    parsed.GetValue(sources) ?? [],
                    parsed.GetValue(resume),
                    parsed.GetValue(timeline),
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        string[] names,
        string[] sources,
        bool resumes,
        string? timeline,
        CancellationToken cancellationToken
    )
    {
        var graph = context.RequireGraph();
        var recipes = names.Select(x => RecipeNames.RequireBuildable(graph.Workspace, x)).ToList();
        if (resumes && recipes is not [PackageRecipe])
            throw new UsageException("--resume goes on with one package: recipes build NAME --resume");
        var wishes = sources.Select(x => SourceWish(context, graph.Workspace, names, x)).ToList();
        await using var session = new BuildSession(context, graph, timeline);
        var report = await session.WatchAsync(x =>
            x.BuildAsync(names, wishes, resumes ? names[0] : null, cancellationToken)
        );
        var forecasts = report.Succeeded
            ? recipes.Select(x => (Recipe: x, Forecast: session.Project.Forecast(x.Name, cancellationToken))).ToList()
            : [];
        if (context.WantsJson)
            Json.Write(
                context.Host.Out,
                BuildJson.Of(report, forecasts.Select(x => x.Forecast)),
                CliJson.Default.BuildJson
            );
        else
            BuildSummary.Write(report.Succeeded ? context.Host.Out : context.Host.Error, report, session.Elapsed);
        foreach (var (recipe, forecast) in context.WantsJson ? [] : forecasts)
            ForecastView.Write(context.Host.Out, recipe, forecast);
        return report.Succeeded ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary><c>NAME=DIR</c>, or <c>DIR</c> where only one package is built.</summary>
    private static (OwnSource Source, string Directory) SourceWish(
        CommandContext context,
        Workspace workspace,
        string[] names,
        string wish
    )
    {
        var equals = wish.IndexOf('=', StringComparison.Ordinal);
        var isNamed = equals > 0 && workspace.Recipes.ContainsKey(wish[..equals]);
        if (!isNamed && names.Length > 1)
            throw new UsageException($"--source {wish}: say whose source that is, such as --source {names[0]}={wish}");
        var directory = Path.GetFullPath(isNamed ? wish[(equals + 1)..] : wish, context.Host.CurrentDirectory);
        if (!Directory.Exists(directory))
            throw new UsageException($"--source {wish}: there is no directory '{directory}'");
        return (RecipeNames.RequireSource(workspace, isNamed ? wish[..equals] : names[0]), directory);
    }
}
