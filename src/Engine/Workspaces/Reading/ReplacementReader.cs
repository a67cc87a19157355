using System.Collections.Immutable;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Keys;

namespace Recipes.Engine.Workspaces.Reading;

/// <summary>Takes out of what was read the recipes that others replace.</summary>
internal sealed class ReplacementReader
{
    /// <param name="collections">All that are used.</param>
    /// <param name="results">All recipes; several may have one name.</param>
    public ReplacementReader(ImmutableArray<Collection> collections, IReadOnlyList<RecipeReadResult> results)
    {
        var byName = results.ToLookup(x => x.Location.Name, StringComparer.Ordinal);
        var gone = new HashSet<RecipeReadResult>(ReferenceEqualityComparer.Instance);
        var faults = ImmutableArray.CreateBuilder<Diagnostic>();
        var found = ImmutableArray.CreateBuilder<Replacement>();
        foreach (var (result, recipe, wanted) in Replacing(results))
        {
            var target = byName[recipe.Name]
                .FirstOrDefault(x => x.Location.Collection?.Name == wanted.Name && x != result);
            if (target is null)
            {
                faults.Add(new(Missing(collections, $"recipe '{recipe.Name}'", wanted), wanted.Span));
                continue;
            }
            gone.Add(target);
            if (target.Recipe is { } replaced)
                found.Add(new(recipe, replaced));
        }
        Remaining = [.. results.Where(x => !gone.Contains(x))];
        Found = found.ToImmutable();
        Faults = faults.ToImmutable();
    }

    /// <summary>Those that nothing replaces.</summary>
    public IReadOnlyList<RecipeReadResult> Remaining { get; }

    /// <summary>Who replaces whom.</summary>
    public ImmutableArray<Replacement> Found { get; }

    /// <summary>Those that replace what is not there.</summary>
    public ImmutableArray<Diagnostic> Faults { get; }

    private static IEnumerable<(RecipeReadResult, Recipe, RecipeReference)> Replacing(
        IEnumerable<RecipeReadResult> results
    ) =>
        from result in results
        let recipe = result.Recipe
        let wanted = recipe?.Replaces
        where wanted is not null
        select (result, recipe, wanted);

    /// <summary>Why there is nothing to replace.</summary>
    /// <param name="collections">All that are used.</param>
    /// <param name="what">What is not there, with its name.</param>
    /// <param name="wanted">The collection that it would be in.</param>
    public static string Missing(ImmutableArray<Collection> collections, string what, RecipeReference wanted) =>
        collections.Any(x => x.Name == wanted.Name)
            ? $"the collection '{wanted.Name}' has no {what} to replace"
            : Suggestion.Append(
                $"there is no collection '{wanted.Name}'",
                wanted.Name,
                collections.Select(x => x.Name)
            );
}
