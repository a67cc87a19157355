using System.Collections.Immutable;
using System.Text;
using LibGit2Sharp;

namespace Recipes.Engine.Sources.Git;

/// <summary>
/// The git repository that the workspace lies in; its index holds the gitlinks. Paths are relative to the workspace, which
/// may be a folder of the repository. Each call reads the index anew, so that <c>git</c> may be used in between.
/// </summary>
/// <remarks>See gitsubmodules(7) and gitmodules(5).</remarks>
public sealed class Superproject
{
    private const string ModulesFile = ".gitmodules";
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
    /// The repository at the workspace's root, or the one above that has the workspace's lock in its index; null if there is
    /// none. It may be a linked worktree or a shallow clone, and may belong to another user.
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

    /// <summary>A repository above may have nothing to do with the workspace: a home directory under git, say.</summary>
    private bool HasWorkspace()
    {
        try
        {
            return Read(x => x.Index[prefix + "recipes.lock"]) is not null;
        }
        catch (EngineException)
        {
            return false;
        }
    }

    /// <summary>Path → commit of every gitlink below the workspace; one with a merge conflict is not among them.</summary>
    /// <exception cref="EngineException">The index cannot be read.</exception>
    public ImmutableSortedDictionary<string, string> Gitlinks() =>
        Read(repository =>
            repository
                .Index.Where(x => x.Mode == Mode.GitLink && x.StageLevel == StageLevel.Staged)
                .Where(x => x.Path.StartsWith(prefix, StringComparison.Ordinal))
                .ToImmutableSortedDictionary(x => x.Path[prefix.Length..], x => x.Id.Sha, StringComparer.Ordinal)
        );

    /// <summary>The commit of the gitlink at a path; null if there is none.</summary>
    /// <exception cref="EngineException">The index cannot be read.</exception>
    public string? FindGitlink(string path) =>
        Read(x => x.Index[prefix + path] is { Mode: Mode.GitLink } entry ? entry.Id.Sha : null);

    /// <summary>The git folder: of a linked worktree, its own.</summary>
    /// <exception cref="EngineException">The repository cannot be read.</exception>
    internal string GitFolder => Read(x => x.Info.Path.TrimEnd('/'));

    /// <summary>The text of a file as it was committed last; null if it was not.</summary>
    /// <exception cref="EngineException">The repository cannot be read.</exception>
    public string? ReadCommitted(string path) => Read(x => x.Head.Tip?[prefix + path]?.Target is Blob blob ? Text(blob) : null);

    /// <summary>What git calls the submodule at a path, which <c>.gitmodules</c> describes: the place of its git folder.</summary>
    /// <exception cref="EngineException">The name would lead out of the git folder.</exception>
    internal string ModuleName(string path)
    {
        var name = GitmodulesFile.Parse(Read(Staged) ?? "").NameOf(prefix + path)!;
        return name.Split('/').Any(x => x is "" or "." or "..")
            ? throw new EngineException($".gitmodules names the submodule at '{path}' '{name}', which git refuses")
            : name;
    }

    /// <summary>The submodules that the staged <c>.gitmodules</c> describes below the workspace, by path.</summary>
    /// <exception cref="EngineException">The index or the file cannot be read.</exception>
    internal ImmutableSortedDictionary<string, GitmodulesEntry> Modules() =>
        GitmodulesFile
            .Parse(Read(Staged) ?? "")
            .Entries.Where(x => x.Path.StartsWith(prefix, StringComparison.Ordinal))
            .Select(x => x with { Path = x.Path[prefix.Length..] })
            .DistinctBy(x => x.Path, StringComparer.Ordinal)
            .ToImmutableSortedDictionary(x => x.Path, x => x, StringComparer.Ordinal);

