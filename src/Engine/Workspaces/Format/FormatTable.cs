using System.Collections.Immutable;
using Recipes.Engine.Workspaces.Keys;

namespace Recipes.Engine.Workspaces.Format;

/// <summary>One table of the recipe format.</summary>
/// <param name="Path">
/// The names of its keys from the top level on: <c>build.limits</c>; empty for the top level itself.
/// </param>
/// <param name="Header">
/// As a recipe begins it: <c>[build.limits]</c>, <c>[[waivers]]</c>, <c>[outputs.NAME]</c>.
/// </param>
/// <param name="Meaning">One sentence.</param>
/// <param name="Keys">In the order of the reference.</param>
internal sealed record FormatTable(string Path, string Header, string Meaning, ImmutableArray<FormatKey> Keys);

/// <summary>One key of a table of the recipe format.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Type">In a word or two: <c>string</c>, <c>strings</c>, <c>table</c>.</param>
/// <param name="IsRequired">Whether its table is faulty without it.</param>
/// <param name="Default">The value that it has where it is not written, as TOML; null for none.</param>
/// <param name="Choices">The words that it may be; empty if there are too many to list.</param>
/// <param name="Meaning">One sentence.</param>
internal sealed record FormatKey(
    string Name,
    string Type,
    bool IsRequired,
    string? Default,
    ImmutableArray<string> Choices,
    string Meaning
)
{
    /// <summary>A key beside it without which it is required; null for none.</summary>
    public string? Unless { get; init; }

    internal static FormatKey Of(KeyDescription key) =>
        new(key.Name, TypeName(key.Type), key.Required, key.Default, key.Form?.Choices ?? [], key.Meaning)
        {
            Unless = key.Unless,
        };

    private static string TypeName(KeyType type) =>
        type switch
        {
            KeyType.Text => "string",
            KeyType.TextList => "strings",
            KeyType.Boolean => "bool",
            KeyType.Integer => "integer",
            KeyType.TextTable => "table of strings",
            KeyType.Value => "string or strings",
            KeyType.ValueTable => "table of strings or lists of strings",
            KeyType.TableList => "tables",
            _ => "table",
        };
}
