using Recipes.Engine.Content;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Recipes.Engine.Workspaces.Toml;

/// <summary>
/// Reads TOML into tables. Tomlyn's syntax tree has the places of everything, and the document stays readable as far as
/// possible; its own check for duplicates is off, since it would say neither what is written twice nor where in our
/// words.
/// </summary>
internal sealed class TomlReader
{
    /// <summary>In characters; the longest recipe written so far has some ten thousand.</summary>
    public const int MaxRecipe = 1 << 20;

    /// <summary>Of one key: <c>a.b.c</c> has three.</summary>
    private const int MaxNames = 64;

    private readonly FaultList _faults;

    private TomlReader(FaultList faults) => _faults = faults;

    /// <summary>The document, or null if it is not TOML; the faults are then in <paramref name="faults"/>.</summary>
    /// <param name="faults">Has the text.</param>
    /// <param name="longest">The most characters that a file of this kind has.</param>
    public static TomlTable? Read(FaultList faults, int longest = MaxRecipe)
    {
        if (faults.Source.Text.Length > longest)
        {
            faults.Add(
                TextRange.FirstCharacter,
                $"the file is longer than {longest >> 20} MiB, the most that is read of such a file"
            );
            return null;
        }
        if (!TomlScan.Check(faults))
            return null;
        DocumentSyntax document;
        try
        {
            document = SyntaxParser.Parse(faults.Source.Text, faults.Source.File, validate: false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The parser reports faults in what it returns: what it throws is one that its makers did not think of.
            faults.Add(TextRange.FirstCharacter, $"this is not TOML: {Excerpt.Of(e.Message)}");
            return null;
        }
        if (document.HasErrors)
        {
            TomlSyntaxFaults.Report(document.Diagnostics, faults);
            return null;
        }
        return new TomlReader(faults).Document(document);
    }

    private TomlTable Document(DocumentSyntax document)
    {
        var root = new TomlTable(TomlTableOrigin.Header, TextRange.FirstCharacter);
        AddAll(root, document.KeyValues);
        foreach (var syntax in document.Tables)
        {
            var table = syntax is TableArraySyntax ? NextOfList(root, syntax) : Header(root, syntax);
            // After a fault the content is still looked at, for further faults.
            AddAll(table ?? new TomlTable(TomlTableOrigin.Header, TextRange.Of(syntax.Name!.Span)), syntax.Items);
        }
        return root;
    }

    private void AddAll(TomlTable table, SyntaxList<KeyValueSyntax> items)
    {
        foreach (var item in items)
            Add(table, item);
    }

    private void Add(TomlTable table, KeyValueSyntax item)
    {
        var names = Names(item.Key!);
        foreach (var name in names[..^1])
        {
            var entry = table.Find(name.Value);
            if (entry is null)
                table.Add(
                    entry = new TomlEntry(name, new TomlTableNode(new TomlTable(TomlTableOrigin.Dotted, name.Range)))
                );
            if (entry.Value is not TomlTableNode { Table.Origin: TomlTableOrigin.Dotted } inner)
            {
                Duplicate(name, entry);
                return;
            }
            table = inner.Table;
        }
        var last = names[^1];
        if (table.Find(last.Value) is { } earlier)
            Duplicate(last, earlier);
        else
            table.Add(new TomlEntry(last, Value(item.Value!)));
    }

    private TomlTable? Header(TomlTable root, TableSyntaxBase syntax)
    {
        var names = Names(syntax.Name!);
        var range = TextRange.Of(syntax.OpenBracket!, syntax.CloseBracket!);
        if (Parent(root, names) is not { } parent)
            return null;
        switch (parent.Find(names[^1].Value))
        {
            case null:
                var added = new TomlTable(TomlTableOrigin.Header, range);
                parent.Add(new TomlEntry(names[^1], new TomlTableNode(added)));
                return added;
            case { Value: TomlTableNode { Table: { Origin: TomlTableOrigin.Implied } implied } }:
                implied.Origin = TomlTableOrigin.Header;
                implied.Range = range;
                return implied;
            case var earlier:
                Duplicate(names[^1], earlier);
                return (earlier.Value as TomlTableNode)?.Table;
        }
    }

    private TomlTable? NextOfList(TomlTable root, TableSyntaxBase syntax)
    {
        var names = Names(syntax.Name!);
        var range = TextRange.Of(syntax.OpenBracket!, syntax.CloseBracket!);
        if (Parent(root, names) is not { } parent)
            return null;
        var entry = parent.Find(names[^1].Value);
        if (entry is null)
            parent.Add(entry = new TomlEntry(names[^1], new TomlTableList([], range)));
        if (entry.Value is not TomlTableList list)
        {
            Duplicate(names[^1], entry);
            return null;
        }
        var table = new TomlTable(TomlTableOrigin.Header, range);
        list.Tables.Add(table);
        return table;
    }

    /// <summary>The table that holds the last of the names, made where it is missing.</summary>
    private TomlTable? Parent(TomlTable table, TomlText[] names)
    {
        foreach (var name in names[..^1])
        {
            var entry = table.Find(name.Value);
            if (entry is null)
                table.Add(
                    entry = new TomlEntry(name, new TomlTableNode(new TomlTable(TomlTableOrigin.Implied, name.Range)))
                );
            switch (entry.Value)
            {
                case TomlTableNode { Table.Origin: not TomlTableOrigin.Inline } node:
                    table = node.Table;
                    break;
                case TomlTableList list:
                    table = list.Tables[^1];
                    break;
                default:
                    Duplicate(name, entry);
                    return null;
            }
        }
        return table;
    }

    private void Duplicate(TomlText name, TomlEntry earlier) =>
        _faults.Add(
            name.Range,
            $"'{name.Value}' is already written on line {_faults.Source.LineOf(earlier.Name.Range.Start) + 1}"
        );

    private TomlText[] Names(KeySyntax key)
    {
        TomlText[] names = [Name(key.Key!), .. key.DotKeys.Take(MaxNames).Select(x => Name(x.Key!))];
        if (names.Length <= MaxNames)
            return names;
        _faults.Add(names[0].Range, $"a key has more than {MaxNames} names with dots between them");
        return names[..1];
    }

    private static TomlText Name(BareKeyOrStringValueSyntax syntax) =>
        new((syntax as StringValueSyntax)?.Value ?? ((BareKeySyntax)syntax).Key!.Text!, TextRange.Of(syntax.Span));

    private TomlNode Value(ValueSyntax syntax)
    {
        var range = TextRange.Of(syntax.Span);
        return syntax switch
        {
            StringValueSyntax text => new TomlText(text.Value ?? "", range),
            IntegerValueSyntax integer => new TomlInteger(integer.Value, range),
            BooleanValueSyntax boolean => new TomlBoolean(boolean.Value, range),
            ArraySyntax array => new TomlList([.. array.Items.Select(x => Value(x.Value!))], range),
            InlineTableSyntax table => Inline(table, range),
            FloatValueSyntax => new TomlOther("a number with a point", range),
            _ => new TomlOther("a date", range),
        };
    }

    private TomlTableNode Inline(InlineTableSyntax syntax, TextRange range)
    {
        var table = new TomlTable(TomlTableOrigin.Inline, range);
        foreach (var item in syntax.Items)
            Add(table, item.KeyValue!);
        return new TomlTableNode(table);
    }
}
