using System.Globalization;
using Recipes.Engine.Content;

namespace Recipes.Cli.Output;

/// <summary>The space of a store, for people.</summary>
internal static class UsageView
{
    public static void Write(TextWriter writer, string root, StoreUsage usage)
    {
        writer.WriteLine($"{root}: {Quantities.Size(usage.TotalBytes)}");
        var kinds = new TextTable("kind", "entries", "bytes").AlignRight(1, 2);
        foreach (var (kind, bytes) in usage.Bytes)
            kinds.Add(Name(kind), usage.Entries[kind].ToString(CultureInfo.InvariantCulture), Quantities.Size(bytes));
        kinds.Write(writer);
        if (usage.LargestTrees.IsEmpty)
            return;
        writer.WriteLine();
        var trees = new TextTable("largest trees", "bytes").AlignRight(1);
        foreach (var tree in usage.LargestTrees)
            trees.Add(tree.Hash, Quantities.Size(tree.Bytes));
        trees.Write(writer);
    }

    /// <summary>The kind's name in answers.</summary>
    public static string Name(StoreEntryKind kind) => kind.ToString().ToLowerInvariant();
}
