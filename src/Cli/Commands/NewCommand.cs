using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine.Authoring;
using Recipes.Engine.Sources.Downloads;
using Recipes.Engine.Sources.Locking;

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
            Description =
                "Where the release archive is: a URL, debian:pool/…, or file: with a path in the recipe's folder.",
            HelpName = "URL",
        };
        var git = new Option<string?>("--git")
        {
            Description = "Upstream's git repository, in place of an archive.",
            HelpName = "URL",
        };
        var tag = new Option<string?>("--tag")
        {
            Description = "The tag of the release, with --git.",
            HelpName = "TAG",
        };
        var version = new Option<string?>("--version")
        {
            Description = "The version, where the name of the archive or the tag does not show it.",
            HelpName = "VERSION",
        };
        var debian = new Option<string?>("--debian")
        {
            Description =
                "Take the newest release archive, or that of --version, from Debian's pool; SOURCE is what Debian "
                + "calls it, by default NAME.",
            HelpName = "SOURCE",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var image = new Option<bool>("--image")
        {
            Description =
                "Write the recipe of an image that holds the package too; that alone, if the package is there and "
                + "no place of a source is given.",
        };
        var unsigned = UnsignedOption.Create();
        var command = new Command(
            Verb,
            "Write the recipe of a package from its source, as far as that tells, and pin it."
        )
        {
            name,
            archive,
            git,
            tag,
            debian,
            version,
            image,
            unsigned,
        };
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
                        Debian = parsed.GetResult(debian) is null
                            ? null
                            : parsed.GetValue(debian) ?? parsed.GetRequiredValue(name),
                        Version = parsed.GetValue(version),
                        WithImage = parsed.GetValue(image),
                    },
                    UnsignedOption.Read(parsed, unsigned),
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        NewRequest request,
        SourceOptions options,
        CancellationToken cancellationToken
    )
    {
        context.RecoverWorkspace();
        var root = context.WorkspaceRoot;
        if (
            request is { WithImage: true, Archive: null, Git: null, Tag: null, Debian: null }
            && context.ReadWorkspace().Recipes.ContainsKey(request.Name)
        )
            return WriteImage(context, request.Name);
        if (request.Fault(root) is { } fault)
            throw new UsageException(fault);
        PreparedRecipe recipe;
        await using (var progress = context.StartProgress())
        {
            using var author = new Author(context.OpenStore(), progress, options);
            request = await author.LocateAsync(request, cancellationToken);
            var workspace = CommandContext.RequireGraph(Author.Begin(root, request)).Workspace;
            recipe = await author.PrepareAsync(
                workspace,
                LockFile.Read(workspace.LockPath),
                request,
                cancellationToken
            );
        }
        var isStaged = recipe.Apply(cancellationToken);
        if (context.WantsJson)
            Json.Write(context.Host.Out, NewJson.Of(recipe, isStaged), CliJson.Default.NewJson);
        else
            NewView.Write(context.Host.Out, recipe, isStaged);
        return ExitCode.Success;
    }

    private static int WriteImage(CommandContext context, string package)
    {
        var workspace = context.RequireGraph().Workspace;
        RecipeNames.RequirePackage(workspace, package);
        var image = PreparedImage.Of(workspace, package);
        image.Apply();
        if (context.WantsJson)
            Json.Write(
                context.Host.Out,
                new NewImageJson(image.Recipe.Name, image.Recipe.File, image.Text),
                CliJson.Default.NewImageJson
            );
        else
            NewView.Write(context.Host.Out, image);
        return ExitCode.Success;
    }
}
