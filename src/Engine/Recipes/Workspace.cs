using System.Collections.Immutable;

namespace Recipes.Engine.Recipes;

/// <summary>A checkout with <c>recipes.lock</c>, <c>stage0/</c>, <c>toolchain/</c> and <c>pkgs/</c>, all recipes read.</summary>
/// <param name="Root">Absolute path of the checkout.</param>
/// <param name="Recipes">By name.</param>
/// <param name="Diagnostics">Every fault of every recipe, sorted by file and line; a workspace with faults is not built from.</param>
public sealed partial record Workspace(
    string Root,
    ImmutableSortedDictionary<string, Recipe> Recipes,
    ImmutableArray<Diagnostic> Diagnostics
)
{
    /// <summary>The path of the lock file.</summary>
    public string LockPath => Path.Combine(Root, "recipes.lock");
}
