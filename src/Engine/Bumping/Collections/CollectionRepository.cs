using Recipes.Engine.Model;
using Recipes.Engine.Sources.Git;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Bumping.Collections;

/// <summary>The submodule that a collection is in: where it stands, and what its origin has.</summary>
internal sealed class CollectionRepository
{
    private const int ShownDigits = 12;

    private readonly Superproject project;
    private readonly GitProgram git;
    private readonly string path;

    private CollectionRepository(Collection collection, Superproject project, Superproject module, string path)
    {
        (Collection, this.project, this.path) = (collection, project, path);
        (Root, GitFolder) = (module.Root, module.GitFolder);
        git = new(GitFolder, Root);
    }

    /// <summary>The collection.</summary>
    public Collection Collection { get; }

    /// <summary>The submodule's work tree, absolute.</summary>
    public string Root { get; }

    /// <summary>The submodule, with a commit.</summary>
    public Submodule At(string commit) =>
        new(path, commit, project.Modules().GetValueOrDefault(path)?.Url ?? "", IsImported: false);

    /// <summary>The collection's folder, from that of the submodule.</summary>
    public string Inside => Path.GetRelativePath(Root, Collection.Root);

    private string GitFolder { get; }

    /// <summary>The submodule of a collection that the workspace itself uses.</summary>
    /// <exception cref="EngineException">It is in no submodule of the workspace's repository.</exception>
    public static CollectionRepository Of(Workspace workspace, Collection collection) =>
        Find(workspace, collection)
        ?? throw new EngineException(
            workspace.Collections.FirstOrDefault(x => IsIn(collection.Folder, x.Folder)) is { } user
                ? $"the collection '{collection.Name}' is in '{user.Name}', which is where it is moved"
                : $"the collection '{collection.Name}' in '{collection.Folder}' is not a submodule of the workspace's "
                    + $"repository, so that nothing tells which commit it is at"
        );

    /// <summary>The same; null where it is in none.</summary>
    public static CollectionRepository? Find(Workspace workspace, Collection collection) =>
        Superproject.Find(workspace.Root) is { } project
        && project.Gitlinks().Keys.FirstOrDefault(x => x == collection.Folder || IsIn(collection.Folder, x)) is { } path
        && Superproject.Find(Path.Join(workspace.Root, path)) is { } module
        && module.Root == Path.Join(workspace.Root, path)
            ? new(collection, project, module, path)
            : null;

    /// <summary>The commit that the workspace's repository has for it.</summary>
    public string Pinned => project.FindGitlink(path)!;

    /// <summary>As people are shown a commit.</summary>
    public static string Short(string commit) => commit[..ShownDigits];

    /// <summary>The commit that its origin has at the branch of <c>.gitmodules</c>, or at its default one.</summary>
    /// <exception cref="EngineException">The origin cannot be asked, or has no such branch.</exception>
    public async Task<string> NewestAsync(CancellationToken cancellationToken)
    {
        var branch = await BranchAsync(cancellationToken);
        var reference = branch is null ? "HEAD" : $"refs/heads/{branch}";
        var answer = await git.RequireAsync(["ls-remote", "origin", reference], cancellationToken);
        return answer.Split('\t') is [{ Length: > 0 } commit, ..]
            ? commit
            : throw new EngineException(
                $"the origin of the collection '{Collection.Name}' has no {branch ?? "commit"} to move to"
            );
    }

    /// <summary>Brings in a commit.</summary>
    /// <param name="revision">A branch, a tag or a commit; null for <see cref="NewestAsync"/>.</param>
    /// <param name="cancellationToken">Stops git.</param>
    /// <exception cref="EngineException">The origin cannot be reached, or has no such revision.</exception>
    public async Task<string> FetchAsync(string? revision, CancellationToken cancellationToken)
    {
        var wanted = revision ?? await NewestAsync(cancellationToken);
        await git.RequireAsync(["fetch", "--quiet", "--tags", "--no-recurse-submodules", "origin"], cancellationToken);
        foreach (var name in (string[])[$"refs/remotes/origin/{wanted}", $"refs/tags/{wanted}", wanted])
        {
            var answer = await git.RunAsync(
                ["rev-parse", "--verify", "--quiet", "--end-of-options", $"{name}^{{commit}}"],
                cancellationToken
            );
            if (answer.IsSuccess)
                return answer.StandardOutput.Trim();
        }
        throw new EngineException(
            $"the origin of the collection '{Collection.Name}' has no branch, tag or commit '{wanted}'"
        );
    }

