using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine.Model;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes list</c>.</summary>
internal static class ListCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var word = new Argument<string?>("WORD")
        {
            Description = "Part of a name or summary, in any case; all recipes where none is given.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var markdown = new Option<bool>("--markdown")
        {
            Description = "Write images and packages as tables for a page, with their sizes as far as they are built.",
        };
        var command = new Command("list", "List the recipes with their versions and summaries.") { word, markdown };
        command.SetAction(parsed =>
        {
            var context = new CommandContext(host, options, parsed);
            return parsed.GetValue(markdown)
                ? RunPage(context, parsed.GetValue(word))
                : Run(context, parsed.GetValue(word));
        });
        return command;
    }

    private static int RunPage(CommandContext context, string? word)
    {
        if (word is not null)
            throw new UsageException("--markdown writes the whole collection; leave WORD out");
        if (context.WantsJson)
            throw new UsageException("--markdown and --json exclude each other");
        using var project = context.OpenProject();
        CollectionPage.Write(context.Host.Out, project);
        return ExitCode.Success;
    }

    private static int Run(CommandContext context, string? word)
    {
        var found = context
            .RequireGraph()
            .Workspace.Recipes.Values.Where(x => Matches(x, word ?? ""))
            .OrderBy(x => x.Area != RecipeArea.Packages)
            .ThenBy(x => x.Name, StringComparer.Ordinal)
            .ToList();
        if (context.WantsJson)
        {
            Json.Write(
                context.Host.Out,
                new ListJson([
                    .. found.Select(x => new ListedRecipe(
                        x.Name,
                        x.Version,
                        KindOf(x),
                        x.File,
                        x.Summary,
                        x.Collection?.Name
                    )
                    {
                        Prebuilt = PrebuiltOf(x),
                    }),
                ]),
                CliJson.Default.ListJson
            );
            return found.Count > 0 ? ExitCode.Success : ExitCode.Failure;
        }
        if (found.Count == 0)
        {
            ErrorWriter.Write(context.Host, $"no recipe has '{word}' in its name or summary");
            return ExitCode.Failure;
        }
        // Whose a recipe is says nothing where all are one's own.
        var tellsCollection = found.Any(x => x.Collection is not null);
        string[] columns = ["recipe", "version", "kind", "summary"];
        var table = new TextTable(tellsCollection ? [.. columns[..3], "of", columns[3]] : columns);
        foreach (var recipe in found)
        {
            string[] cells = [recipe.Name, recipe.Version ?? "-", Shown(recipe), recipe.Summary];
            table.Add(tellsCollection ? [.. cells[..3], recipe.Collection?.Name ?? "-", cells[3]] : cells);
        }
        table.Write(context.Host.Out);
        return ExitCode.Success;
    }

    private static bool Matches(Recipe recipe, string word) =>
        recipe.Name.Contains(word, StringComparison.OrdinalIgnoreCase)
        || recipe.Summary.Contains(word, StringComparison.OrdinalIgnoreCase);

    private static string Shown(Recipe recipe) =>
        recipe switch
        {
            PackageRecipe { IsPrebuilt: true } => $"{KindOf(recipe)}, prebuilt",
            ImageRecipe { Image.Prebuilt: { IsEmpty: false } prebuilt } =>
                $"{KindOf(recipe)} with prebuilt {string.Join(", ", prebuilt.Select(x => x.Name))}",
            _ => KindOf(recipe),
        };

    private static IEnumerable<string>? PrebuiltOf(Recipe recipe) =>
        recipe switch
        {
            PackageRecipe { PrebuiltFrom: { } artifact } => [artifact.Folder],
            ImageRecipe { Image.Prebuilt: { IsEmpty: false } prebuilt } => prebuilt.Select(x => x.Name),
            _ => null,
        };

    private static string KindOf(Recipe recipe) =>
        recipe switch
        {
            ImageRecipe => "image",
            SeedRecipe => "seed",
            SourceRecipe => "source",
            StackRecipe => "stack",
            _ => recipe.Area == RecipeArea.Toolchain ? "toolchain" : "package",
        };
}
