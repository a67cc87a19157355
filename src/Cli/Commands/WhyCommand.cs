using System.Collections.Immutable;
using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine;
using Recipes.Engine.Graph;
using Recipes.Engine.Images;
using Recipes.Engine.Recipes;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes why</c>.</summary>
internal static class WhyCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var from = new Argument<string>("A") { Description = "A recipe." };
        var to = new Argument<string>("B") { Description = "What it needs: a recipe or PACKAGE:OUTPUT; of an image also a path, a file's name or a soname." };
        var command = new Command("why", "Show how A comes to need B.") { from, to };
        command.SetAction(parsed => Run(new(host, options, parsed), parsed.GetRequiredValue(from), parsed.GetRequiredValue(to)));
        return command;
    }

    private static int Run(CommandContext context, string from, string to)
    {
        var graph = context.RequireGraph();
        var recipe = RecipeNames.Require(graph.Workspace, from);
        var (package, output) = to.Split(':', 2) is [var first, var second] ? (first, second) : (to, null);
        if (graph.Workspace.Recipes.ContainsKey(package))
            return OfRecipe(context, graph, recipe, (to, package, output));
        if (recipe.Image is not null)
            return Answer(context, recipe, to, OfImage(context, recipe, to));
        RecipeNames.Require(graph.Workspace, package);
        return ExitCode.Usage;
    }

    private static int OfRecipe(CommandContext context, RecipeGraph graph, Recipe recipe, (string Word, string Package, string? Output) to)
    {
        // What is in an image is there for what its files need at run time; only if that is not built yet do recipes tell.
        if (recipe.Image is not null && OfBuiltImage(context, recipe, to.Word) is { IsEmpty: false } paths)
            return Answer(context, recipe, to.Word, paths);
        var path = DependencyPath.Find(graph, recipe.Name, to.Package, to.Output);
        if (context.WantsJson)
            Json.Write(context.Host.Out, WhyJson.Of(path), CliJson.Default.WhyJson);
        else if (path.IsEmpty)
            context.Host.Out.WriteLine($"{recipe.Name} does not need {to.Word}");
        else
            WhyView.Write(context.Host.Out, path);
        return path.IsEmpty ? ExitCode.Failure : ExitCode.Success;
    }

    private static ImmutableArray<RuntimePath> OfImage(CommandContext context, Recipe image, string what)
    {
        var built = new BuiltWorkspace(context);
        return RuntimePath.Find(image, built.Closure(image), built.Store, what);
    }

    private static ImmutableArray<RuntimePath> OfBuiltImage(CommandContext context, Recipe image, string what)
    {
        var built = new BuiltWorkspace(context);
        var closure = RuntimeClosure.Of(image, built.Packages.Find, built.Store);
        return closure.IsWhole ? RuntimePath.Find(image, closure, built.Store, what) : [];
    }

    private static int Answer(CommandContext context, Recipe image, string what, ImmutableArray<RuntimePath> paths)
    {
        if (context.WantsJson)
            Json.Write(context.Host.Out, WhyJson.Of(paths), CliJson.Default.WhyJson);
        else if (paths.IsEmpty)
            context.Host.Out.WriteLine(Printable.Line($"{image.Name} does not hold {what}"));
        else
            WhyView.Write(context.Host.Out, image.Name, paths);
        return paths.IsEmpty ? ExitCode.Failure : ExitCode.Success;
    }
}
