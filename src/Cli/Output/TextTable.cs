namespace Recipes.Cli.Output;

/// <summary>Columns of text, two spaces apart, without lines: good for eyes and for <c>awk</c>. Never wraps.</summary>
internal sealed class TextTable(params string[] header)
{
    private readonly List<string[]> rows = [header];
    private readonly HashSet<int> right = [];

    /// <summary>Sets columns, from 0, to the right.</summary>
    public TextTable AlignRight(params int[] columns)
    {
        right.UnionWith(columns);
        return this;
    }

    /// <summary>Adds a row, with as many cells as the header.</summary>
    public void Add(params string[] cells) => rows.Add([.. cells.Select(Printable.Line)]);

    /// <summary>Writes all rows.</summary>
    public void Write(TextWriter writer)
    {
        var widths = Enumerable.Range(0, header.Length).Select(column => rows.Max(x => x[column].Length)).ToList();
        foreach (var row in rows)
            writer.WriteLine(
                string.Join("  ", row.Select((cell, column) => Pad(cell, column, widths[column]))).TrimEnd()
            );
    }

    private string Pad(string cell, int column, int width) =>
        right.Contains(column) ? cell.PadLeft(width) : cell.PadRight(width);
}
