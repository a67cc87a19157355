using System.Collections.Immutable;
using Recipes.Engine.Bumping;
using Recipes.Engine.Bumping.Collections;

namespace Recipes.Cli.Output;

/// <summary>The answer of <c>bump --json</c> of a collection: the whole review.</summary>
internal sealed record CollectionBumpJson(
    string Collection,
    bool Changed,
    string? Commit,
    string Before,
    string After,
    int Ahead,
    int Behind,
    ImmutableArray<DiagnosticJson> Faults,
    ImmutableArray<RecipeChangeJson> Recipes,
    ImmutableArray<LaggingReplacement> Lagging,
    ImmutableArray<Rebuild> Rebuilds,
    ImmutableArray<string> Images,
    BumpBuildJson? Built
)
{
    public static CollectionBumpJson Of(CollectionBumpResult bump)
    {
        var review = bump.Review;
        return new(
            review.Collection,
            bump.IsChanged,
            bump.Commit,
            review.Before,
            review.After,
            review.Ahead,
            review.Behind,
            [.. review.Faults.Select(DiagnosticJson.Of)],
            [
                .. review.Recipes.Select(x => new RecipeChangeJson(
                    x.Recipe,
                    x.Kind.ToString().ToLowerInvariant(),
                    x.Before,
                    x.After
                )),
            ],
            review.Lagging,
            review.Rebuilds,
            review.Images,
            review.Built is { } built ? BumpBuildJson.Of(built) : null
        );
    }
}

/// <summary>
/// A recipe that differs; kind is added, removed or changed, and versions are null where there is none.
/// </summary>
internal sealed record RecipeChangeJson(string Recipe, string Kind, string? Before, string? After);
