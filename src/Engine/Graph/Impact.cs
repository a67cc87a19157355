using System.Collections.Immutable;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Graph;

/// <summary>What a change of a recipe or of its pin reaches at most.</summary>
/// <param name="Packages">What is built again, in order; less if an output on the way comes out unchanged.</param>
/// <param name="Images">The images that hold one of these, by name.</param>
internal sealed record Impact(ImmutableArray<string> Packages, ImmutableArray<string> Images)
{
    /// <summary>Follows a change.</summary>
    /// <exception cref="EngineException">There is no such recipe.</exception>
    public static Impact Of(RecipeGraph graph, string name) => Of(graph, [name]);

    /// <summary>Follows changes of several recipes.</summary>
    /// <exception cref="EngineException">There is no such recipe.</exception>
    public static Impact Of(RecipeGraph graph, IReadOnlyCollection<string> names)
    {
        var recipes = graph.Workspace.Recipes;
        var changed = Sourcing(graph, names);
        var packages = ImmutableArray.CreateBuilder<string>();
        foreach (
            var package in graph.BuildOrder(
                recipes.Values.Where(x => x is PackageRecipe or SeedRecipe).Select(x => x.Name)
            )
        )
        {
            if (!changed.Contains(package) && !graph.DirectNeeds(package).Any(x => changed.Contains(x.Package)))
                continue;
            changed.Add(package);
            packages.Add(package);
        }
        var images = recipes.Values.Where(x =>
            x is ImageRecipe
            && (names.Contains(x.Name) || graph.ImageContent(x.Name).Any(c => changed.Contains(c.Package)))
        );
        return new(packages.ToImmutable(), [.. images.Select(x => x.Name)]);
    }

    /// <summary>The recipes, those that build from their sources, and those that are like them.</summary>
    private static HashSet<string> Sourcing(RecipeGraph graph, IEnumerable<string> names)
    {
        var alike = graph
            .Workspace.Recipes.Values.OfType<PackageRecipe>()
            .Where(x => x.Build.Like is not null)
            .ToLookup(x => x.Build.Like!.Name, StringComparer.Ordinal);
        var found = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>(names);
        while (open.TryPop(out var next))
        {
            if (!found.Add(next))
                continue;
            foreach (var dependent in graph.Dependents(next).Where(x => x.Kind == DependencyKind.Source))
                open.Push(dependent.From);
            foreach (var other in alike[next])
                open.Push(other.Name);
        }
        return found;
    }
}
