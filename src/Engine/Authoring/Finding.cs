namespace Recipes.Engine.Authoring;

/// <summary>Something that was read out of a source tree.</summary>
/// <param name="Value">As a recipe would write it.</param>
/// <param name="From">The file that says it, or the rule by which it was inferred.</param>
/// <param name="IsGuess">True if it may well be otherwise, so that a person has to look.</param>
internal sealed record Finding(string Value, string From, bool IsGuess = false);
