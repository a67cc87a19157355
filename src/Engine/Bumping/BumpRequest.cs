namespace Recipes.Engine.Bumping;

/// <summary>What to bump a source to.</summary>
internal sealed record BumpRequest
{
    /// <summary>The recipe's name.</summary>
    public required string Recipe { get; init; }

    /// <summary>
    /// The new version; null for the newest release that upstream offers, or for the one in the name of the archive or
    /// tag.
    /// </summary>
    public string? Version { get; init; }

    /// <summary>A file that is the release archive, in place of a download.</summary>
    public string? Archive { get; init; }

    /// <summary>The tag, where the recipe's template does not yield it.</summary>
    public string? Tag { get; init; }

    /// <summary>Whether the new version may be lower than the old one.</summary>
    public bool AllowDowngrade { get; init; }
}
