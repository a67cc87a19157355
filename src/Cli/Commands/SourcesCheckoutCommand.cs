using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine;
using Recipes.Engine.Model;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Git;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Workspaces;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes sources checkout</c>.</summary>
internal static class SourcesCheckoutCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var names = new Argument<string[]>("NAME")
        {
            Description = "Recipes with a source of their own; all of them where none is named.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command("checkout", "Make the git submodules of pinned sources: repository and work tree.")
        {
            names,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(new(host, options, parsed), parsed.GetValue(names) ?? [], cancellationToken)
        );
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, string[] names, CancellationToken cancellationToken)
    {
        var workspace = context.RequireGraph().Workspace;
        var sources =
            names.Length > 0
                ? [.. names.Select(x => RecipeNames.RequireOwnSource(workspace, x))]
                : workspace.OwnRecipes.Select(x => x.OwnSource).OfType<OwnSource>().ToList();
        var project = Superproject.Find(workspace.Root)
            ?? throw new EngineException(
                $"'{workspace.Root}' lies in no git repository, so there can be no submodules; builds do not need them"
            );
        var locks = LockFile.Read(workspace.LockPath);
        var failed = false;
        await using (var progress = context.StartProgress())
        {
            var store = context.OpenStore();
            using var fetcher = new SourceFetcher(store, progress);
            var checkout = new SourceCheckout(workspace, project, locks, store, fetcher, progress);
            foreach (var source in sources)
            {
                try
                {
                    await checkout.RunAsync(source, cancellationToken);
                }
                catch (EngineException e)
                {
                    // One work tree with changes is no reason to leave out the others.
                    failed = true;
                    ErrorWriter.Write(context.Host, $"{source.Name}: {e.Text}");
                }
            }
        }
        return failed ? ExitCode.Failure : ExitCode.Success;
    }
}
