using System.Collections.Immutable;
using System.Text;
using Recipes.Engine.Content;
using Recipes.Engine.Sources.Downloads;
using Recipes.Engine.Workspaces.Keys;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Sources.Locking;

/// <summary>Reads <c>recipes.lock</c>. Its faults end the command, since nothing can be trusted without it.</summary>
internal static class LockReader
{
    /// <summary>In characters: room for a hundred thousand sources.</summary>
    private const int MaxLock = 1 << 26;

    public static LockFile Read(string path, string name)
    {
        byte[] bytes;
        try
        {
            bytes = TomlFile.Read(path, MaxLock);
        }
        catch (EngineException e)
        {
            throw new EngineException($"{name}: error: {e.Message}", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return LockFile.Empty;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"The lock '{path}' cannot be read: {e.Message}", e);
        }
        try
        {
            return Parse(SourceText.FromUtf8(name, bytes));
        }
        catch (DecoderFallbackException e)
        {
            throw new EngineException($"{name}: error: the file is not UTF-8 text", e);
        }
    }

    /// <exception cref="EngineException">
    /// The text has faults; the message lists all of them with their lines.
    /// </exception>
    public static LockFile Parse(SourceText text)
    {
        RefuseConflicts(text);
        var faults = new FaultList(text);
        var document = TomlReader.Read(faults, MaxLock);
        RefuseNewer(text, document);
        var root = document is null
            ? null
            : new KeyChecker(LockKeys.Root, faults, new Template("", null)).Document(document);
        if (faults.Faults.Count > 0)
            throw new EngineException(
                $"{MessageText.Lines(faults.Faults.Select(x => x.ToText()))}\n{text.File} is generated; restore it "
                    + $"from "
                    + $"version control, or delete what is faulty and {new Remedy(RemedyKind.Lock)}."
            );
        return new(
            root!.NamedTables("source").ToImmutableSortedDictionary(x => x.Name.Value, Pin, StringComparer.Ordinal),
            root.NamedTables("seed").ToImmutableSortedDictionary(x => x.Name.Value, Seed, StringComparer.Ordinal)
        )
        {
            Artifacts = root.NamedTables("artifact")
                .ToImmutableSortedDictionary(x => x.Name.Value, Artifact, StringComparer.Ordinal),
        };
    }

    private static void RefuseConflicts(SourceText text)
    {
        var lines = text.Text.Split('\n');
        var line = Array.FindIndex(lines, x => x.StartsWith("<<<<<<< ", StringComparison.Ordinal) || x == "=======");
        if (line >= 0)
            throw new EngineException(
                $"{text.File}:{line + 1}:1: error: the file holds a merge conflict\n{lines[line]}\n"
                    + $"Take either side whole (git checkout --ours {text.File}), then "
                    + $"{new Remedy(RemedyKind.Lock)}: that pins "
                    + $"what is missing or differs."
            );
    }

    private static void RefuseNewer(SourceText text, TomlTable? document)
    {
        if (document?.Find("version")?.Value is TomlInteger { Value: > LockKeys.FormatVersion } version)
            throw new EngineException(
                $"{text.File} has format {version.Value}, and this version of recipes knows formats up to "
                    + $"{LockKeys.FormatVersion}. Use a newer recipes."
            );
    }

    private static Pin Pin((TomlText Name, CheckedTable Table) entry)
    {
        var table = entry.Table;
        return new()
        {
            Name = entry.Name.Value,
            Version = table.Text("version")!.Value,
            Archive = table.Text("archive")?.Value,
            ArchiveDigest = table.Text("archive-digest") is { } digest ? Digest.Parse(digest.Value) : default,
            Also =
            [
                .. table
                    .Tables("also")
                    .Select(x => new FurtherPin(
                        x.Text("archive")!.Value,
                        Digest.Parse(x.Text("digest")!.Value),
                        x.Text("into")!.Value
                    )),
            ],
            Git = table.Text("git")?.Value,
            Tag = table.Text("tag")?.Value,
            Only = [.. table.Texts("only").Select(x => x.Value)],
            Except = [.. table.Texts("except").Select(x => x.Value)],
            Submodules = [.. table.Texts("submodules").Select(x => x.Value)],
            Included = [.. table.Texts("included").Select(x => x.Value)],
            Inner = table.Text("inner")?.Value,
            Commit = table.Text("commit")!.Value,
            GitTree = table.Text("git-tree")!.Value,
            Tree = Digest.Parse(table.Text("tree")!.Value),
            Snapshot = table.Text("snapshot")?.Value,
        };
    }

    private static ArtifactPin Artifact((TomlText Name, CheckedTable Table) entry) =>
        new(entry.Name.Value, entry.Table.Text("path")!.Value, Digest.Parse(entry.Table.Text("tree")!.Value))
        {
            Only = [.. entry.Table.Texts("only").Select(x => x.Value)],
            Except = [.. entry.Table.Texts("except").Select(x => x.Value)],
        };

    private static SeedPin Seed((TomlText Name, CheckedTable Table) entry)
    {
        var table = entry.Table;
        var packages = table
            .Tables("packages")
            .Select(x => new SeedPackagePin(
                x.Text("name")!.Value,
                x.Text("version")!.Value,
                x.Text("path")!.Value,
                Digest.Parse(x.Text("digest")!.Value)
            ));
        return new(
            entry.Name.Value,
            table.Text("suite")!.Value,
            table.Text("request")!.Value,
            table.Text("snapshot")?.Value,
            [.. packages],
            Digest.Parse(table.Text("tree")!.Value)
        )
        {
            Index = table.Text("index")?.Value,
        };
    }
}
