using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Spectre.Console;

namespace Recipes.Tests.Support;

/// <summary>
/// A terminal as far as the program makes use of one: rows that wrap and scroll, and the few ECMA-48 sequences that it
/// sends; any other fails the test. When it is resized, it either wraps old lines anew (as VTE, kitty and foot do) or
/// cuts its rows (as xterm does).
/// </summary>
internal sealed partial class VtScreen(int columns, int rows, bool wrapsAnew = true) : TextWriter
{
    private readonly List<Row> lines = [new()];
    private int top;
    private int row;
    private int column;
    private string unfinished = "";

    public int Columns { get; private set; } = columns;

    public int Rows { get; private set; } = rows;

    public bool ShowsCursor { get; private set; } = true;

    public bool IsSynchronized { get; private set; }

    /// <summary>How often something was written.</summary>
    public int Writes { get; private set; }

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>What a person sees now.</summary>
    public IReadOnlyList<string> Visible => [.. lines.Skip(top).Take(Rows).Select(x => x.Text)];

    /// <summary>All lines since the start, those that scrolled away too; a wrapped one is one.</summary>
    public IReadOnlyList<string> History =>
        [.. Logical().Select(x => x.Text).Reverse().SkipWhile(x => x.Length == 0).Reverse()];

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        Writes++;
        var text = unfinished + value;
        unfinished = "";
        for (var at = 0; at < text.Length; )
        {
            if (text[at] == '\e')
            {
                var sequence = Sequence().Match(text, at);
                if (!sequence.Success && text.Length - at < 12)
                {
                    unfinished = text[at..];
                    return;
                }
                Control(sequence.Value);
                at += sequence.Length;
                continue;
            }
            var cluster = text[at] is '\r' or '\n' ? text[at].ToString() : StringInfo.GetNextTextElement(text, at);
            Put(cluster);
            at += cluster.Length;
        }
    }

    public void Resize(int columns, int rows)
    {
        if (wrapsAnew && columns != Columns)
            WrapAnew(columns);
        foreach (var line in lines)
            line.CutTo(columns);
        (Columns, Rows) = (columns, rows);
        column = Math.Min(column, columns - 1);
        // What is below the cursor goes first; what is above scrolls away.
        top = Math.Clamp(lines.Count - rows, 0, row);
        if (lines.Count > top + rows)
            lines.RemoveRange(top + rows, lines.Count - top - rows);
    }

    private void Put(string cluster)
    {
        if (cluster == "\r")
        {
            column = 0;
            return;
        }
        if (cluster == "\n")
        {
            // As the line discipline has it (ONLCR).
            (column, lines[row].IsWrapped) = (0, false);
            Down();
            return;
        }
        var width = cluster.EnumerateRunes().Max(x => x.ToString().GetCellWidth());
        Xunit.Assert.True(width > 0, $"the control character {(int)cluster[0]:x} reached the screen");
        if (column + width > Columns)
        {
            (column, lines[row].IsWrapped) = (0, true);
            Down();
        }
        lines[row].Put(column, cluster, width);
        column += width;
    }

    private void Down()
    {
        if (++row == lines.Count)
            lines.Add(new());
        top = Math.Max(top, row - Rows + 1);
    }

    private void Control(string sequence)
    {
        var number =
            sequence.Length > 3 && int.TryParse(sequence[2..^1], CultureInfo.InvariantCulture, out var parsed)
                ? parsed
                : 1;
        switch (sequence)
        {
            case "\e[?25h" or "\e[?25l":
                ShowsCursor = sequence[^1] == 'h';
                break;
            case "\e[?2026h" or "\e[?2026l":
                IsSynchronized = sequence[^1] == 'h';
                break;
            case "\e[K":
                lines[row].CutTo(column);
                lines[row].IsWrapped = false;
                break;
            case "\e[J":
                lines[row].CutTo(column);
                lines[row].IsWrapped = false;
                lines.RemoveRange(row + 1, lines.Count - row - 1);
                break;
            case [.., 'A']:
                row = Math.Max(top, row - number);
                break;
            case [.., 'm'] or "\e[?1h" or "\e=":
                // Colours; and the keys' modes, which the .NET runtime sets when it first writes to a terminal.
                break;
            default:
                Xunit.Assert.Fail($"an unknown sequence: {sequence.Replace("\e", "ESC ", StringComparison.Ordinal)}");
                break;
        }
    }

    private IEnumerable<Row> Logical()
    {
        var whole = new Row();
        foreach (var line in lines)
        {
            whole.Append(line);
            if (line.IsWrapped)
                continue;
            yield return whole;
            whole = new();
        }
    }

    private void WrapAnew(int width)
    {
        // The cursor keeps its place in the text.
        var first = row;
        while (first > 0 && lines[first - 1].IsWrapped)
            first--;
        var place = lines.Skip(first).Take(row - first).Sum(x => x.Length) + column;
        var before = lines.Take(first).Count(x => !x.IsWrapped);
        var logical = Logical().ToList();
        lines.Clear();
        foreach (var (line, number) in logical.Select((x, i) => (x, i)))
        {
            if (number == before)
                (row, column) = (lines.Count + (place / width), place % width);
            lines.AddRange(line.Wrap(width));
        }
        while (lines.Count <= row)
            lines.Add(new());
    }

    [GeneratedRegex(@"\G\e(\[[?0-9;]*[A-Za-z]|=)")]
    private static partial Regex Sequence();

    /// <summary>The cells of a row; the second cell of a wide character is empty.</summary>
    private sealed class Row
    {
        private readonly List<string> cells = [];

        public bool IsWrapped { get; set; }

        public int Length => cells.Count;

        public string Text => string.Concat(cells).TrimEnd();

        public void Put(int column, string cluster, int width)
        {
            while (cells.Count < column + width)
                cells.Add(" ");
            cells[column] = cluster;
            if (width == 2)
                cells[column + 1] = "";
        }

        public void Append(Row other) => cells.AddRange(other.cells);

        public void CutTo(int column)
        {
            if (cells.Count > column)
                cells.RemoveRange(column, cells.Count - column);
        }

        public IEnumerable<Row> Wrap(int width)
        {
            var chunks =
                cells.Count == 0
                    ?
                    [
                        [],
                    ]
                    : cells.Chunk(width).ToList();
            for (var i = 0; i < chunks.Count; i++)
            {
                var row = new Row { IsWrapped = i < chunks.Count - 1 };
                row.cells.AddRange(chunks[i]);
                yield return row;
            }
        }
    }
}
