namespace Recipes.Engine.Sources.Git;

/// <summary>
/// The repository of a submodule as git lays it out: the git folder in the superproject's <c>modules/</c>, and a work
/// tree whose <c>.git</c> file leads there.
/// </summary>
/// <remarks>See gitsubmodules(7), "STRUCTURE", and gitrepository-layout(5).</remarks>
internal sealed class SubmoduleRepository
{
    private readonly string gitFolder;
    private readonly string workTree;
    private readonly bool isInside;

    /// <param name="superproject">The work tree of the superproject.</param>
    /// <param name="gitFolder">Absolute path of the submodule's git folder.</param>
    /// <param name="workTree">Absolute path of its work tree.</param>
    public SubmoduleRepository(string superproject, string gitFolder, string workTree)
    {
        (this.gitFolder, this.workTree) = (gitFolder, workTree);
        isInside = gitFolder.StartsWith(superproject + "/", StringComparison.Ordinal);
        Git = new(gitFolder, workTree);
    }

    /// <summary>git in this repository.</summary>
    public GitProgram Git { get; }

    /// <summary>There while a first checkout is under way: what lies in the work tree then is nobody's work.</summary>
    private string UnfinishedMark => Path.Join(gitFolder, "recipes-unfinished");

    /// <summary>The reference that keeps a pinned commit from git's collection of garbage.</summary>
    public static string ReferenceOf(string commit) => $"refs/recipes/pins/{commit}";

    /// <summary>True if a pinned commit is here.</summary>
    public async Task<bool> HasAsync(string commit, CancellationToken cancellationToken) =>
        (
            await Git.RunAsync(
                ["rev-parse", "--verify", "--quiet", $"{ReferenceOf(commit)}^{{tree}}"],
                cancellationToken
            )
        ).IsSuccess;

    /// <summary>Makes the repository, or takes the one that is there.</summary>
    /// <exception cref="EngineException">Something else stands in its place.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        RefuseForeign();
        Directory.CreateDirectory(workTree);
        if (!File.Exists(Path.Join(gitFolder, "config")))
        {
            Directory.CreateDirectory(gitFolder);
            var made = new GitProgram(gitFolder);
            await made.RequireAsync(["init", "--quiet", "--bare", "--template="], cancellationToken);
        }
        await Git.RequireAsync(["config", "core.bare", "false"], cancellationToken);
        await Git.RequireAsync(["config", "core.worktree", PathFrom(gitFolder, workTree)], cancellationToken);
        // Files stand in the work tree as they are built from, whatever the attributes in the source say.
        Directory.CreateDirectory(Path.Join(gitFolder, "info"));
        await File.WriteAllTextAsync(
            Path.Join(gitFolder, "info", "attributes"),
            "* -text -ident !filter !working-tree-encoding\n",
            cancellationToken
        );
        var link = Path.Join(workTree, ".git");
        if (File.Exists(link))
            return;
        await File.WriteAllTextAsync(UnfinishedMark, "", cancellationToken);
        await File.WriteAllTextAsync(link, $"gitdir: {PathFrom(workTree, gitFolder)}\n", cancellationToken);
    }

    /// <summary>Lays a commit down in the work tree. Commits that were there before stay reachable.</summary>
    /// <exception cref="EngineException">The work tree has changes of its own, which are left as they are.</exception>
    public async Task CheckOutAsync(string commit, CancellationToken cancellationToken)
    {
        var isUnfinished = File.Exists(UnfinishedMark);
        if (!isUnfinished)
        {
            var status = await Git.RequireAsync(
                ["status", "--porcelain", "--untracked-files=normal"],
                cancellationToken
            );
            if (status.Length > 0)
                throw new EngineException(
                    $"'{workTree}' has changes of its own, and is left as it is; commit them on a branch, stash "
                        + $"them, or take them back:\n{Shorten(status)}"
                );
            var head = await Git.RequireAsync(["rev-parse", "HEAD"], cancellationToken);
            if (head == commit)
                return;
            await Git.RequireAsync(["update-ref", $"refs/recipes/left/{head}", head], cancellationToken);
        }
        string[] force = isUnfinished ? ["--force"] : [];
        await Git.RequireAsync(["checkout", "--quiet", .. force, "--detach", commit], cancellationToken);
        File.Delete(UnfinishedMark);
    }

    private void RefuseForeign()
    {
        if (new DirectoryInfo(workTree).LinkTarget is not null)
            throw new EngineException($"'{workTree}' is a link; a submodule needs a folder of its own there");
        var link = Path.Join(workTree, ".git");
        if (Directory.Exists(link))
            throw new EngineException(
                $"'{workTree}' has a repository of its own; 'git submodule absorbgitdirs' makes it a submodule's"
            );
        if (File.Exists(link))
        {
            var target = File.ReadAllText(link).Trim();
            if (Path.GetFullPath(target["gitdir: ".Length..], workTree) != gitFolder)
                throw new EngineException(
                    $"'{link}' leads elsewhere than to '{gitFolder}'; delete it, or move the work tree away"
                );
        }
        else if (
            Directory.Exists(workTree)
            && Directory.EnumerateFileSystemEntries(workTree).Any()
            && !File.Exists(UnfinishedMark)
        )
            throw new EngineException(
                $"'{workTree}' holds files that no repository knows; move them away, and run the command again"
            );
    }

    /// <summary>
    /// Relative inside of one checkout, so that it may be moved; a linked worktree has its git folder elsewhere.
    /// </summary>
    private string PathFrom(string from, string to) => isInside ? Path.GetRelativePath(from, to) : to;

    private static string Shorten(string status)
    {
        var lines = status.Split('\n');
        return string.Join('\n', lines.Take(5).Select(x => "  " + x))
            + (lines.Length > 5 ? $"\n  and {lines.Length - 5} more" : "");
    }
}
