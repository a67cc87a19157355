using System.Collections.Immutable;

namespace Recipes.Engine.Model;

/// <summary><c>[stack]</c>: an image to run on, and the image to build with that fits it.</summary>
internal sealed record StackSpec
{
    /// <summary>The image that applications run on, which the contract is about.</summary>
    public required RecipeReference Runtime { get; init; }

    /// <summary>
    /// The image that has all of the runtime, and what programs for it are built with; null for none.
    /// </summary>
    public RecipeReference? Build { get; init; }

    /// <summary>Counts the breaks of the contract; from 1.</summary>
    public required int Major { get; init; }

    /// <summary>The oldest kernel that it runs on, such as <c>5.4</c>; null where nothing is promised.</summary>
    public string? Kernel { get; init; }

    /// <summary>Globs of further paths that applications may rely on.</summary>
    public ImmutableArray<string> Paths { get; init; } = [];

    /// <summary>Of the table.</summary>
    public required SourceSpan Span { get; init; }
}
