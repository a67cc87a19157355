using System.Collections.Immutable;
using Recipes.Engine.Model;

namespace Recipes.Engine.Contracts;

/// <summary>What is promised of an image that it does not tell itself.</summary>
internal sealed record ContractTerms
{
    /// <summary>The most bytes that its files may have; null for no limit.</summary>
    public long? SizeLimit { get; init; }

    /// <summary>The oldest kernel that it runs on; null where nothing is promised.</summary>
    public string? Kernel { get; init; }

    /// <summary>Globs of further paths.</summary>
    public ImmutableArray<string> Paths { get; init; } = [];

    /// <summary>Those of an image that is no stack's.</summary>
    public static ContractTerms Of(ImageRecipe image) => new() { SizeLimit = image.Image.SizeLimit };

    /// <summary>Those of a stack's image to run on.</summary>
    public static ContractTerms Of(StackSpec stack, ImageRecipe runtime) =>
        Of(runtime) with
        {
            Kernel = stack.Kernel,
            Paths = stack.Paths,
        };
}
