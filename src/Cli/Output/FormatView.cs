using System.Collections.Immutable;
using Recipes.Engine.Workspaces.Format;

namespace Recipes.Cli.Output;

/// <summary>The recipe format, for people.</summary>
internal static class FormatView
{
    /// <summary>All tables with their sentences.</summary>
    public static void WriteTopics(TextWriter writer, ImmutableArray<FormatTable> tables)
    {
        var list = new TextTable("topic", "meaning");
        foreach (var table in tables.Where(x => x.Path.Length > 0))
            list.Add(table.Path, table.Meaning);
        list.Write(writer);
        writer.WriteLine();
        writer.WriteLine(
            $"keys of the top level: "
                + $"{string.Join(", ", tables[0].Keys.Where(x => x.Type == "string").Select(x => x.Name))}"
        );
        writer.WriteLine("see: recipes help TOPIC, also for a key or a command");
    }

    /// <summary>Tables with their keys.</summary>
    /// <param name="writer">Takes the text.</param>
    /// <param name="tables">What was asked for.</param>
    /// <param name="command">A command of the same name, or null.</param>
    public static void Write(TextWriter writer, ImmutableArray<FormatTable> tables, string? command)
    {
        foreach (var (i, table) in tables.Index())
        {
            if (i > 0)
                writer.WriteLine();
            writer.WriteLine($"{table.Header}  {table.Meaning}");
            foreach (var key in table.Keys)
                Write(writer, table, key);
        }
        if (command is not null)
            writer.WriteLine($"\nsee also: recipes {command} --help");
    }

    /// <summary><c>string, one of autotools, cmake; required</c>.</summary>
    public static string Signature(FormatKey key)
    {
        var signature = key.Choices.IsEmpty ? key.Type : $"{key.Type}, one of {string.Join(", ", key.Choices)}";
        if (key.IsRequired)
            return $"{signature}; required{(key.Unless is null ? "" : $" without '{key.Unless}'")}";
        return key.Default is null ? signature : $"{signature}; {key.Default} by default";
    }

    private static void Write(TextWriter writer, FormatTable table, FormatKey key)
    {
        writer.WriteLine();
        writer.WriteLine($"  {key.Name}  ({Signature(key)})");
        writer.WriteLine($"      {key.Meaning}");
        if (key.Type is "table" or "tables")
            writer.WriteLine(
                $"      see: recipes help {(table.Path.Length == 0 ? key.Name : $"{table.Path}.{key.Name}")}"
            );
    }
}

/// <summary>The answer of <c>help --json</c>.</summary>
internal sealed record FormatJson(ImmutableArray<FormatTable> Tables);
