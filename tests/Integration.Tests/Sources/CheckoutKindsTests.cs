using System.Diagnostics;
using Xunit;

namespace Recipes.Integration.Tests.Sources;

/// <summary>The commands on sources in every kind of checkout; each path has a space in it.</summary>
public sealed class CheckoutKindsTests
{
    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task Without_git_the_lock_suffices()
    {
        using var workspace = new GitWorkspace(withGit: false);

        Assert.Equal("added tool: pinned at 1\nadded words: pinned at 1\n", await workspace.SucceedAsync("lock"));
        await workspace.SucceedAsync("lock", "--check");
        await workspace.SucceedAsync("sources", "verify");
        Assert.Equal("2 sources in the store\n", await workspace.SucceedAsync("fetch", "--all", "--unpack"));

        Assert.False(Path.Exists(workspace.Path(".gitmodules")));
        Assert.Equal(
            $"error: '{workspace.Root}' lies in no git repository, so there can be no submodules; builds do not "
                + $"need them\n",
            await workspace.FailAsync("sources", "checkout")
        );
    }

    [Fact]
    public async Task A_linked_worktree_has_submodules_of_its_own()
    {
        using var workspace = new GitWorkspace();
        await workspace.SucceedAsync("lock");
        workspace.Git.CommitAll("pins");
        var folder = workspace.Outside("linked tree");
        workspace.Git.Run("worktree", "add", "--quiet", "-b", "linked", folder);

        await UseAsync(workspace, folder);

        Assert.StartsWith("-", workspace.Git.Run("submodule", "status", "pkgs/words/source"), StringComparison.Ordinal);
        Assert.Equal("", workspace.Git.Run("status", "--short"));
    }

    [Fact]
    public async Task A_shallow_clone_is_enough()
    {
        using var workspace = new GitWorkspace();
        await workspace.SucceedAsync("lock");
        workspace.Git.CommitAll("pins");
        var folder = workspace.Outside("shallow clone");
        workspace.Git.Run("clone", "--quiet", "--depth=1", new Uri(workspace.Root).AbsoluteUri, folder);

        await UseAsync(workspace, folder);

        Assert.Equal("true", new GitJudge(folder).Run("rev-parse", "--is-shallow-repository"));
    }

    [Fact]
    public async Task A_repository_of_another_user_is_used_all_the_same()
    {
        if (Environment.UserName != "root")
            Assert.Skip("only root can give a repository to another user");
        using var workspace = new GitWorkspace();
        await workspace.SucceedAsync("lock");
        workspace.Git.CommitAll("pins");
        Run("chown", "-R", "65534:65534", workspace.Root);
        // git itself refuses it, so this is the case that is meant.
        Assert.Contains(
            "dubious ownership",
            Assert.ThrowsAny<Exception>(() => workspace.Git.Run("status")).Message,
            StringComparison.Ordinal
        );

        await workspace.SucceedAsync("lock", "--check");
        await workspace.SucceedAsync("sources", "checkout");
        await workspace.SucceedAsync("sources", "verify");
        workspace.WriteArchive("2", "two\n");
        workspace.WriteWords("2");
        await workspace.SucceedAsync("lock");

        Run("chown", "-R", "0:0", workspace.Root);
        Assert.StartsWith("+", workspace.Git.Run("submodule", "status", "pkgs/words/source"), StringComparison.Ordinal);
        Assert.StartsWith(" ", workspace.Git.Run("submodule", "status", "pkgs/tool/source"), StringComparison.Ordinal);
    }

    /// <summary>Pins, checks out, verifies and bumps; git has to find all in order.</summary>
    private static async Task UseAsync(GitWorkspace workspace, string folder)
    {
        var git = new GitJudge(folder);
        foreach (var line in (string[])["lock --check", "sources checkout", "sources verify"])
        {
            var run = await workspace.RunInAsync(folder, line.Split(' '));
            Assert.True(run.ExitCode == 0, $"{line}: {run.StandardError}{run.StandardOutput}");
        }
        Assert.All(git.Run("submodule", "status").Split('\n'), x =>
            Assert.StartsWith(" ", x, StringComparison.Ordinal)
        );
        Assert.Equal("", git.Run("status", "--short"));

        var recipe = Path.Join(folder, "pkgs/tool/recipe.toml");
        File.WriteAllText(
            recipe,
            File.ReadAllText(recipe).Replace("version = \"1\"", "version = \"2\"", StringComparison.Ordinal)
        );
        foreach (var line in (string[])["lock", "sources checkout tool"])
            Assert.Equal(0, (await workspace.RunInAsync(folder, line.Split(' '))).ExitCode);
        git.CommitAll("bump");
        Assert.Equal("", git.Run("status", "--short"));
        Assert.Equal(workspace.Upstream.Run("rev-parse", "v2^{commit}"), git.Run("rev-parse", "HEAD:pkgs/tool/source"));
        git.Run("fsck");
    }
}
