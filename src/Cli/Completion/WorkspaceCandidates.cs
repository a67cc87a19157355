using System.CommandLine;
using Recipes.Cli.Commands;
using Recipes.Engine;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Format;

namespace Recipes.Cli.Completion;

/// <summary>The recipes and outputs of the workspace, as arguments ask for them by their names.</summary>
internal sealed class WorkspaceCandidates(CliHost host, GlobalOptions options)
{
    /// <summary>What this argument may be; nothing for one that is a path or free text.</summary>
    public IEnumerable<Candidate> Of(Argument argument, ParseResult parsed) =>
        argument.Name switch
        {
            "IMAGE" => Recipes(parsed).OfType<ImageRecipe>().Select(Whole),
            "STACK" => Recipes(parsed).OfType<StackRecipe>().Select(Whole),
            "WHAT" or "BEFORE" or "AFTER" => Recipes(parsed).Where(x => x is StackRecipe or ImageRecipe).Select(Whole),
            // None of the names that there are may be taken.
            "NAME" when parsed.CommandResult.Command.Name == NewCommand.Verb => [],
            "NAME" => Recipes(parsed).Select(Whole),
            "OUTPUT" => Recipes(parsed).OfType<PackageRecipe>().SelectMany(WithOutputs),
            "A" or "B" => Recipes(parsed).SelectMany(WithOutputs),
            "SHELL" => CompletionScripts.Shells.Select(x => new Candidate(x, "")),
            "TOPIC" => RecipeFormat
                .Tables()
                .Where(x => x.Path.Length > 0)
                .Select(x => new Candidate(x.Path, x.Meaning)),
            _ => [],
        };

    // While a person types, recipes may have faults and folders may be no workspace: what can be read is offered.
    private IEnumerable<Recipe> Recipes(ParseResult parsed)
    {
        try
        {
            return new CommandContext(host, options, parsed).ReadWorkspace().Recipes.Values;
        }
        catch (EngineException)
        {
            return [];
        }
    }

    private static Candidate Whole(Recipe recipe) => new(recipe.Name, recipe.Summary ?? "");

    private static IEnumerable<Candidate> WithOutputs(Recipe recipe) =>
        recipe is not PackageRecipe package
            ? [Whole(recipe)]
            : package.Outputs.Select(x => new Candidate($"{recipe.Name}:{x.Name}", "")).Prepend(Whole(recipe));
}
