using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Workspaces.Keys;

/// <summary>Holds a document against the description of its keys.</summary>
/// <param name="root">Of the whole document.</param>
/// <param name="faults">Takes what is wrong.</param>
/// <param name="template">Fills in what a key allows to be filled in.</param>
internal sealed class KeyChecker(KeyDescription root, FaultList faults, Template template)
{
    /// <summary>The whole document.</summary>
    /// <param name="document">As it is written.</param>
    public CheckedTable Document(TomlTable document) => Table(root, document, place: "");

    /// <param name="key">What the table is.</param>
    /// <param name="table">As it is written.</param>
    /// <param name="place">How messages name it: <c>[build]</c>.</param>
    private CheckedTable Table(KeyDescription key, TomlTable table, string place)
    {
        var result = new CheckedTable(key, table.Range);
        var misspelt = new List<string>();
        foreach (var entry in table.Entries)
        {
            if (key.Find(entry.Name.Value) is not { } known)
            {
                faults.Add(entry.Name.Range, UnknownKey(key, entry.Name.Value, place));
                if (Suggestion.Nearest(entry.Name.Value, key.Keys.Select(x => x.Name)) is { } meant)
                    misspelt.Add(meant);
                continue;
            }
            result.Mark(entry.Name);
            if (Value(known, entry.Value, place) is { } value)
                result.Set(known.Name, value);
        }
        foreach (var expected in key.Keys)
        {
            if (
                expected.Required
                && result.Place(expected.Name) is null
                && (expected.Unless is null || result.Place(expected.Unless) is null)
                && !misspelt.Contains(expected.Name)
            )
                faults.Add(table.Range, $"missing key '{expected.Name}' {In(place)}");
        }
        return result;
    }

    private static string In(string place) => place.Length == 0 ? "at the top level" : $"in {place}";

    private string UnknownKey(KeyDescription table, string name, string place)
    {
        var sentence = $"unknown key '{name}' {In(place)}";
        if (Suggestion.For(name, table.Keys.Select(x => x.Name)) is { } suggestion)
            return $"{sentence}; {suggestion}";
        if (root.Find(name) is not null)
            return $"{sentence}; it belongs to the top level, above the first table";
        return root.Keys.FirstOrDefault(x => x.Type == KeyType.Table && x.Find(name) is not null) is { } owner
            ? $"{sentence}; it belongs to [{owner.Name}]"
            : sentence;
    }

    private object? Value(KeyDescription key, TomlNode node, string place) =>
        (key.Type, node) switch
        {
            (KeyType.Text, TomlText text) => Text(key, text),
            (KeyType.TextList, TomlList list) => Texts(key, list, place),
            (KeyType.Boolean, TomlBoolean boolean) => boolean,
            (KeyType.Integer, TomlInteger integer) => Integer(key, integer),
            (KeyType.TextTable, TomlTableNode table) => TextTable(key, table.Table, place),
            (KeyType.Value, TomlText or TomlList) => Value(node, $"'{key.Name}' {In(place)}"),
            (KeyType.ValueTable, TomlTableNode table) => ValueTable(key, table.Table, place),
            (KeyType.Table, TomlTableNode table) => Table(key, table.Table, $"[{Path(key, place)}]"),
            (KeyType.TableList, TomlTableList list) => Tables(key, list.Tables, place),
            (KeyType.TableList, TomlList list) when list.Items.All(x => x is TomlTableNode) => Tables(
                key,
                list.Items.Select(x => ((TomlTableNode)x).Table),
                place
            ),
            (KeyType.NamedTables, TomlTableNode table) => NamedTables(key, table.Table, place),
            _ => WrongType(node, $"'{key.Name}' {In(place)}", TypeName(key, place)),
        };

    private List<CheckedTable> Tables(KeyDescription key, IEnumerable<TomlTable> tables, string place) =>
        [.. tables.Select(x => Table(key, x, $"[[{Path(key, place)}]]"))];

    private static string Path(KeyDescription key, string place) =>
        place.Length == 0 ? key.Name : $"{place.Trim('[', ']')}.{key.Name}";

    private object? WrongType(TomlNode node, string subject, string expected)
    {
        faults.Add(node.Range, $"{subject} has to be {expected}, not {node.Kind}");
        return null;
    }

    private static string TypeName(KeyDescription key, string place) =>
        key.Type switch
        {
            KeyType.Text => "a string",
            KeyType.TextList => "a list of strings",
            KeyType.Boolean => "true or false",
            KeyType.Integer => "a whole number",
            KeyType.Value => "a string or a list of strings",
            KeyType.TableList => $"a list of tables, each written [[{Path(key, place)}]]",
            _ => $"a table, written [{Path(key, place)}]",
        };

