using System.Collections.Immutable;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Workspaces.Keys;

/// <summary>A table whose content agrees with its description; what did not agree is left out.</summary>
internal sealed class CheckedTable(KeyDescription description, TextRange range)
{
    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TextRange> _places = new(StringComparer.Ordinal);

    /// <summary>Of its header, or of the whole table if it stands in a line.</summary>
    public TextRange Range { get; } = range;

    public TomlText? Text(string key) => Get<TomlText>(key, KeyType.Text);

    public ImmutableArray<TomlText> Texts(string key) =>
        Get<IReadOnlyList<TomlText>>(key, KeyType.TextList) is { } texts ? [.. texts] : [];

    public bool? Boolean(string key) => Get<TomlBoolean>(key, KeyType.Boolean)?.Value;

    public int? Integer(string key) => (int?)Get<TomlInteger>(key, KeyType.Integer)?.Value;

    public IReadOnlyList<(TomlText Name, TomlText Value)> TextTable(string key) =>
        Get<IReadOnlyList<(TomlText, TomlText)>>(key, KeyType.TextTable) ?? [];

    /// <summary>A text, or a list of nothing but texts.</summary>
    public TomlNode? Value(string key) => Get<TomlNode>(key, KeyType.Value);

    /// <summary>Each value is as with <see cref="Value"/>.</summary>
    public IReadOnlyList<(TomlText Name, TomlNode Value)> ValueTable(string key) =>
        Get<IReadOnlyList<(TomlText, TomlNode)>>(key, KeyType.ValueTable) ?? [];

    public CheckedTable? Table(string key) => Get<CheckedTable>(key, KeyType.Table);

    public IReadOnlyList<CheckedTable> Tables(string key) =>
        Get<IReadOnlyList<CheckedTable>>(key, KeyType.TableList) ?? [];

    public IReadOnlyList<(TomlText Name, CheckedTable Table)> NamedTables(string key) =>
        Get<IReadOnlyList<(TomlText, CheckedTable)>>(key, KeyType.NamedTables) ?? [];

    /// <summary>Where the key is written, good or faulty; null if it is not.</summary>
    public TextRange? Place(string key) => _places.TryGetValue(key, out var place) ? place : null;

    /// <summary>Whether the key is written and its value is good.</summary>
    public bool Has(string key) => _values.ContainsKey(key);

    public void Mark(TomlText key) => _places[key.Value] = key.Range;

    public void Set(string key, object value) => _values[key] = value;

    private T? Get<T>(string key, KeyType type)
        where T : class
    {
        if (description.Find(key)?.Type != type)
            throw new ArgumentException($"the key '{key}' is not described as {type}", nameof(key));
        return (T?)_values.GetValueOrDefault(key);
    }
}
