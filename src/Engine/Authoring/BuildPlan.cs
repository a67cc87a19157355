using System.Collections.Immutable;
using Recipes.Engine.Model;

namespace Recipes.Engine.Authoring;

/// <summary>A way to build a source, as <c>[build]</c> would say it.</summary>
/// <param name="System">The preset.</param>
/// <param name="From">The file that shows it.</param>
/// <param name="IsGuess">True if the way may well fail as it is.</param>
internal sealed record BuildPlan(BuildSystem System, string From, bool IsGuess = false)
{
    /// <summary>Programs that the preset calls and that the toolchain has not: packages are called like them.</summary>
    public ImmutableArray<string> Programs { get; init; } = [];

    /// <summary>Further arguments of the configure step.</summary>
    public ImmutableArray<string> Configure { get; init; } = [];

    /// <summary>Further arguments of the compile step.</summary>
    public ImmutableArray<string> Compile { get; init; } = [];

    /// <summary>Further arguments of the install step.</summary>
    public ImmutableArray<string> Install { get; init; } = [];

    /// <summary>Step and script, in the order of the steps.</summary>
    public ImmutableArray<(string Step, string Script)> Steps { get; init; } = [];

    /// <summary>Why it is so, where the reason is not plain; null where it is.</summary>
    public string? Remark { get; init; }
}
