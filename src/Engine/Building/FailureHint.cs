namespace Recipes.Engine.Building;

/// <summary>A need that a failed build did not declare.</summary>
/// <param name="Missing">The header, command or library that the log calls missing.</param>
/// <param name="Provider">Who has it; null if nothing that is built does.</param>
public sealed record FailureHint(string Missing, HintedOutput? Provider)
{
    /// <summary>
    /// The program that the log itself calls missing, though it is there and <see cref="Missing"/> is its interpreter;
    /// or null.
    /// </summary>
    public string? Program { get; init; }
}

/// <summary>An output that has what a failed build missed.</summary>
/// <param name="Output"><c>package:output</c>.</param>
/// <param name="Path">Where in it.</param>
/// <param name="Need">What to add to the needs.</param>
public sealed record HintedOutput(string Output, string Path, string Need);
