using System.Collections.Immutable;

namespace Recipes.Engine.Workspaces.Keys;

/// <summary>The form that a string has to have.</summary>
/// <param name="Noun">What the string is, without article: <c>glob</c>.</param>
/// <param name="Fault">Says in a few words what is wrong with a string, or null if nothing is.</param>
internal sealed record ValueForm(string Noun, Func<string, string?> Fault)
{
    private const int MaxQuote = 100;

    /// <summary>All the strings there are, where they can be counted.</summary>
    public ImmutableArray<string> Choices { get; private init; } = [];

    /// <summary>
    /// For editors: a regular expression (ECMA-262) of exactly the good strings, where there is a simple one; null
    /// where there is none.
    /// </summary>
    public string? Pattern { get; init; }

    /// <summary>One of a few words.</summary>
    public static ValueForm OneOf(string noun, params ImmutableArray<string> choices) =>
        new(noun, x => choices.Contains(x) ? null : "") { Choices = choices };

    /// <summary>The message for a faulty string, or null if it is good.</summary>
    public string? Check(string value)
    {
        if (Fault(value) is not { } fault)
            return null;
        return Choices.IsEmpty
            ? $"bad {Noun} '{Short(value)}': {fault}"
            : $"unknown {Noun} '{Short(value)}'; "
                + $"{Suggestion.For(value, Choices) ?? "it is one of " + string.Join(", ", Choices)}";
    }

    /// <summary>The fault's place shows the whole value anyway.</summary>
    private static string Short(string value) => value.Length <= MaxQuote ? value : value[..MaxQuote] + "…";
}
