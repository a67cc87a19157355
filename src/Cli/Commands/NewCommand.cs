using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine.Authoring;
using Recipes.Engine.Sources;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes new</c>.</summary>
internal static class NewCommand
{
    public const string Verb = "new";

    public static Command Create(CliHost host, GlobalOptions options)
    {
        var name = new Argument<string>("NAME") { Description = "The name of the new recipe." };
        var archive = new Option<string?>("--archive")
        {
            Description = "Where the release archive is: a URL, debian:pool/…, or file: with a path in the recipe's folder.",
            HelpName = "URL",
        };
        var git = new Option<string?>("--git") { Description = "Upstream's git repository, in place of an archive.", HelpName = "URL" };
        var tag = new Option<string?>("--tag") { Description = "The tag of the release, with --git.", HelpName = "TAG" };
        var version = new Option<string?>("--version")
        {
            Description = "The version, where the name of the archive or the tag does not show it.",
            HelpName = "VERSION",
        };
        var command = new Command(Verb, "Write the recipe of a package from its source, as far as that tells, and pin it.") { name, archive, git, tag, version };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    new(host, options, parsed),
                    new()
                    {
                        Name = parsed.GetRequiredValue(name),
                        Archive = parsed.GetValue(archive),
                        Git = parsed.GetValue(git),
                        Tag = parsed.GetValue(tag),
                        Version = parsed.GetValue(version),
                    },
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, NewRequest request, CancellationToken cancellationToken)
    {
        context.RecoverWorkspace();
        var root = context.WorkspaceRoot;
        if (request.Fault(root) is { } fault)
            throw new UsageException(fault);
        var workspace = CommandContext.RequireGraph(Author.Begin(root, request)).Workspace;
        var locks = LockFile.Read(workspace.LockPath);
        PreparedRecipe recipe;
        await using (var progress = context.StartProgress())
        {
            using var author = new Author(context.OpenStore(), progress);
            recipe = await author.PrepareAsync(workspace, locks, request, cancellationToken);
        }
        var isStaged = recipe.Apply(cancellationToken);
        if (context.WantsJson)
            Json.Write(context.Host.Out, NewJson.Of(recipe, isStaged), CliJson.Default.NewJson);
        else
            NewView.Write(context.Host.Out, recipe, isStaged);
        return ExitCode.Success;
    }
}
