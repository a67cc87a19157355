using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine;
using Recipes.Engine.Bumping;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Downloads;
using Recipes.Engine.Sources.Git;
using Recipes.Engine.Workspaces;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes bump</c>.</summary>
internal static class BumpCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var flags = new BumpFlags();
        var command = new Command(
            "bump",
            "Move a source to another version, or a collection to another commit, and review what that changes."
        );
        flags.AddTo(command);
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(new(host, options, parsed), flags.Read(parsed, host.CurrentDirectory), cancellationToken)
        );
        return command;
    }

    private static Task<int> RunAsync(CommandContext context, BumpChoice choice, CancellationToken cancellationToken)
    {
        context.RecoverWorkspace();
        var graph = context.RequireGraph();
        if (graph.Workspace.FindCollection(choice.Request.Recipe) is { } collection)
            return CollectionBump.RunAsync(context, graph, collection, choice, cancellationToken);
        var source = RecipeNames.RequireOwnSource(graph.Workspace, choice.Request.Recipe);
        return choice.List
            ? ListAsync(context, graph, source, choice, cancellationToken)
            : BumpAsync(context, graph, choice, cancellationToken);
    }

    private static async Task<int> ListAsync(
        CommandContext context,
        RecipeGraph graph,
        OwnSource source,
        BumpChoice choice,
        CancellationToken cancellationToken
    )
    {
        await using var progress = context.StartProgress();
        await using var project = context.OpenProject(progress, graph, choice.Sources);
        var answer = await project.FindVersionsAsync(source, cancellationToken);
        await progress.DisposeAsync();
        VersionsView.Write(context.Host, source, answer, context.WantsJson);
        return answer.Versions.IsEmpty ? ExitCode.Failure : ExitCode.Success;
    }

    private static async Task<int> BumpAsync(
        CommandContext context,
        RecipeGraph graph,
        BumpChoice choice,
        CancellationToken cancellationToken
    )
    {
        await using var progress = context.StartProgress();
        await using var project = context.OpenProject(progress, graph, choice.Sources);
        var plan = choice.Plan with { CommitMessage = choice.Commit ? BumpView.Message : null };
        var bump = await project.BumpAsync(choice.Request, plan, cancellationToken);
        await progress.DisposeAsync();
        if (bump is null)
        {
            var recipe = graph.Workspace.Require(choice.Request.Recipe);
            await context.Host.Out.WriteLineAsync($"{recipe.Name} is at {recipe.Version} already");
            return ExitCode.Success;
        }
        Write(context, bump.Review, bump.IsChanged, bump.Commit);
        if (bump.Review.FailedPatches is not { IsEmpty: false } failed)
            return BumpBuildView.Verdict(context.Host, plan, bump.Review.Built);
        ErrorWriter.Write(
            context.Host,
            $"{Quantities.Count(failed.Length, "patch", "patches")} no longer "
                + $"{(failed.Length == 1 ? "applies" : "apply")}; nothing was changed. "
                + $"Fix or drop them for the new version, then run the command again."
        );
        return ExitCode.Failure;
    }

    private static void Write(CommandContext context, BumpReview review, bool isChanged, string? commit)
    {
        var host = context.Host;
        if (context.WantsJson)
            Json.Write(host.Out, BumpJson.Of(review, isChanged, commit), CliJson.Default.BumpJson);
        else
            BumpView.Write(host.Out, review);
        foreach (var place in review.Unreached)
            ErrorWriter.Warn(
                host,
                $"{place.Place} could not be reached: {Printable.Line(RemedyWords.Of(place.Reason))}"
            );
        if (review.UpstreamUnknown is { } reason)
            ErrorWriter.Warn(
                host,
                $"the source of {review.Before.Version} is no longer available, so that it could not be compared: "
                    + $"{reason}"
            );
        if (review.IsGiven)
            ErrorWriter.Warn(
                host,
                $"the archive was given, and was not compared with {review.After.Archive}; where that has other "
                    + $"bytes, 'recipes fetch' will refuse them"
            );
        if (!context.WantsJson && review.FailedPatches.IsEmpty)
            host.Out.WriteLine(
                commit is not null ? $"committed as {commit}"
                : isChanged
                    ? $"changed: recipe and "
                        + $"lock{(Superproject.Find(context.WorkspaceRoot) is null ? "" : ", and the gitlink, which is staged")}"
                : "nothing was changed"
            );
    }
}
