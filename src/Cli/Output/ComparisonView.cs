using System.Globalization;
using Recipes.Engine.Comparison;
using Recipes.Engine.Content;

namespace Recipes.Cli.Output;

/// <summary>A comparison, for people: <c>+</c> came, <c>-</c> went, <c>~</c> changed.</summary>
internal static class ComparisonView
{
    private const int MaxNames = 20;

    public static void Write(TextWriter writer, Comparison comparison)
    {
        if (comparison.IsEmpty)
        {
            writer.WriteLine(Printable.Line($"{comparison.Before} and {comparison.After} are equal"));
            return;
        }
        if (comparison.Image is { } image)
            WriteImage(writer, image);
        WriteFiles(writer, comparison.Files);
        WriteLibraries(writer, comparison.Files);
        WriteBreaking(writer, comparison.Breaking);
        writer.WriteLine($"files {Change(comparison.Files.BytesBefore, comparison.Files.BytesAfter)}");
    }

    private static void WriteImage(TextWriter writer, ImageComparison image)
    {
        if (!image.Settings.IsEmpty)
            writer.WriteLine("configuration");
        foreach (var (name, before, after) in image.Settings)
            Line(
                writer,
                before is null ? $"+ {name} {after}"
                    : after is null ? $"- {name} {before}"
                    : $"~ {name} {before} → {after}"
            );
        writer.WriteLine($"layers: {image.Kept} kept{(image.IsReordered ? ", in another order" : "")}");
        foreach (var layer in image.RemovedLayers)
            Line(writer, $"- {Name(layer)}  {Quantities.Size(layer.CompressedBytes)}");
        foreach (var layer in image.AddedLayers)
            Line(writer, $"+ {Name(layer)}  {Quantities.Size(layer.CompressedBytes)}");
        Line(writer, $"compressed {Change(image.CompressedBefore, image.CompressedAfter)}");
    }

    private static void WriteFiles(TextWriter writer, OutputComparison files)
    {
        if (!files.IsEmpty)
            writer.WriteLine("files");
        foreach (var file in files.Removed)
            Line(writer, $"- {Describe(file)}");
        foreach (var file in files.Added)
            Line(writer, $"+ {Describe(file)}");
        foreach (var change in files.Changed)
            Line(writer, $"~ {change.Path}  {string.Join(", ", Changes(change.Before, change.After))}");
    }

    internal static void WriteLibraries(TextWriter writer, OutputComparison files)
    {
        if (!files.Sonames.IsEmpty || !files.Elf.IsEmpty)
            writer.WriteLine("libraries and programs");
        foreach (var soname in files.Sonames.Removed)
            Line(writer, $"- soname {soname}");
        foreach (var soname in files.Sonames.Added)
            Line(writer, $"+ soname {soname}");
        foreach (var elf in files.Elf)
        {
            Line(writer, elf.PathBefore == elf.PathAfter ? elf.PathAfter : $"{elf.PathAfter} (was {elf.PathBefore})");
            if (elf.SonameBefore != elf.SonameAfter)
                Line(writer, $"  soname {elf.SonameBefore ?? "none"} → {elf.SonameAfter ?? "none"}");
            Names(writer, "needs", elf.Needed);
            Names(writer, "symbols", elf.Exported);
        }
    }

    internal static void WriteBreaking(TextWriter writer, IReadOnlyCollection<BreakingSymbol> breaking)
    {
        if (breaking.Count > 0)
            writer.WriteLine("breaking: symbols that are gone though the soname is the same");
        foreach (var symbol in breaking.OrderBy(x => x.Users.IsEmpty))
        {
            var users = symbol.Users.Select(x => $"{x.Owner} ({x.Path})").ToList();
            Line(
                writer,
                $"{symbol.Soname} {symbol.Symbol}: "
                    + $"{(users.Count == 0 ? "nothing built here uses it" : "used by " + string.Join(", ", users))}"
            );
        }
    }

    private static void Names(TextWriter writer, string what, SetDifference names)
    {
        Shortened(writer, $"  {what} -", names.Removed);
        Shortened(writer, $"  {what} +", names.Added);
    }

    // The whole list is in the JSON.
    private static void Shortened(TextWriter writer, string what, IReadOnlyCollection<string> names)
    {
        if (names.Count == 0)
            return;
        var rest = names.Count > MaxNames ? $" and {names.Count - MaxNames} more" : "";
        Line(writer, $"{what} {string.Join(' ', names.Take(MaxNames))}{rest}");
    }

    private static IEnumerable<string> Changes(ListedFile before, ListedFile after)
    {
        if (before.Kind != after.Kind)
            yield return $"{Kind(before)} → {Kind(after)}";
        else if (before.Content != after.Content)
            yield return before.Size == after.Size
                ? $"{Quantities.Size(after.Size)}, other content"
                : $"{Quantities.Size(before.Size)} → {Quantities.Size(after.Size)}";
        if (before.Kind == after.Kind && before.Target != after.Target)
            yield return $"-> {after.Target} (was {before.Target})";
        if (before.Mode != after.Mode && before.Kind == after.Kind)
            yield return $"mode {Octal(before.Mode)} → {Octal(after.Mode)}";
        if (before.Uid != after.Uid || before.Gid != after.Gid)
            yield return Invariant($"owner {before.Uid}:{before.Gid} → {after.Uid}:{after.Gid}");
        if (before.Capabilities != after.Capabilities)
            yield return $"capabilities '{before.Capabilities}' → '{after.Capabilities}'";
    }

    internal static string Describe(ListedFile file) =>
        file.Kind switch
        {
            TreeEntryKind.File => $"{file.Path}  {Quantities.Size(file.Size)}",
            TreeEntryKind.Link => $"{file.Path} -> {file.Target}",
            _ => file.Path + "/",
        };

    internal static string Change(long before, long after) =>
        before == after
            ? Quantities.Size(after)
            : $"{Quantities.Size(before)} → {Quantities.Size(after)} "
                + $"({(after > before ? "+" : "-")}{Quantities.Size(Math.Abs(after - before))})";

    private static string Name(ContentLayer layer) => layer.Description.Length == 0 ? layer.DiffId : layer.Description;

    private static string Kind(ListedFile file) => file.Kind.ToString().ToLowerInvariant();

    private static string Octal(int mode) => Convert.ToString(mode, 8);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Line(TextWriter writer, string text) => writer.WriteLine("  " + Printable.Line(text));
}
