using LibGit2Sharp;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sources.Git;

internal sealed partial class Superproject
{
    /// <summary>
    /// Sets and removes gitlinks and their entries in <c>.gitmodules</c>, in one atomic write of the index. Whatever
    /// else is staged stays as it is, conflicts included; of <c>.gitmodules</c> only what differs is changed, in the
    /// index and in the work tree each. Removing leaves a work tree that was checked out where it is.
    /// </summary>
    /// <returns>True if anything differed.</returns>
    /// <exception cref="EngineException">It cannot be written; then nothing was.</exception>
    public bool Update(IReadOnlyCollection<Submodule> set, IReadOnlyCollection<string> remove) =>
        Read(repository =>
        {
            var edit = (string text) => Edit(text, set, remove);
            var index = StagedFiles.Of(repository, Root);
            var staged = Staged(repository, index);
            var (newStaged, inTree) = (edit(staged ?? ""), ReadWorkTree());
            var newInTree = edit(inTree ?? staged ?? "");
            var links = set.Where(x => FindIn(index, x.Path) != x.Commit).ToList();
            var gone = remove.Where(x => FindIn(index, x) is not null).ToList();
            foreach (var module in set)
                MakeFolder(index, module.Path);
            if (newStaged == (staged ?? "") && newInTree == (inTree ?? "") && links.Count == 0 && gone.Count == 0)
                return false;

            var added = links.Select(x => new IndexItem(prefix + x.Path, IndexItem.Gitlink, x.Commit, 0)).ToList();
            var removed = gone.Select(x => prefix + x).ToList();
            if (newStaged.Length == 0 && staged is not null)
                removed.Add(ModulesFile);
            else if (newStaged != (staged ?? ""))
                added.Add(new(ModulesFile, IndexItem.PlainFile, Blob(repository, newStaged).Sha, 0));
            WriteBoth(() => index.Write(removed, added), Path.Join(repository.Info.Path, "index"), newInTree);
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

    private string? FindIn(IStagedFiles index, string path) =>
        index.Find(prefix + path) is { Mode: IndexItem.Gitlink } entry ? entry.Id : null;

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

    /// <summary>git takes a gitlink without a folder for one that was deleted.</summary>
    private void MakeFolder(IStagedFiles index, string path)
    {
        if (index.All.Any(x => x.Path.StartsWith($"{prefix}{path}/", StringComparison.Ordinal)))
            throw new EngineException(
                $"git tracks files below '{prefix}{path}', where the source's gitlink belongs; git rm -r --cached "
                    + $"'{prefix}{path}' takes them out"
            );
        Directory.CreateDirectory($"{Root}/{prefix}{path}");
    }

    /// <summary>The file of the work tree waits beside its place until the index is written.</summary>
    private void WriteBoth(Action writeIndex, string indexFile, string inTree)
    {
        var file = $"{Root}/{ModulesFile}";
        using var draft = FileDraft.Beside(file);
        draft.Write(Utf8.GetBytes(inTree));
        writeIndex();
        Posix.Sync(indexFile);
        if (inTree.Length > 0)
            draft.Publish();
        else
            File.Delete(file);
    }
}