    private TomlText? Text(KeyDescription key, TomlText text)
    {
        if (key.Template)
        {
            if (template.Fill(text.Value, out var filled) is { } fault)
            {
                faults.Add(text.Range, fault);
                return null;
            }
            text = text with { Value = filled };
        }
        return IsGood(key.Form, text) ? text : null;
    }

    private bool IsGood(ValueForm? form, TomlText text)
    {
        if (form?.Check(text.Value) is not { } message)
            return true;
        faults.Add(text.Range, message);
        return false;
    }

    /// <summary>The good ones; null if all are faulty, which is something else than an empty list.</summary>
    private List<TomlText>? Texts(KeyDescription key, TomlList list, string place)
    {
        var good = new List<TomlText>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in list.Items)
        {
            if (item is not TomlText text)
                WrongType(item, $"every item of '{key.Name}' {In(place)}", "a string");
            else if (key.Distinct && !seen.Add(text.Value))
                faults.Add(text.Range, $"'{text.Value}' is listed twice");
            else if (Text(key, text) is { } checkedText)
                good.Add(checkedText);
        }
        if (key.NotEmpty && list.Items.Count == 0)
            faults.Add(list.Range, $"'{key.Name}' {In(place)} is empty");
        return good.Count == 0 && list.Items.Count > 0 ? null : good;
    }

    private TomlInteger? Integer(KeyDescription key, TomlInteger integer)
    {
        if (integer.Value >= key.Minimum && integer.Value <= key.Maximum)
            return integer;
        faults.Add(integer.Range, $"'{key.Name}' has to be from {key.Minimum} to {key.Maximum}");
        return null;
    }

    private List<(TomlText Name, TomlText Value)> TextTable(KeyDescription key, TomlTable table, string place)
    {
        var good = new List<(TomlText, TomlText)>();
        foreach (var entry in table.Entries)
        {
            var nameIsGood = IsGood(key.NameForm, entry.Name);
            if (entry.Value is not TomlText text)
                WrongType(entry.Value, $"'{entry.Name.Value}' in [{Path(key, place)}]", "a string");
            else if (IsGood(key.Form, text) && nameIsGood)
                good.Add((entry.Name, text));
        }
        return good;
    }

    private TomlNode? Value(TomlNode node, string subject)
    {
        if (node is TomlText || (node is TomlList list && list.Items.All(x => x is TomlText)))
            return node;
        WrongType(
            (node as TomlList)?.Items.First(x => x is not TomlText) ?? node,
            node is TomlList ? $"every item of {subject}" : subject,
            node is TomlList ? "a string" : "a string or a list of strings"
        );
        return null;
    }

    private List<(TomlText Name, TomlNode Value)> ValueTable(KeyDescription key, TomlTable table, string place)
    {
        var good = new List<(TomlText, TomlNode)>();
        foreach (var entry in table.Entries)
        {
            var nameIsGood = IsGood(key.NameForm, entry.Name);
            if (Value(entry.Value, $"'{entry.Name.Value}' in [{Path(key, place)}]") is { } value && nameIsGood)
                good.Add((entry.Name, value));
        }
        return good;
    }

    private List<(TomlText Name, CheckedTable Table)> NamedTables(KeyDescription key, TomlTable table, string place)
    {
        var good = new List<(TomlText, CheckedTable)>();
        foreach (var entry in table.Entries)
        {
            var nameIsGood = IsGood(key.NameForm, entry.Name);
            var path = $"[{Path(key, place)}.{entry.Name.Value}]";
            var inner = entry.Value switch
            {
                TomlTableNode node => Table(key, node.Table, path),
                TomlList list when key.Keys[0].Type == KeyType.TextList => Short(key, entry.Name, list, path),
                _ => WrongType(
                    entry.Value,
                    $"'{entry.Name.Value}' in [{Path(key, place)}]",
                    key.Keys[0].Type == KeyType.TextList ? "a list of strings or a table" : $"a table, written {path}"
                ),
            };
            if (nameIsGood && inner is CheckedTable content)
                good.Add((entry.Name, content));
        }
        return good;
    }

    /// <summary>A list is short for a table with the first key.</summary>
    private CheckedTable Short(KeyDescription key, TomlText name, TomlList list, string place)
    {
        var result = new CheckedTable(key, name.Range);
        result.Mark(new TomlText(key.Keys[0].Name, name.Range));
        if (Texts(key.Keys[0], list, place) is { } texts)
            result.Set(key.Keys[0].Name, texts);
        return result;
    }
}
