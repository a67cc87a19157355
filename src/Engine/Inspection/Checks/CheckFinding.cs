namespace Recipes.Engine.Inspection.Checks;

/// <summary>Something that a check after the build found.</summary>
/// <param name="Check">The check's name, as in <c>[[waivers]]</c>.</param>
/// <param name="Path">Relative to the root; of <c>empty-output</c>, the output's name.</param>
/// <param name="Explanation">What was found and what to do, in one sentence without a full stop.</param>
/// <param name="Waiver">The reason that the recipe gives for letting it pass; null if it fails the build.</param>
internal sealed record CheckFinding(string Check, string Path, string Explanation, string? Waiver = null)
{
    /// <summary><c>check: path: explanation</c>.</summary>
    public override string ToString() => $"{Check}: {Path}: {Explanation}";
}
