namespace Recipes.Engine.Workspaces.Toml;

/// <summary>A value of a TOML document and its place.</summary>
internal abstract record TomlNode(TextRange Range)
{
    /// <summary>What it is, as messages name it: <c>a string</c>.</summary>
    public abstract string Kind { get; }
}

/// <summary>Also a name, where it is the key of a table.</summary>
internal sealed record TomlText(string Value, TextRange Range) : TomlNode(Range)
{
    public override string Kind => "a string";
}

internal sealed record TomlInteger(long Value, TextRange Range) : TomlNode(Range)
{
    public override string Kind => "a number";
}

internal sealed record TomlBoolean(bool Value, TextRange Range) : TomlNode(Range)
{
    public override string Kind => Value ? "true" : "false";
}

/// <summary>A date, or a number with a point: recipes have no use for them.</summary>
internal sealed record TomlOther(string Description, TextRange Range) : TomlNode(Range)
{
    public override string Kind => Description;
}

internal sealed record TomlList(IReadOnlyList<TomlNode> Items, TextRange Range) : TomlNode(Range)
{
    public override string Kind => "a list";
}

/// <summary><c>[[a.b]]</c>, one or more times.</summary>
internal sealed record TomlTableList(List<TomlTable> Tables, TextRange Range) : TomlNode(Range)
{
    public override string Kind => "a list of tables";
}

/// <summary>How a table came to be, which decides whether more may be added to it.</summary>
internal enum TomlTableOrigin
{
    /// <summary>Only named on the way to another table, by <c>[a.b]</c>: <c>[a]</c> may still come.</summary>
    Implied,

    /// <summary>By a dotted key: <c>a.b = 1</c>.</summary>
    Dotted,

    /// <summary>By <c>[a]</c> or <c>[[a]]</c>, or the document itself.</summary>
    Header,

    /// <summary><c>{ a = 1 }</c>: complete.</summary>
    Inline,
}

/// <summary>A table; entries stand in the order in which they are written.</summary>
internal sealed class TomlTable(TomlTableOrigin origin, TextRange range)
{
    private readonly List<TomlEntry> entries = [];
    private readonly Dictionary<string, TomlEntry> byName = new(StringComparer.Ordinal);

    public TomlTableOrigin Origin { get; set; } = origin;

    public TextRange Range { get; set; } = range;

    public IReadOnlyList<TomlEntry> Entries => entries;

    public TomlEntry? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>Adds an entry with a name that is not there yet.</summary>
    public void Add(TomlEntry entry)
    {
        byName.Add(entry.Name.Value, entry);
        entries.Add(entry);
    }
}

/// <summary>A table as a value.</summary>
internal sealed record TomlTableNode(TomlTable Table) : TomlNode(Table.Range)
{
    public override string Kind => "a table";
}

internal sealed record TomlEntry(TomlText Name, TomlNode Value);
