using System.Collections.Immutable;
using CliWrap;
using Recipes.Engine.Sources.Git;

namespace Recipes.Engine.Bumping;

/// <summary>
/// Commits a bump and nothing else: in an index of its own, made from <c>HEAD</c>, so that whatever else is staged
/// stays staged and out of the commit. git's hooks do not run.
/// </summary>
internal sealed class BumpCommit
{
    private const string Modules = ".gitmodules";

    private readonly string prefix;
    private readonly string gitFolder;
    private readonly Superproject project;
    private readonly GitProgram git;

    private BumpCommit(Superproject project, string gitFolder, string root)
    {
        (this.project, this.gitFolder) = (project, gitFolder);
        git = new(gitFolder, project.Root);
        var place = Path.GetRelativePath(project.Root, root);
        prefix = place == "." ? "" : place + "/";
    }

    /// <summary>Sees, before anything is changed, whether the commit can be made.</summary>
    /// <param name="project">The repository of the workspace, or null.</param>
    /// <param name="root">The workspace.</param>
    /// <param name="paths">What the commit will change, relative to the workspace.</param>
    /// <param name="cancellationToken">Stops git.</param>
    /// <exception cref="EngineException">
    /// There is no repository or commit, a merge is going on, or one of the paths has changes already.
    /// </exception>
    public static async Task<BumpCommit> PrepareAsync(
        Superproject? project,
        string root,
        IEnumerable<string> paths,
        CancellationToken cancellationToken
    )
    {
        if (project is null)
            throw new EngineException(
                $"'{root}' is in no git repository, so that nothing can be committed; "
                    + $"{new Remedy(RemedyKind.DoNotCommit)}"
            );
        var folder = project.GitFolder;
        var commit = new BumpCommit(project, folder, root);
        if (
            !(
                await commit.git.RunAsync(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], cancellationToken)
            ).IsSuccess
        )
            throw new EngineException(
                $"The repository '{project.Root}' has no commit yet; make the first one, or "
                    + $"{new Remedy(RemedyKind.DoNotCommit)}"
            );
        foreach (var head in (string[])["MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD"])
        {
            if (File.Exists(Path.Join(folder, head)))
                throw new EngineException(
                    $"A merge, cherry-pick or revert is not finished ({head}); finish it, or "
                        + $"{new Remedy(RemedyKind.DoNotCommit)}"
                );
        }
        var status = await commit.git.RequireAsync(
            [
                "--literal-pathspecs",
                "status",
                "--porcelain=v1",
                "-z",
                "--untracked-files=all",
                "--ignore-submodules=dirty",
                "--",
                Modules,
                .. paths.Select(x => commit.prefix + x),
            ],
            cancellationToken
        );
        var changed = status.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(x => x[3..]).ToImmutableArray();
        return changed.IsEmpty
            ? commit
            : throw new EngineException(
                $"{string.Join(", ", changed)} {(changed.Length == 1 ? "has" : "have")} changes that are not "
                    + $"committed, and would become part of the bump; commit or stash them first"
            );
    }

    /// <summary>Writes the commit.</summary>
    /// <param name="files">Changed files, relative to the workspace.</param>
    /// <param name="module">The gitlink.</param>
    /// <param name="message">Taken as it is.</param>
    /// <param name="cancellationToken">Stops git.</param>
    /// <returns>The commit's id.</returns>
    /// <exception cref="EngineException">git refuses, as where it does not know who commits.</exception>
    public async Task<string> WriteAsync(
        IEnumerable<string> files,
        Submodule module,
        string message,
        CancellationToken cancellationToken
    )
    {
        var index = Path.Join(gitFolder, $"recipes-bump.{Environment.ProcessId}.index");
        var apart = new GitProgram(gitFolder, project.Root, index);
        try
        {
            await apart.RequireAsync(["read-tree", "HEAD"], cancellationToken);
            await apart.RequireAsync(
                ["--literal-pathspecs", "add", "--", Modules, .. files.Select(x => prefix + x)],
                cancellationToken
            );
            await apart.RequireAsync(
                ["update-index", "--add", "--cacheinfo", $"160000,{module.Commit},{prefix}{module.Path}"],
                cancellationToken
            );
            var committed = await apart.RunAsync(
                ["commit", "--quiet", "--no-verify", "--cleanup=verbatim", "--file=-"],
                PipeSource.FromString(message),
                cancellationToken
            );
            if (!committed.IsSuccess)
                throw new EngineException($"git could not commit: {committed.StandardError.Trim()}");
            return await git.RequireAsync(["rev-parse", "HEAD"], cancellationToken);
        }
        finally
        {
            File.Delete(index);
            File.Delete(index + ".lock");
        }
    }

    /// <summary>
    /// Lets the repository's own index know the files as they were committed; the gitlink is there already.
    /// </summary>
    public Task RefreshAsync(IEnumerable<string> files, CancellationToken cancellationToken) =>
        git.RequireAsync(["--literal-pathspecs", "add", "--", .. files.Select(x => prefix + x)], cancellationToken);
}
