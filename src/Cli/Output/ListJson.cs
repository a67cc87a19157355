using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Recipes.Cli.Output;

/// <summary>The answer of <c>recipes list</c>.</summary>
/// <param name="Recipes">Packages and images by name, then the toolchain and seeds.</param>
internal sealed record ListJson(ImmutableArray<ListedRecipe> Recipes);

/// <summary>A recipe.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Null where it has none.</param>
/// <param name="Kind"><c>package</c>, <c>image</c>, <c>source</c>, <c>toolchain</c> or <c>seed</c>.</param>
/// <param name="File">Relative to the workspace.</param>
/// <param name="Summary">One line.</param>
/// <param name="Collection">The collection it is from; null for the workspace's own.</param>
internal sealed record ListedRecipe(
    string Name,
    string? Version,
    string Kind,
    string File,
    string Summary,
    string? Collection
)
{
    /// <summary>
    /// Of a package, the folder that it was made in outside; of an image, the packages that it takes so: absent where
    /// there is none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IEnumerable<string>? Prebuilt { get; init; }
}
