using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Downloads;
using Recipes.Engine.Sources.Locking;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes lock</c>.</summary>
internal static class LockCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var check = new Option<bool>("--check")
        {
            Description =
                "Change nothing: prove that lock, gitlinks, recipes and patches agree, and list what does not.",
        };
        var names = new Argument<string[]>("NAME")
        {
            Description = "Recipes to pin anew, also where the lock covers them; no other pin is touched.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var unsigned = UnsignedOption.Create();
        var command = new Command(
            "lock",
            "Pin the sources of recipes that are new or changed: in recipes.lock, and as gitlinks."
        )
        {
            names,
            check,
            unsigned,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                parsed.GetValue(check)
                    ? CheckAsync(new(host, options, parsed), cancellationToken)
                    : RunAsync(
                        new(host, options, parsed),
                        parsed.GetValue(names) ?? [],
                        UnsignedOption.Read(parsed, unsigned),
                        cancellationToken
                    )
        );
        command.Validators.Add(result =>
        {
            if (result.GetValue(check) && result.GetValue(names) is { Length: > 0 })
                result.AddError("--check looks at every recipe; leave out the names");
        });
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        string[] names,
        SourceOptions options,
        CancellationToken cancellationToken
    )
    {
        var graph = context.RequireGraph();
        var recipes = names
            .Distinct(StringComparer.Ordinal)
            .Select(x => RecipeNames.RequireLocked(graph.Workspace, x))
            .ToList();
        LockResult result;
        await using (var progress = context.StartProgress())
        {
            await using var project = context.OpenProject(progress, graph, options);
            result =
                recipes.Count > 0
                    ? await project.RenewLockAsync(recipes, cancellationToken)
                    : await project.LockAsync(cancellationToken);
        }
        if (context.WantsJson)
            Json.Write(context.Host.Out, LockJson.Of(result, result.IsStaged), CliJson.Default.LockJson);
        else
            WriteChanges(context.Host, result, names);
        return result.Failures.IsEmpty ? ExitCode.Success : ExitCode.Failure;
    }

    private static async Task<int> CheckAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await using var progress = context.StartProgress();
        await using var project = context.OpenProject(progress);
        var faults = await project.CheckLockAsync(cancellationToken);
        await progress.DisposeAsync();
        return context.WriteFaults(project.Workspace, faults, "lock, gitlinks, recipes and patches agree");
    }

    private static void WriteChanges(CliHost host, LockResult result, string[] names)
    {
        foreach (var change in result.Changes)
            host.Out.WriteLine($"{LockJson.Name(change.Kind)} {change.Recipe}: {Printable.Line(change.Description)}");
        if (result.IsStaged)
            host.Out.WriteLine("staged the gitlinks and .gitmodules");
        foreach (var failure in result.Failures)
            ErrorWriter.Write(host, $"{failure.Recipe}: {failure.Message}");
        if (result.Changes.IsEmpty && result.Failures.IsEmpty && !result.IsStaged)
            host.Out.WriteLine(
                names.Length == 0
                    ? "recipes.lock covers every recipe"
                    : $"what recipes.lock pins of {string.Join(", ", names)} is what is there"
            );
    }
}
