using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Git;

namespace Recipes.Engine.Bumping;

/// <summary>
/// Exchanges files of a workspace and one gitlink so that all change or none: what was there is first noted in a
/// journal, from which it is brought back if a step fails, or by the next such change if this process is killed
/// half-way.
/// </summary>
internal sealed class WorkspaceChange
{
    /// <summary>The journal's name at the workspace's root; a change that runs holds a lock on it.</summary>
    public const string JournalName = ".recipes-bump";

    private readonly string root;
    private readonly Superproject? project;
    private readonly Journal journal;
    private readonly FileStream file;

    private WorkspaceChange(string root, Superproject? project, Journal journal, FileStream file) =>
        (this.root, this.project, this.journal, this.file) = (root, project, journal, file);

    /// <summary>Notes what is there.</summary>
    /// <param name="root">The workspace.</param>
    /// <param name="project">Its repository, or null.</param>
    /// <param name="files">The files that will change, relative to the workspace.</param>
    /// <param name="sourcePath">The path of the gitlink that will change.</param>
    /// <exception cref="EngineException">The journal cannot be written, or another change is at work.</exception>
    public static WorkspaceChange Begin(
        string root,
        Superproject? project,
        IEnumerable<string> files,
        string sourcePath
    )
    {
        var module = project?.Modules().GetValueOrDefault(sourcePath);
        var link = new NotedLink(sourcePath, project?.FindGitlink(sourcePath), module?.Url, module?.Update == "none");
        var path = Path.Join(root, JournalName);
        FileStream? file = null;
        try
        {
            var journal = new Journal(
                [
                    .. files.Select(x => new NotedFile(
                        x,
                        File.Exists(Path.Join(root, x)) ? File.ReadAllBytes(Path.Join(root, x)) : null
                    )),
                ],
                link
            );
            file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
            file.Write(JsonSerializer.SerializeToUtf8Bytes(journal, JournalJson.Default.Journal));
            file.Flush(flushToDisk: true);
            var change = new WorkspaceChange(root, project, journal, file);
            file = null;
            return change;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(
                File.Exists(path)
                    ? $"Another command is changing this workspace ('{path}' exists); nothing was changed"
                    : $"'{path}' cannot be written: {e.Message}; nothing was changed",
                e
            );
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>Brings back what a change that was killed left half-done.</summary>
    /// <returns>True if there was such a change.</returns>
    /// <exception cref="EngineException">Another change is running, or something cannot be written.</exception>
    public static bool Recover(string root)
    {
        var path = Path.Join(root, JournalName);
        if (!File.Exists(path))
            return false;
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            if (Read(file) is { } journal)
            {
                new WorkspaceChange(root, Superproject.Find(root), journal, file).Undo();
                return true;
            }
            // It was not whole yet, so that nothing else had been touched.
            File.Delete(path);
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(
                $"Another command is changing this workspace, or '{path}' cannot be read: {e.Message}",
                e
            );
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>Writes everything: the gitlink first, then each file in one piece.</summary>
    /// <exception cref="EngineException">Something cannot be written; call <see cref="Undo"/>.</exception>
    public void Write(IReadOnlyList<(string File, byte[] Content)> files, Submodule module)
    {
        project?.Update([module], []);
        foreach (var (name, content) in files)
            Exchange(name, content);
    }

    /// <summary>The change stands.</summary>
    public void Keep()
    {
        File.Delete(file.Name);
        file.Dispose();
    }

    /// <summary>Brings everything back.</summary>
    /// <exception cref="EngineException">Something cannot be written; the journal stays for another try.</exception>
    public void Undo()
    {
        foreach (var noted in journal.Files)
            Exchange(noted.Path, noted.Content);
        if (journal.Link is { Commit: { } commit } link)
            project?.Update([new(link.Path, commit, link.Url ?? "", link.IsImported)], []);
        else
            project?.Update([], [journal.Link.Path]);
        Keep();
    }

    private static Journal? Read(FileStream file)
    {
        try
        {
            return JsonSerializer.Deserialize(file, JournalJson.Default.Journal);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Exchange(string name, byte[]? content)
    {
        var path = Path.Join(root, name);
        try
        {
            if (content is null)
            {
                Remove(path);
                return;
            }
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(content))
                return;
            FileDraft.Write(path, content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"'{path}' cannot be written: {e.Message}", e);
        }
    }

    /// <summary>With the folder of a new recipe, if nothing else is in it.</summary>
    private static void Remove(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
            return;
        // A folder that came in the way is not ours.
        if (Posix.Stat(path) is { Kind: not FileKind.Folder })
            File.Delete(path);
        if (Path.GetFileName(path) != RecipeLocation.FileName)
            return;
        foreach (var empty in (string[])[Path.Join(folder, RecipeFiles.SourceFolder), folder])
        {
            if (Directory.Exists(empty) && !Directory.EnumerateFileSystemEntries(empty).Any())
                Directory.Delete(empty);
        }
    }
}

/// <summary>What a workspace held before a change.</summary>
internal sealed record Journal(ImmutableArray<NotedFile> Files, NotedLink Link);

/// <summary>A file; null content where there was none.</summary>
internal sealed record NotedFile(string Path, byte[]? Content);

/// <summary>A gitlink and its entry in <c>.gitmodules</c>; a null commit where there was none.</summary>
internal sealed record NotedLink(string Path, string? Commit, string? Url, bool IsImported);

// The writer that would be generated otherwise makes "" of bytes that are null, which means another thing here.
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Journal))]
internal sealed partial class JournalJson : JsonSerializerContext;
