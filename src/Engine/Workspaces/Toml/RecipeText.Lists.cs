using System.Text;

namespace Recipes.Engine.Workspaces.Toml;

internal sealed partial class RecipeText
{
    /// <summary>
    /// Adds a string at the end of a list of a table of the document; the list is written where it is missing.
    /// </summary>
    /// <param name="table">A table of the document that is there.</param>
    /// <param name="key">The key of the list.</param>
    /// <param name="value">A string without quotes, backslashes and control characters.</param>
    /// <exception cref="EngineException">The value at the key is not a list.</exception>
    public RecipeText WithItem(string table, string key, string value)
    {
        var at = ((TomlTableNode)document.Find(table)!.Value).Table;
        var text = new StringBuilder(original);
        switch (at.Find(key)?.Value)
        {
            case null:
                InsertList(text, table, at, key, value);
                break;
            case TomlList list:
                InsertItem(text, list, value);
                break;
            case var other:
                throw new EngineException($"'{key}' in [{table}] of {File} is {other.Kind}, not a list");
        }
        return Parse(File, Encoding.UTF8.GetBytes(text.ToString()));
    }

    private void InsertItem(StringBuilder text, TomlList list, string value)
    {
        if (list.Items.Count == 0)
        {
            text.Insert(OriginalOffset(list.Range.Start) + 1, $"\"{value}\"");
            return;
        }
        var (start, end) = (OriginalOffset(list.Items[^1].Range.Start), OriginalOffset(list.Items[^1].Range.End));
        var lineStart = LineStart(start);
        var indent = original[lineStart..start];
        // An item with a line of its own gets a neighbour with one; comments stay with their item.
        if (
            string.IsNullOrWhiteSpace(indent)
            && start < OriginalOffset(list.Range.End)
            && lineStart > OriginalOffset(list.Range.Start)
        )
        {
            var (contentEnd, lineEnd) = LineEnd(end);
            if (contentEnd >= OriginalOffset(list.Range.End))
            {
                text.Insert(end, $", \"{value}\"");
                return;
            }
            var hasComma = original[end..contentEnd].TrimStart().StartsWith(',');
            text.Insert(contentEnd, $"{lineEnd}{indent}\"{value}\"{(hasComma ? "," : "")}");
            if (!hasComma)
                text.Insert(end, ',');
            return;
        }
        text.Insert(end, $", \"{value}\"");
    }

    private void InsertList(StringBuilder text, string table, TomlTable at, string key, string value)
    {
        if (at.Origin == TomlTableOrigin.Inline)
        {
            var separator = at.Entries.Count > 0 ? "," : " ";
            text.Insert(OriginalOffset(at.Range.Start) + 1, $" {key} = [\"{value}\"]{separator}");
            return;
        }
        var prefix = at.Origin == TomlTableOrigin.Dotted ? table + "." : "";
        // Tables below this one are no lines of it.
        var first = at.Entries.FirstOrDefault(x =>
            x.Value
                is not (
                    TomlTableNode { Table.Origin: TomlTableOrigin.Header or TomlTableOrigin.Implied }
                    or TomlTableList
                )
        );
        if (first is null)
        {
            var (contentEnd, lineEnd) = LineEnd(OriginalOffset(at.Range.End));
            text.Insert(contentEnd, $"{lineEnd}{key} = [\"{value}\"]");
            return;
        }
        var lineStart = LineStart(OriginalOffset(first.Name.Range.Start));
        var line = original[lineStart..LineEnd(lineStart).ContentEnd];
        var name = prefix + key;
        // In a column with the sign of the next line, as people write it.
        var column = line.IndexOf('=', StringComparison.Ordinal) - 1;
        text.Insert(lineStart, $"{name.PadRight(column)} = [\"{value}\"]{LineEnd(lineStart).Characters}");
    }

    private int LineStart(int offset)
    {
        var start = offset == 0 ? 0 : original.LastIndexOf('\n', offset - 1) + 1;
        return start == 0 && original.StartsWith('\uFEFF') ? 1 : start;
    }

    /// <summary>Where the line of a place ends, and with which characters lines end there.</summary>
    private (int ContentEnd, string Characters) LineEnd(int offset)
    {
        var feed = original.IndexOf('\n', offset);
        if (feed < 0)
            return (original.Length, original.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n");
        return feed > 0 && original[feed - 1] == '\r' ? (feed - 1, "\r\n") : (feed, "\n");
    }
}
