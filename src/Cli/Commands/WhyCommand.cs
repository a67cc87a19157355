using System.Collections.Immutable;
using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine;
using Recipes.Engine.Graph;
using Recipes.Engine.Images;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes why</c>.</summary>
internal static class WhyCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var from = new Argument<string>("A") { Description = "A recipe." };
        var to = new Argument<string>("B")
        {
            Description =
                "What it needs: a recipe or PACKAGE:OUTPUT; of an image also a path, a file's name or a soname.",
        };
        var command = new Command("why", "Show how A comes to need B.") { from, to };
        command.SetAction(parsed =>
            Run(new(host, options, parsed), parsed.GetRequiredValue(from), parsed.GetRequiredValue(to))
        );
        return command;
    }

    private static int Run(CommandContext context, string from, string to)
    {
        var graph = context.RequireGraph();
        var recipe = RecipeNames.Require(graph.Workspace, from);
        var wanted = OutputReference.Parse(to);
        if (graph.Workspace.Recipes.ContainsKey(wanted.Package))
            return OfRecipe(context, graph, recipe, wanted);
        if (recipe is ImageRecipe image)
            return Answer(context, graph, image, to, OfImage(context, graph, image, to, mustKnow: true));
        RecipeNames.Require(graph.Workspace, wanted.Package);
        return ExitCode.Usage;
    }

    private static int OfRecipe(CommandContext context, RecipeGraph graph, Recipe recipe, OutputReference to)
    {
        var path = DependencyPath.Find(graph, recipe.Name, to.Package, to.Output);
        // What is in an image is there for what its files need at run time; else recipes tell what its packages need
        // to be built.
        if (
            recipe is ImageRecipe image
            && OfImage(context, graph, image, to.ToString(), mustKnow: path.IsEmpty) is { IsEmpty: false } paths
        )
            return Answer(context, graph, image, to.ToString(), paths);
        var prebuilt = Prebuilt(graph, path.SelectMany(x => (string[])[x.From, x.To]));
        if (context.WantsJson)
            Json.Write(
                context.Host.Out,
                WhyJson.Of(path) with
                {
                    Prebuilt = NamesOf(prebuilt),
                },
                CliJson.Default.WhyJson
            );
        else if (path.IsEmpty)
            context.Host.Out.WriteLine($"{recipe.Name} does not need {to}");
        else
        {
            WhyView.Write(context.Host.Out, path);
            WhyView.WritePrebuilt(context.Host.Out, prebuilt);
        }
        return path.IsEmpty ? ExitCode.Failure : ExitCode.Success;
    }

    private static ImmutableArray<RuntimePath> OfImage(
        CommandContext context,
        RecipeGraph graph,
        ImageRecipe image,
        string what,
        bool mustKnow
    )
    {
        using var project = context.OpenProject(graph: graph);
        var closure = project.Forecast(image.Name).Closure;
        var paths = project.Why(image, closure, what);
        // That what is built does not hold it is no answer while a part is not built.
        if (paths.IsEmpty && mustKnow)
            Project.RequireWhole(image, closure);
        return paths;
    }

    private static int Answer(
        CommandContext context,
        RecipeGraph graph,
        ImageRecipe image,
        string what,
        ImmutableArray<RuntimePath> paths
    )
    {
        var outputs = paths.SelectMany(x => x.Hops.Select(hop => hop.To).Append(x.Output));
        var prebuilt = Prebuilt(graph, outputs.Select(x => OutputReference.Parse(x).Package));
        if (context.WantsJson)
            Json.Write(
                context.Host.Out,
                WhyJson.Of(paths) with
                {
                    Prebuilt = NamesOf(prebuilt),
                },
                CliJson.Default.WhyJson
            );
        else if (paths.IsEmpty)
            context.Host.Out.WriteLine(Printable.Line($"{image.Name} does not hold {what}"));
        else
        {
            WhyView.Write(context.Host.Out, image.Name, paths);
            WhyView.WritePrebuilt(context.Host.Out, prebuilt);
        }
        return paths.IsEmpty ? ExitCode.Failure : ExitCode.Success;
    }

    private static List<PackageRecipe> Prebuilt(RecipeGraph graph, IEnumerable<string> names) =>
        [
            .. names
                .Distinct(StringComparer.Ordinal)
                .Select(x => graph.Workspace.Recipes.GetValueOrDefault(x))
                .OfType<PackageRecipe>()
                .Where(x => x.IsPrebuilt),
        ];

    private static IEnumerable<string>? NamesOf(List<PackageRecipe> packages) =>
        packages.Count == 0 ? null : packages.Select(x => x.Name);
}
