using System.Collections.Immutable;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Authoring;

/// <summary>A way to build a source, as <c>[build]</c> would say it.</summary>
/// <param name="System">The name of the build system.</param>
/// <param name="From">The file that shows it.</param>
/// <param name="IsGuess">True if the way may well fail as it is.</param>
internal sealed record BuildPlan(string System, string From, bool IsGuess = false)
{
    /// <summary>
    /// Programs that the build calls and that the toolchain has not: packages are called like them. What the build
    /// system brings is not needed again.
    /// </summary>
    public ImmutableArray<string> Programs { get; init; } = [];

    /// <summary>Further arguments of the configure step.</summary>
    public ImmutableArray<string> Configure { get; init; } = [];

    /// <summary>Further arguments of the compile step.</summary>
    public ImmutableArray<string> Compile { get; init; } = [];

    /// <summary>Further arguments of the install step.</summary>
    public ImmutableArray<string> Install { get; init; } = [];

    /// <summary>Step and script, in the order of the steps.</summary>
    public ImmutableArray<(string Step, string Script)> Steps { get; init; } = [];

    /// <summary>The programs that are packages of a workspace and that the build system does not bring.</summary>
    public ImmutableArray<string> Needs(Workspace workspace) =>
        [.. Called(workspace).Where(x => IsPackage(workspace, x))];

    /// <summary>The programs for which there is no package.</summary>
    public ImmutableArray<string> Missing(Workspace workspace) =>
        [.. Called(workspace).Where(x => !IsPackage(workspace, x))];

    private IEnumerable<string> Called(Workspace workspace) =>
        Programs.Except(
            workspace.Systems.GetValueOrDefault(System)?.Needs.Select(x => x.Package) ?? [],
            StringComparer.Ordinal
        );

    private static bool IsPackage(Workspace workspace, string name) =>
        workspace.Recipes.GetValueOrDefault(name) is PackageRecipe { Area: RecipeArea.Packages };

    /// <summary>Why it is so, where the reason is not plain; null where it is.</summary>
    public string? Remark { get; init; }
}
