using System.Collections.Immutable;
using System.Text;
using LibGit2Sharp;

namespace Recipes.Engine.Sources.Git;

/// <summary>
/// The git repository that the workspace lies in; its index holds the gitlinks. Paths are relative to the workspace,
/// which may be a folder of the repository. Each call reads the index anew, so that <c>git</c> may be used in between.
/// </summary>
/// <remarks>See gitsubmodules(7) and gitmodules(5).</remarks>
internal sealed partial class Superproject
{
    private const string ModulesFile = ".gitmodules";
    private const long MaxText = 1 << 26;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string prefix;

    private Superproject(string root, string workspace)
    {
        Root = root;
        var place = Path.GetRelativePath(root, workspace);
        prefix = place == "." ? "" : place + "/";
    }

    /// <summary>The work tree's absolute path.</summary>
    public string Root { get; }

    /// <summary>
    /// The repository at the workspace's root, or the one above that has the workspace's lock in its index; null if
    /// there is none. It may be a linked worktree or a shallow clone, and may belong to another user.
    /// </summary>
    /// <exception cref="EngineException">There is a repository that cannot be read.</exception>
    public static Superproject? Find(string workspaceRoot)
    {
        GlobalSettings.SetOwnerValidation(false);
        var workspace = Path.GetFullPath(workspaceRoot).TrimEnd('/');
        for (var folder = workspace; !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
        {
            if (!Path.Exists($"{folder}/.git"))
                continue;
            var found = new Superproject(folder, workspace);
            return folder == workspace || found.HasWorkspace() ? found : null;
        }
        return null;
    }

    /// <summary>
    /// A repository above may have nothing to do with the workspace: a home directory under git, say.
    /// </summary>
    private bool HasWorkspace()
    {
        try
        {
            return Read(x => StagedFiles.Of(x, Root).Find(prefix + "recipes.lock")) is not null;
        }
        catch (EngineException)
        {
            return false;
        }
    }

    /// <summary>
    /// Path → commit of every gitlink below the workspace; one with a merge conflict is not among them.
    /// </summary>
    /// <exception cref="EngineException">The index cannot be read.</exception>
    public ImmutableSortedDictionary<string, string> Gitlinks() =>
        Read(repository =>
            StagedFiles
                .Of(repository, Root)
                .All.Where(x => x is { Mode: IndexItem.Gitlink, Stage: 0 })
                .Where(x => x.Path.StartsWith(prefix, StringComparison.Ordinal))
                .ToImmutableSortedDictionary(x => x.Path[prefix.Length..], x => x.Id, StringComparer.Ordinal)
        );

    /// <summary>The commit of the gitlink at a path; null if there is none.</summary>
    /// <exception cref="EngineException">The index cannot be read.</exception>
    public string? FindGitlink(string path) => Read(x => FindIn(StagedFiles.Of(x, Root), path));

    /// <summary>The git folder: of a linked worktree, its own.</summary>
    /// <exception cref="EngineException">The repository cannot be read.</exception>
    internal string GitFolder => Read(x => x.Info.Path.TrimEnd('/'));

    /// <summary>The path from the work tree's root of a path in the workspace; empty for the root itself.</summary>
    /// <param name="path">Relative, or <c>.</c>.</param>
    internal string PathOf(string path) => path == "." ? prefix.TrimEnd('/') : prefix + path;

    /// <summary>The text of a file as it was committed last; null if it was not.</summary>
    /// <exception cref="EngineException">The repository cannot be read.</exception>
    public string? ReadCommitted(string path) =>
        Read(x => x.Head.Tip?[prefix + path]?.Target is Blob blob ? Text(blob) : null);

    /// <summary>
    /// What git calls the submodule at a path, which <c>.gitmodules</c> describes: the place of its git folder.
    /// </summary>
    /// <exception cref="EngineException">The name would lead out of the git folder.</exception>
    internal string ModuleName(string path)
    {
        var name = GitmodulesFile.Parse(Read(x => Staged(x, StagedFiles.Of(x, Root))) ?? "").NameOf(prefix + path)!;
        return name.Split('/').Any(x => x is "" or "." or "..")
            ? throw new EngineException($".gitmodules names the submodule at '{path}' '{name}', which git refuses")
            : name;
    }

    /// <summary>The submodules that the staged <c>.gitmodules</c> describes below the workspace, by path.</summary>
    /// <exception cref="EngineException">The index or the file cannot be read.</exception>
    internal ImmutableSortedDictionary<string, GitmodulesEntry> Modules() =>
        GitmodulesFile
            .Parse(Read(x => Staged(x, StagedFiles.Of(x, Root))) ?? "")
            .Entries.Where(x => x.Path.StartsWith(prefix, StringComparison.Ordinal))
            .Select(x => x with { Path = x.Path[prefix.Length..] })
            .DistinctBy(x => x.Path, StringComparer.Ordinal)
            .ToImmutableSortedDictionary(x => x.Path, x => x, StringComparer.Ordinal);

    private static string? Staged(Repository repository, IStagedFiles index)
    {
        if (index.IsConflicted(ModulesFile))
            throw new EngineException(
                $"{ModulesFile} has a merge conflict. Take either side whole (git checkout --ours {ModulesFile}; "
                    + $"git add {ModulesFile}), then run the command again."
            );
        return index.Find(ModulesFile) is { } entry && repository.Lookup<Blob>(entry.Id) is { } blob
            ? Text(blob)
            : null;
    }

    private static string Text(Blob blob)
    {
        if (blob.Size > MaxText)
            throw new EngineException(
                $"the file {blob.Sha} in the index is longer than {MaxText >> 20} MiB, the most that is read of "
                    + $"such a file"
            );
        return Decode(Bytes(blob));
    }

    private static string Decode(byte[] bytes)
    {
        try
        {
            return Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new EngineException($"{ModulesFile} is not UTF-8 text", e);
        }
    }

    private T Read<T>(Func<Repository, T> read)
    {
        try
        {
            using var repository = new Repository(Root);
            return read(repository);
        }
        catch (LockedFileException e)
        {
            throw new EngineException(
                $"Another git command is writing the index of '{Root}'. If none is running, one was broken off: "
                    + $"delete index.lock in its git folder.",
                e
            );
        }
        catch (LibGit2SharpException e)
        {
            throw new EngineException($"The git repository '{Root}' cannot be used: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"The git repository '{Root}' cannot be written: {e.Message}", e);
        }
    }
}
