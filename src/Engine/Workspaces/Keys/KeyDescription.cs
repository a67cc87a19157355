using System.Collections.Immutable;

namespace Recipes.Engine.Workspaces.Keys;

/// <summary>The type of a key's value.</summary>
internal enum KeyType
{
    /// <summary>A string.</summary>
    Text,

    /// <summary>A list of strings.</summary>
    TextList,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A table whose names are free and whose values are strings.</summary>
    TextTable,

    /// <summary>A string or a list of strings.</summary>
    Value,

    /// <summary>A table whose names are free and whose values are strings or lists of strings.</summary>
    ValueTable,

    /// <summary>A table with described keys.</summary>
    Table,

    /// <summary>Any number of tables with described keys: <c>[[waivers]]</c>.</summary>
    TableList,

    /// <summary>
    /// A table whose names are free and whose values are tables with described keys; where the first of these keys is a
    /// list of strings, such a list is short for a table with it.
    /// </summary>
    NamedTables,
}

/// <summary>
/// One key of the recipe format. All that checks recipes or tells people about the format is drawn from these
/// descriptions.
/// </summary>
/// <param name="Name">As it is written.</param>
/// <param name="Type">The type of its value.</param>
/// <param name="Meaning">One sentence for the reference and for editors.</param>
internal sealed record KeyDescription(string Name, KeyType Type, string Meaning)
{
    /// <summary>Whether its table is faulty without it.</summary>
    public bool Required { get; init; }

    /// <summary>A key beside it without which it is required; null for none.</summary>
    public string? Unless { get; init; }

    /// <summary>The value that it has where it is not written, as TOML; null for none.</summary>
    public string? Default { get; init; }

    /// <summary>The form of the string, or of each string of a list or table; null for any string.</summary>
    public ValueForm? Form { get; init; }

    /// <summary>The form of the free names of a table; null for any name.</summary>
    public ValueForm? NameForm { get; init; }

    /// <summary>Whether a list has to have items.</summary>
    public bool NotEmpty { get; init; }

    /// <summary>Whether the strings of a list have to differ.</summary>
    public bool Distinct { get; init; }

    /// <summary>Whether <c>{name}</c> and <c>{version}</c> are replaced.</summary>
    public bool Template { get; init; }

    /// <summary>The least whole number.</summary>
    public long Minimum { get; init; }

    /// <summary>The greatest whole number.</summary>
    public long Maximum { get; init; } = int.MaxValue;

    /// <summary>The keys of a table.</summary>
    public ImmutableArray<KeyDescription> Keys { get; init; } = [];

    /// <summary>The described key of that name, or null.</summary>
    public KeyDescription? Find(string name)
    {
        // Asked for every key of every recipe: a loop costs a fraction of a query.
        foreach (var key in Keys)
        {
            if (string.Equals(key.Name, name, StringComparison.Ordinal))
                return key;
        }
        return null;
    }
}