    /// <summary>
    /// Sets and removes gitlinks and their entries in <c>.gitmodules</c>, in one atomic write of the index. Whatever else is
    /// staged stays as it is, conflicts included; of <c>.gitmodules</c> only what differs is changed, in the index and in the
    /// work tree each. Removing leaves a work tree that was checked out where it is.
    /// </summary>
    /// <returns>True if anything differed.</returns>
    /// <exception cref="EngineException">It cannot be written; then nothing was.</exception>
    public bool Update(IReadOnlyCollection<Submodule> set, IReadOnlyCollection<string> remove) =>
        Read(repository =>
        {
            var edit = (string text) => Edit(text, set, remove);
            var staged = Staged(repository);
            var (newStaged, inTree) = (edit(staged ?? ""), ReadWorkTree());
            var newInTree = edit(inTree ?? staged ?? "");
            var links = set.Where(x => FindIn(repository, x.Path) != x.Commit).ToList();
            var gone = remove.Where(x => FindIn(repository, x) is not null).ToList();
            foreach (var module in set)
                MakeFolder(repository, module.Path);
            if (newStaged == (staged ?? "") && newInTree == (inTree ?? "") && links.Count == 0 && gone.Count == 0)
                return false;

            foreach (var path in gone)
                repository.Index.Remove(prefix + path);
            foreach (var link in links)
                repository.Index.Add(new NamedObject(new(link.Commit)), prefix + link.Path, Mode.GitLink);
            if (newStaged.Length == 0 && staged is not null)
                repository.Index.Remove(ModulesFile);
            else if (newStaged != (staged ?? ""))
                repository.Index.Add(Blob(repository, newStaged), ModulesFile, Mode.NonExecutableFile);
            WriteBoth(repository, newInTree);
            return true;
        });

    private string Edit(string text, IReadOnlyCollection<Submodule> set, IReadOnlyCollection<string> remove)
    {
        var modules = GitmodulesFile.Parse(text);
        foreach (var path in remove)
            modules = modules.Without(prefix + path);
        foreach (var module in set)
            modules = modules.With(GitmodulesEntry.Of(module) with { Path = prefix + module.Path });
        return modules.Text;
    }

    private string? FindIn(Repository repository, string path) =>
        repository.Index[prefix + path] is { Mode: Mode.GitLink } entry ? entry.Id.Sha : null;

    private static string? Staged(Repository repository)
    {
        if (repository.Index.Conflicts[ModulesFile] is not null)
            throw new EngineException(
                $"{ModulesFile} has a merge conflict. Take either side whole (git checkout --ours {ModulesFile}; git add {ModulesFile}), then run the command again."
            );
        return repository.Index[ModulesFile] is { } entry && repository.Lookup<Blob>(entry.Id) is { } blob ? Text(blob) : null;
    }

    private static string Text(Blob blob)
    {
        using var content = new MemoryStream();
        using (var stream = blob.GetContentStream())
            stream.CopyTo(content);
        return Decode(content.ToArray());
    }

    private static Blob Blob(Repository repository, string text)
    {
        using var content = new MemoryStream(Utf8.GetBytes(text));
        return repository.ObjectDatabase.CreateBlob(content);
    }

    private string? ReadWorkTree()
    {
        var file = new FileInfo($"{Root}/{ModulesFile}");
        if (file.LinkTarget is not null)
            throw new EngineException($"'{file.FullName}' is a link, which git refuses; make it a plain file");
        return file.Exists ? Decode(File.ReadAllBytes(file.FullName)) : null;
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

    /// <summary>git takes a gitlink without a folder for one that was deleted.</summary>
    private void MakeFolder(Repository repository, string path)
    {
        if (repository.Index.Any(x => x.Path.StartsWith($"{prefix}{path}/", StringComparison.Ordinal)))
            throw new EngineException(
                $"git tracks files below '{prefix}{path}', where the source's gitlink belongs; git rm -r --cached '{prefix}{path}' takes them out"
            );
        Directory.CreateDirectory($"{Root}/{prefix}{path}");
    }

    /// <summary>The file of the work tree waits beside its place until the index is written.</summary>
    private void WriteBoth(Repository repository, string inTree)
    {
        var file = $"{Root}/{ModulesFile}";
        var draft = $"{file}.{Environment.ProcessId}.new";
        try
        {
            File.WriteAllText(draft, inTree, Utf8);
            repository.Index.Write();
            if (inTree.Length > 0)
                File.Move(draft, file, overwrite: true);
            else
                File.Delete(file);
        }
        finally
        {
            File.Delete(draft);
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
                $"Another git command is writing the index of '{Root}'. If none is running, one was broken off: delete index.lock in its git folder.",
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

    /// <summary>Adds to the index what need not be in the repository: the library takes nothing of a blob but its id.</summary>
    private sealed class NamedObject(ObjectId id) : Blob
    {
        public override ObjectId Id => id;
    }
}
