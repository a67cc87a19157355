namespace Recipes.Engine.Building;

/// <summary>A need that a failed build did not declare.</summary>
/// <param name="Missing">The header, command or library that the log calls missing.</param>
/// <param name="Output">The output (<c>package:output</c>) that has it.</param>
/// <param name="Path">Where in it.</param>
/// <param name="Need">What to add to the needs.</param>
public sealed record FailureHint(string Missing, string Output, string Path, string Need);
