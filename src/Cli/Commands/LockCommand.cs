using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine.Building;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Git;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes lock</c>.</summary>
internal static class LockCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var check = new Option<bool>("--check")
        {
            Description = "Change nothing: prove that lock, gitlinks, recipes and patches agree, and list what does not.",
        };
        var unsigned = UnsignedOption.Create();
        var command = new Command("lock", "Pin the sources of recipes that are new or changed: in recipes.lock, and as gitlinks.") { check, unsigned };
        command.SetAction(
            (parsed, cancellationToken) =>
                parsed.GetValue(check)
                    ? CheckAsync(new(host, options, parsed), cancellationToken)
                    : RunAsync(new(host, options, parsed), UnsignedOption.Read(parsed, unsigned), cancellationToken)
        );
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, SourceOptions options, CancellationToken cancellationToken)
    {
        var workspace = context.RequireGraph().Workspace;
        var project = Superproject.Find(workspace.Root);
        project?.RequireAllRecipes();
        LockResult result;
        await using (var progress = context.StartProgress())
        {
            using var locker = new Locker(context.OpenStore(), progress, options);
            result = await locker.LockAsync(workspace.Recipes.Values, LockFile.Read(workspace.LockPath), cancellationToken);
        }
        // What could be pinned is kept, also where something else could not.
        result.Lock.Write(workspace.LockPath);
        var staged = project is not null && PinnedSubmodules.Write(project, workspace.Recipes.Values, result.Lock);
        if (context.WantsJson)
            Json.Write(context.Host.Out, LockJson.Of(result, staged), CliJson.Default.LockJson);
        else
            WriteChanges(context.Host, result, staged);
        return result.Failures.IsEmpty ? ExitCode.Success : ExitCode.Failure;
    }

    private static async Task<int> CheckAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var workspace = context.RequireGraph().Workspace;
        var locks = LockFile.Read(workspace.LockPath);
        var recipes = workspace.Recipes.Values;
        var faults = LockCheck.Of(recipes, locks);
        if (Superproject.Find(workspace.Root) is { } project)
        {
            project.RequireAllRecipes();
            faults = faults.AddRange(PinnedSubmodules.Faults(project, recipes, locks));
        }
        // Only a patch has to be tried on its source, which may have to be fetched for that.
        if (recipes.Any(x => x.WrittenSource is { Patches.IsEmpty: false }))
        {
            await using var progress = context.StartProgress();
            var store = context.OpenStore();
            using var fetcher = new SourceFetcher(store, progress);
            faults = faults.AddRange(await PatchCheck.FaultsAsync(workspace, recipes, locks, store, fetcher, cancellationToken));
        }
        return context.WriteFaults(workspace, faults, "lock, gitlinks, recipes and patches agree");
    }

    private static void WriteChanges(CliHost host, LockResult result, bool staged)
    {
        foreach (var change in result.Changes)
            host.Out.WriteLine($"{LockJson.Name(change.Kind)} {change.Recipe}: {Printable.Line(change.Description)}");
        if (staged)
            host.Out.WriteLine("staged the gitlinks and .gitmodules");
        foreach (var failure in result.Failures)
            ErrorWriter.Write(host, $"{failure.Recipe}: {failure.Message}");
        if (result.Changes.IsEmpty && result.Failures.IsEmpty && !staged)
            host.Out.WriteLine("recipes.lock covers every recipe");
    }
}
