using Recipes.Cli.Output;
using Recipes.Engine.Bumping;
using Recipes.Engine.Bumping.Collections;
using Recipes.Engine.Graph;
using Recipes.Engine.Model;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes bump</c> of a collection.</summary>
internal static class CollectionBump
{
    /// <exception cref="UsageException">An option is for sources alone.</exception>
    public static async Task<int> RunAsync(
        CommandContext context,
        RecipeGraph graph,
        Collection collection,
        BumpChoice choice,
        CancellationToken cancellationToken
    )
    {
        if (choice.List || choice.Request is not { Archive: null, Tag: null, AllowDowngrade: false })
            throw new UsageException(
                $"'{collection.Name}' is a collection, which is moved to a branch, tag or commit: recipes bump "
                    + $"{collection.Name} [REVISION] [--dry-run] [--build] [--commit]"
            );
        var plan = choice.Plan;
        await using var progress = context.StartProgress();
        await using var project = context.OpenProject(progress, graph, choice.Sources);
        var bump = await project.BumpAsync(
            collection,
            choice.Request.Version,
            plan,
            choice.Commit ? CollectionBumpView.Message : null,
            cancellationToken
        );
        await progress.DisposeAsync();
        var code = Report(context, collection, bump);
        return code == ExitCode.Success ? BumpBuildView.Verdict(context.Host, plan, bump?.Review.Built) : code;
    }

    private static int Report(CommandContext context, Collection collection, CollectionBumpResult? bump)
    {
        var host = context.Host;
        if (bump is null)
        {
            host.Out.WriteLine($"{collection.Name} is at that commit already");
            return ExitCode.Success;
        }
        if (context.WantsJson)
            Json.Write(host.Out, CollectionBumpJson.Of(bump), CliJson.Default.CollectionBumpJson);
        else
            CollectionBumpView.Write(host.Out, bump);
        if (bump.Review.Faults.IsEmpty)
            return ExitCode.Success;
        if (!context.WantsJson)
            ErrorWriter.Write(host.Error, host.ErrorHasStyle, bump.Review.Faults);
        ErrorWriter.Write(
            host,
            $"the workspace has {Quantities.Count(bump.Review.Faults.Length, "fault")} with that commit of "
                + $"'{collection.Name}'; nothing was changed"
        );
        return ExitCode.Failure;
    }
}
