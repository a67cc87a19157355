using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Recipes.Engine.Content;
using Recipes.Engine.Sources.Downloads;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Sources.Locking;

/// <summary>
/// The text of <c>recipes.lock</c>: tables sorted by name, keys in one order, a line for each package of a seed. Equal
/// locks have equal text, and a change moves only its own lines.
/// </summary>
internal static class LockWriter
{
    public static string Write(LockFile file)
    {
        var text = new StringBuilder();
        text.Append("# The exact source of every recipe. Written by 'recipes lock'; docs/lock.md describes it.\n");
        var isPlain = file.Artifacts.IsEmpty && file.Sources.Values.All(x => x.Also.IsEmpty);
        var version = isPlain ? LockKeys.PlainVersion : LockKeys.FormatVersion;
        text.Append(CultureInfo.InvariantCulture, $"version = {version}\n");
        foreach (var pin in file.Sources.Values)
            Add(text, pin);
        foreach (var seed in file.Seeds.Values)
            Add(text, seed);
        foreach (var artifact in file.Artifacts.Values)
            Add(text, artifact);
        return text.ToString();
    }

    private static void Add(StringBuilder text, Pin pin)
    {
        text.Append("\n[source.").Append(Key(pin.Name)).Append("]\n");
        Add(text, "version", pin.Version);
        Add(text, "archive", pin.Archive);
        Add(text, "archive-digest", pin.ArchiveDigest.IsEmpty ? null : pin.ArchiveDigest.OciWithSize);
        Add(text, "inner", pin.Inner);
        if (!pin.Also.IsEmpty)
            AddTables(
                text,
                "also",
                pin.Also.Select(x =>
                    ((string, string)[])[("archive", x.Archive), ("digest", x.Digest.OciWithSize), ("into", x.Into)]
                )
            );
        Add(text, "git", pin.Git);
        Add(text, "tag", pin.Tag);
        Add(text, "only", pin.Only);
        Add(text, "except", pin.Except);
        Add(text, "submodules", pin.Submodules);
        Add(text, "included", pin.Included);
        Add(text, "commit", pin.Commit);
        Add(text, "git-tree", pin.GitTree);
        Add(text, "tree", pin.Tree.OciWithSize);
        Add(text, "snapshot", pin.Snapshot);
    }

    private static void Add(StringBuilder text, SeedPin seed)
    {
        text.Append("\n[seed.").Append(Key(seed.Name)).Append("]\n");
        Add(text, "suite", seed.Suite);
        Add(text, "request", seed.Request);
        Add(text, "tree", seed.Tree.OciWithSize);
        Add(text, "snapshot", seed.Snapshot);
        Add(text, "index", seed.Index);
        AddTables(
            text,
            "packages",
            seed.Packages.OrderBy(x => x.Name, StringComparer.Ordinal)
                .Select(x =>
                    ((string, string)[])
                        [("name", x.Name), ("version", x.Version), ("path", x.Path), ("digest", x.File.OciWithSize)]
                )
        );
    }

    private static void AddTables(StringBuilder text, string key, IEnumerable<(string Key, string Value)[]> tables)
    {
        text.Append(key).Append(" = [\n");
        foreach (var table in tables)
            text.Append("  { ")
                .AppendJoin(", ", table.Select(x => $"{x.Key} = {TomlString.Basic(x.Value)}"))
                .Append(" },\n");
        text.Append("]\n");
    }

    private static void Add(StringBuilder text, ArtifactPin artifact)
    {
        text.Append("\n[artifact.").Append(Key(artifact.Name)).Append("]\n");
        Add(text, "path", artifact.Path);
        Add(text, "only", artifact.Only);
        Add(text, "except", artifact.Except);
        Add(text, "tree", artifact.Tree.OciWithSize);
    }

    private static void Add(StringBuilder text, string key, string? value)
    {
        if (value is not null)
            text.Append(key).Append(" = ").Append(TomlString.Basic(value)).Append('\n');
    }

    private static void Add(StringBuilder text, string key, ImmutableArray<string> values)
    {
        if (!values.IsEmpty)
            text.Append(key).Append(" = [").AppendJoin(", ", values.Select(TomlString.Basic)).Append("]\n");
    }

    private static string Key(string name) =>
        name.All(x => char.IsAsciiLetterOrDigit(x) || x is '-' or '_') ? name : TomlString.Basic(name);
}
