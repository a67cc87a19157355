using System.Collections.Immutable;
using Recipes.Engine.Building.Planning;

namespace Recipes.Cli.Output;

/// <summary>The answer of <c>recipes sources show</c>.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="Sources">The trees that its build starts from, parents first.</param>
internal sealed record SourcesJson(string Recipe, ImmutableArray<SourceJson> Sources);

/// <summary>A tree that a build starts from.</summary>
/// <param name="Path">Where the build has it.</param>
/// <param name="Recipe">The recipe that pins it.</param>
/// <param name="Pinned">The digest of the pinned tree.</param>
/// <param name="Patches">Paths in the workspace, in the order in which they are applied.</param>
/// <param name="Tree">The digest of the tree with its patches; null where it is not in the store.</param>
/// <param name="Folder">Where it is; null where it is not in the store.</param>
internal sealed record SourceJson(
    string Path,
    string Recipe,
    string Pinned,
    ImmutableArray<string> Patches,
    string? Tree,
    string? Folder
)
{
    public static SourceJson Of(BuildSource source) =>
        new("/" + source.Path, source.Recipe, source.Pinned.Oci, source.Patches, source.Tree?.Oci, source.Folder);
}
