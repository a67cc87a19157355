using System.Collections.Immutable;

namespace Recipes.Engine.Model;

/// <summary>A recipe with <c>[build]</c>.</summary>
internal sealed record PackageRecipe : Recipe
{
    /// <inheritdoc/>
    internal override string Kind => "a package";

    /// <summary>Where the code comes from; null where it is made of its folder's files alone.</summary>
    public SourceSpec? Source { get; init; }

    /// <summary>
    /// The folder made outside that its files are from: as its own source, that of the recipe it builds from, or one
    /// that is included there. Null for what is built from code alone.
    /// </summary>
    public ArtifactSource? PrebuiltFrom { get; init; }

    /// <summary>True if it was made outside, at least in part.</summary>
    public bool IsPrebuilt => PrebuiltFrom is not null;

    /// <summary>How it is built.</summary>
    public required BuildSpec Build { get; init; }

    /// <summary>
    /// The outputs, in the order in which files are given to them: the written ones, then <c>dev</c>, <c>doc</c>,
    /// <c>main</c> and <c>tools</c>.
    /// </summary>
    public ImmutableArray<OutputSpec> Outputs { get; init; } = [];

    /// <summary>
    /// True if it is left to the default which files <c>tools</c> has: the programs, if there are libraries beside
    /// them. Then they belong to what the package's name alone stands for.
    /// </summary>
    public bool HasDefaultTools => Outputs.Any(x => x is { Name: OutputName.Tools, Span: null });

    /// <summary>Whether the package's name alone, among the needs of a build, means this output too.</summary>
    public bool IsMeantByName(string output) =>
        output is OutputName.Main or "dev" || (output == OutputName.Tools && HasDefaultTools);

    /// <summary>Owners and modes that a tree cannot hold.</summary>
    public ImmutableArray<PermissionSpec> Permissions { get; init; } = [];

    /// <summary>Checks that some files need not pass.</summary>
    public ImmutableArray<WaiverSpec> Waivers { get; init; } = [];

    /// <summary>Its own test, or null.</summary>
    public TestSpec? Test { get; init; }
}

/// <summary>A recipe with <c>[image]</c>.</summary>
internal sealed record ImageRecipe : Recipe
{
    /// <inheritdoc/>
    internal override string Kind => "an image";

    /// <summary>What it is made of, and how it runs.</summary>
    public required ImageSpec Image { get; init; }

    /// <summary>Its own test, or null.</summary>
    public TestSpec? Test { get; init; }
}

/// <summary>A recipe with <c>[seed]</c>.</summary>
internal sealed record SeedRecipe : Recipe
{
    /// <inheritdoc/>
    internal override string Kind => "a seed";

    /// <summary>The root filesystem it is.</summary>
    public required SeedSpec Seed { get; init; }
}

/// <summary>A recipe with <c>[stack]</c>: a pair of images with a contract.</summary>
internal sealed record StackRecipe : Recipe
{
    /// <inheritdoc/>
    internal override string Kind => "a stack";

    /// <summary>Its images, and what is promised of them.</summary>
    public required StackSpec Stack { get; init; }
}

/// <summary>
/// A recipe with <c>[source]</c> alone: it pins code for others to build from, and builds nothing itself.
/// </summary>
internal sealed record SourceRecipe : Recipe
{
    /// <inheritdoc/>
    internal override string Kind => "a source";

    /// <summary>Where the code comes from.</summary>
    public required SourceSpec Source { get; init; }
}
