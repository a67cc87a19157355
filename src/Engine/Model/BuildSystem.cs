using System.Collections.Immutable;

namespace Recipes.Engine.Model;

/// <summary>
/// <c>systems/NAME.toml</c> of a workspace or collection: how everything is built that says <c>system = "NAME"</c>. The
/// format is described in <c>docs/systems.md</c>.
/// </summary>
internal sealed record BuildSystem
{
    /// <summary>The word for none of them: every step is written in the recipe.</summary>
    public const string None = "none";

    /// <summary>The file's name without its ending; unique in the workspace.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Relative to the workspace: <c>systems/make.toml</c>, <c>collections/base/systems/make.toml</c>.
    /// </summary>
    public required string File { get; init; }

    /// <summary>Of the first character of the file.</summary>
    public required SourceSpan Span { get; init; }

    /// <summary>The collection it is from; null for the workspace's own.</summary>
    public Collection? Collection { get; init; }

    /// <summary>The collection whose system of the same name it takes the place of, as written; or null.</summary>
    public RecipeReference? Replaces { get; init; }

    /// <summary>One line.</summary>
    public string Summary { get; init; } = "";

    /// <summary>Outputs added to the build root of each recipe that uses it; a bare name is as in a recipe.</summary>
    public ImmutableArray<OutputReference> Needs { get; init; } = [];

    /// <summary>Further variables of the environment; the recipe's own win.</summary>
    public ImmutableSortedDictionary<string, string> Environment { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>False where its steps choose the directory of the build themselves.</summary>
    public bool AllowsOutOfTree { get; init; } = true;

    /// <summary>What a recipe may set, by name.</summary>
    public ImmutableSortedDictionary<string, SystemVariable> Variables { get; init; } =
        ImmutableSortedDictionary.Create<string, SystemVariable>(StringComparer.Ordinal);

    /// <summary>Step name → its script.</summary>
    public ImmutableSortedDictionary<string, StepScript> Steps { get; init; } =
        ImmutableSortedDictionary.Create<string, StepScript>(StringComparer.Ordinal);
}

/// <summary>A variable of a build system.</summary>
/// <param name="Name">As its steps have it in braces.</param>
/// <param name="Meaning">One line.</param>
/// <param name="Default">The value where a recipe sets none; a recipe's has to be of the same type.</param>
/// <param name="Choices">The words that it may be; empty for any.</param>
/// <param name="Span">Where it is declared.</param>
internal sealed record SystemVariable(
    string Name,
    string Meaning,
    VariableValue Default,
    ImmutableArray<string> Choices,
    SourceSpan Span
);

/// <summary>The value of a variable of steps.</summary>
/// <param name="Words">The words of a list; else the one text.</param>
/// <param name="IsList">
/// True for words, each of which is quoted for the shell; false for a text that is put into the script as it is.
/// </param>
internal sealed record VariableValue(ImmutableArray<string> Words, bool IsList)
{
    /// <summary>A text.</summary>
    public static VariableValue Of(string text) => new([text], IsList: false);

    /// <summary>A list of words.</summary>
    public static VariableValue Of(ImmutableArray<string> words) => new(words, IsList: true);

    /// <summary>Its type with an article, for messages.</summary>
    public string Kind => IsList ? "a list of strings" : "a string";
}