    /// <summary>Sees that its work tree is what the workspace's repository says, and nothing else.</summary>
    /// <exception cref="EngineException">It has changes, or is at another commit.</exception>
    public async Task RequireCleanAsync(CancellationToken cancellationToken)
    {
        var head = await git.RequireAsync(["rev-parse", "HEAD"], cancellationToken);
        if (head != Pinned)
            throw new EngineException(
                $"'{path}' is at {Short(head)}, and the index has {Short(Pinned)}: stage it (git add {path}), or check "
                    + $"that out (git submodule update {path})"
            );
        var changed = await git.RequireAsync(
            ["status", "--porcelain=v1", "-z", "--no-renames", "--ignore-submodules=dirty"],
            cancellationToken
        );
        if (changed.Split('\0') is [{ Length: > 3 } first, ..])
            throw new EngineException(
                $"'{path}' has changes that are not committed, such as of '{first[3..]}'; commit or stash them first"
            );
    }

    /// <summary>How many commits there are from one to another.</summary>
    /// <returns>Those that come, and those that are left behind: none if it only goes forward.</returns>
    public async Task<(int Ahead, int Behind)> CountAsync(
        string before,
        string after,
        CancellationToken cancellationToken
    )
    {
        var counts = await git.RunAsync(
            ["rev-list", "--left-right", "--count", $"{before}...{after}"],
            cancellationToken
        );
        return
            counts.IsSuccess
            && counts.StandardOutput.Split('\t') is [var left, var right]
            && int.TryParse(left, out var behind)
            && int.TryParse(right, out var ahead)
            ? (ahead, behind)
            : (0, 0);
    }

    /// <summary>Lays the files of a commit down, as a checkout would.</summary>
    /// <param name="commit">A commit that is here.</param>
    /// <param name="folder">An existing empty folder.</param>
    /// <param name="cancellationToken">Stops git.</param>
    public async Task LayDownAsync(string commit, string folder, CancellationToken cancellationToken)
    {
        var apart = new GitProgram(GitFolder, folder, folder + ".index");
        await apart.RequireAsync(["read-tree", commit], cancellationToken);
        await apart.RequireAsync(["checkout-index", "--all", "--force"], cancellationToken);
        File.Delete(folder + ".index");
    }

    /// <summary>The commit of a submodule of it.</summary>
    /// <param name="commit">The commit to look in.</param>
    /// <param name="folder">Relative to the collection.</param>
    /// <param name="cancellationToken">Stops git.</param>
    /// <returns>Null where there is none.</returns>
    public async Task<string?> GitlinkAsync(string commit, string folder, CancellationToken cancellationToken)
    {
        var place = Inside == "." ? folder : $"{Inside}/{folder}";
        var entry = await git.RequireAsync(["ls-tree", "--full-tree", commit, "--", place], cancellationToken);
        return entry.Split(' ', '\t') is ["160000", _, var link, ..] ? link : null;
    }

    /// <summary>
    /// Checks a commit out, and stages it in the workspace's repository; on a fault, all is as it was.
    /// </summary>
    /// <exception cref="EngineException">git refuses.</exception>
    public async Task MoveAsync(string commit, CancellationToken cancellationToken)
    {
        var before = Pinned;
        try
        {
            await CheckOutAsync(commit, cancellationToken);
            var superproject = new GitProgram(project.GitFolder, project.Root);
            await superproject.RequireAsync(
                ["update-index", "--cacheinfo", $"160000,{commit},{project.PathOf(path)}"],
                cancellationToken
            );
        }
        catch (Exception e) when (e is EngineException or OperationCanceledException)
        {
            await CheckOutAsync(before, CancellationToken.None);
            throw;
        }
    }

    private async Task CheckOutAsync(string commit, CancellationToken cancellationToken) =>
        await git.RequireAsync(
            ["-c", "advice.detachedHead=false", "checkout", "--quiet", "--detach", commit],
            cancellationToken
        );

    private async Task<string?> BranchAsync(CancellationToken cancellationToken)
    {
        var answer = await new GitProgram(project.GitFolder, project.Root).RunAsync(
            ["config", "--file", ".gitmodules", "--get", $"submodule.{project.ModuleName(path)}.branch"],
            cancellationToken
        );
        return answer.IsSuccess && answer.StandardOutput.Trim() is { Length: > 0 } and not "."
            ? answer.StandardOutput.Trim()
            : null;
    }

    private static bool IsIn(string folder, string outer) => folder.StartsWith(outer + "/", StringComparison.Ordinal);
}
