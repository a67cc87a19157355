namespace Recipes.Engine.Model;

/// <summary>
/// A workspace whose recipes another one uses, by their bare names; normally a git submodule of it, so that its commit
/// pins all that is in it.
/// </summary>
/// <param name="Name">As its own <c>recipes.toml</c> and those of its users call it.</param>
/// <param name="Folder">Relative to the workspace at hand: <c>collections/base</c>.</param>
/// <param name="Root">Absolute.</param>
internal sealed record Collection(string Name, string Folder, string Root);

/// <summary>A recipe that counts in place of one of the same name in a collection.</summary>
/// <param name="Recipe">Says <c>replaces</c>.</param>
/// <param name="Replaced">Is as if it were not there.</param>
internal sealed record Replacement(Recipe Recipe, Recipe Replaced);
