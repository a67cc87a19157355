using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine.Authoring;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes init</c>.</summary>
internal static class InitCommand
{
    public const string Verb = "init";

    public static Command Create(CliHost host, GlobalOptions options)
    {
        var folder = new Argument<string?>("DIR")
        {
            Description = "The folder; the current one by default. It may have code and a git repository already.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var collection = new Option<string?>("--collection")
        {
            Description =
                "The collection to use: a git URL or a repository's folder; by default the one that this "
                + "program is from.",
            HelpName = "URL|PATH",
        };
        var command = new Command(
            Verb,
            "Make a workspace for code of one's own, with a collection of recipes as its submodule."
        )
        {
            folder,
            collection,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    new(host, options, parsed),
                    Path.GetFullPath(parsed.GetValue(folder) ?? ".", host.CurrentDirectory),
                    parsed.GetValue(collection),
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        string folder,
        string? collection,
        CancellationToken cancellationToken
    )
    {
        var host = context.Host;
        var origin = collection
            ?? host.Variable("RECIPES_CHECKOUT")
            ?? throw new UsageException("name the collection to use: recipes init --collection URL|PATH");
        // A path is relative to here, and git would take it for relative to the new repository.
        if (Directory.Exists(Path.GetFullPath(origin, host.CurrentDirectory)))
            origin = Path.GetFullPath(origin, host.CurrentDirectory);
        var made = await NewWorkspace.CreateAsync(folder, origin, cancellationToken);
        if (context.WantsJson)
            Json.Write(host.Out, InitJson.Of(made), CliJson.Default.InitJson);
        else
            InitView.Write(host.Out, made);
        return ExitCode.Success;
    }
}
