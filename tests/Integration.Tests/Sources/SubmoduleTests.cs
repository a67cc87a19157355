using Xunit;

namespace Recipes.Integration.Tests.Sources;

/// <summary>Pins as gitlinks and submodules, with the real command line, and git itself as judge.</summary>
public sealed class SubmoduleTests : IDisposable
{
    private readonly GitWorkspace workspace = new();

    public void Dispose() => workspace.Dispose();

    private GitJudge Git => workspace.Git;

    private async Task PinAsync()
    {
        await workspace.SucceedAsync("lock");
        Git.CommitAll("pins");
    }

    private string Pinned(string name) => Git.Run("rev-parse", $":pkgs/{name}/source");

    [Fact]
    public async Task Lock_writes_gitlinks_that_git_accepts()
    {
        var answer = await workspace.SucceedAsync("lock");

        Assert.Equal(
            "added tool: pinned at 1\nadded words: pinned at 1\nstaged the gitlinks and .gitmodules\n",
            answer
        );
        Assert.Equal(workspace.Upstream.Run("rev-parse", "v1^{commit}"), Pinned("tool"));
        Assert.Contains($"commit = \"{Pinned("words")}\"", workspace.Read("recipes.lock"), StringComparison.Ordinal);
        Assert.Equal(
            $"[submodule \"pkgs/tool/source\"]\n\tpath = pkgs/tool/source\n\turl = "
                + $"{new Uri(workspace.Upstream.Folder).AbsoluteUri}\n"
                + "[submodule \"pkgs/words/source\"]\n\tpath = pkgs/words/source\n\turl = "
                + "https://words.example\n\tupdate = none\n",
            workspace.Read(".gitmodules")
        );
        Git.CommitAll("pins");
        Assert.Equal("", Git.Run("status", "--short"));
        Git.Run("fsck", "--strict");
        Assert.Equal("recipes.lock covers every recipe\n", await workspace.SucceedAsync("lock"));
    }

    [Fact]
    public async Task A_recipe_that_goes_takes_its_gitlink_along_and_no_other()
    {
        await PinAsync();
        Git.Run("update-index", "--add", "--cacheinfo", $"160000,{new string('1', 40)},lib/mine");
        Directory.Delete(workspace.Path("pkgs/words"), recursive: true);

        await workspace.SucceedAsync("lock");

        Assert.Equal(
            "lib/mine\npkgs/tool/source",
            string.Join(
                '\n',
                Git.Run("ls-files", "-s")
                    .Split('\n')
                    .Where(x => x.StartsWith("160000", StringComparison.Ordinal))
                    .Select(x => x.Split('\t')[1])
            )
        );
        Assert.DoesNotContain("words", workspace.Read(".gitmodules"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_checkout_git_finds_all_clean()
    {
        await PinAsync();

        var run = await workspace.RunAsync("sources", "checkout");

        Assert.True(run.ExitCode == 0, run.StandardError);
        Assert.Contains(
            $"words: pkgs/words/source is {Pinned("words")[..12]} in ",
            run.StandardError,
            StringComparison.Ordinal
        );
        Assert.Equal(
            $" {Pinned("tool")} pkgs/tool/source (v1)\n {Pinned("words")} pkgs/words/source (1)",
            Git.Run("submodule", "status")
        );
        Assert.Equal("", Git.Run("status", "--short"));
        foreach (var name in (string[])["tool", "words"])
        {
            Assert.Equal("", workspace.Module(name).Run("status", "--short", "--ignored"));
            workspace.Module(name).Run("fsck", "--strict");
            Assert.True(Directory.Exists(workspace.Path($".git/modules/pkgs/{name}/source")));
        }
        Assert.Equal("one\r\n$Id$\r\n", workspace.Read("pkgs/tool/source/crlf.txt"));
        Assert.Equal("one\n", workspace.Read("pkgs/words/source/words.txt"));
        Assert.Equal("odd", workspace.Read("pkgs/words/source/a \"b\\c"));
        Assert.Equal("words.txt", new FileInfo(workspace.Path("pkgs/words/source/link")).LinkTarget);
        Assert.True(
            File.GetUnixFileMode(workspace.Path("pkgs/words/source/configure")).HasFlag(UnixFileMode.UserExecute)
        );
        await workspace.SucceedAsync("sources", "checkout");
        // git's own commands know what to do with it.
        Git.Run("submodule", "foreach", "git status");
        Git.Run("submodule", "update");
        Assert.Equal("", Git.Run("status", "--short"));
    }

    [Fact]
    public async Task The_imported_commit_has_the_fixed_author_and_names_its_archive()
    {
        await PinAsync();
        await workspace.SucceedAsync("sources", "checkout", "words");

        var commit = workspace.Module("words").Run("cat-file", "commit", "HEAD");

        var sha256 = Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(
                await File.ReadAllBytesAsync(
                    workspace.Path("pkgs/words/words-1.tar.gz"),
                    TestContext.Current.CancellationToken
                )
            )
        );
        Assert.EndsWith(
            $"\nauthor recipes <recipes@localhost> 1 +0000\ncommitter recipes <recipes@localhost> 1 +0000\n\nImport "
                + $"words-1.tar.gz\n\nsha256: {sha256}",
            commit,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_diff_between_two_pins_shows_what_upstream_changed()
    {
        await PinAsync();
        await workspace.SucceedAsync("sources", "checkout");
        workspace.WriteArchive("2", "two\n");
        workspace.WriteWords("2");
        workspace.WriteTool("2");
        await workspace.SucceedAsync("lock");

        Assert.Equal("MM pkgs/words/source", Git.Run("status", "--short", "pkgs/words/source"));
        await workspace.SucceedAsync("sources", "checkout");

        Assert.Equal("1\t1\twords.txt", workspace.Module("words").Run("diff", "--numstat", "1", "2"));
        Assert.Equal(
            "M\tlink\nR100\tsrc/main.c\tsrc/renamed.c",
            workspace.Module("tool").Run("diff", "--name-status", "-M", "v1", "v2")
        );
        Assert.Contains("+two", Git.Run("diff", "--cached", "--submodule=diff"), StringComparison.Ordinal);
        Git.CommitAll("bump");
        Assert.Equal("", Git.Run("status", "--short"));
        workspace.Module("tool").Run("fsck", "--strict");
    }

    [Fact]
    public async Task The_committed_pin_comes_along_with_a_new_one()
    {
        await PinAsync();
        workspace.WriteArchive("2", "two\n");
        workspace.WriteWords("2");
        await workspace.SucceedAsync("lock");

        await workspace.SucceedAsync("sources", "checkout", "words");

        Assert.Equal("1\t1\twords.txt", workspace.Module("words").Run("diff", "--numstat", "1", "2"));
    }

    [Fact]
    public async Task Work_in_a_work_tree_is_never_lost()
    {
        await PinAsync();
        await workspace.SucceedAsync("sources", "checkout", "words");
        workspace.Write("pkgs/words/source/words.txt", "mine\n");

        var said = await workspace.FailAsync("sources", "checkout");

        Assert.Contains(
            $"error: words: '{workspace.Path("pkgs/words/source")}' has changes of its own, and is left as it is; "
                + $"commit them on a branch, stash them, or take them back:\n   M words.txt\n",
            said,
            StringComparison.Ordinal
        );
        Assert.Equal("mine\n", workspace.Read("pkgs/words/source/words.txt"));
        Assert.Contains("tool: pkgs/tool/source is ", said, StringComparison.Ordinal);
        // Once committed, it stays reachable.
        var mine = workspace.Module("words").CommitAll("mine");
        await workspace.SucceedAsync("sources", "checkout", "words");
        Assert.Contains(mine, workspace.Module("words").Run("for-each-ref"), StringComparison.Ordinal);
        Assert.Equal("one\n", workspace.Read("pkgs/words/source/words.txt"));
    }

    [Fact]
    public async Task Files_that_no_repository_knows_are_left_alone()
    {
        await PinAsync();
        workspace.Write("pkgs/words/source/mine", "1");

        Assert.Contains(
            $"error: words: '{workspace.Path("pkgs/words/source")}' holds files that no repository knows; move them "
                + $"away, and run the command again\n",
            await workspace.FailAsync("sources", "checkout", "words"),
            StringComparison.Ordinal
        );
        Directory.Delete(workspace.Path("pkgs/words/source"), recursive: true);
        GitJudge.Init(workspace.Path("pkgs/words/source"));
        Assert.Contains(
            "has a repository of its own; 'git submodule absorbgitdirs'",
            await workspace.FailAsync("sources", "checkout", "words"),
            StringComparison.Ordinal
        );
        Directory.Delete(workspace.Path("pkgs/words/source"), recursive: true);
        workspace.Write("pkgs/words/source/.git", "gitdir: /nowhere\n");
        Assert.Contains(
            $"source/.git' leads elsewhere than to '{workspace.Path(".git/modules/pkgs/words/source")}'",
            await workspace.FailAsync("sources", "checkout", "words"),
            StringComparison.Ordinal
        );
        Directory.Delete(workspace.Path("pkgs/words/source"), recursive: true);
        File.CreateSymbolicLink(workspace.Path("pkgs/words/source"), "/tmp");
        Assert.Contains(
            "source' is a link; a submodule needs a folder of its own there",
            await workspace.FailAsync("sources", "checkout", "words"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_checkout_that_was_broken_off_goes_on()
    {
        await PinAsync();
        await workspace.SucceedAsync("sources", "checkout", "words");
        // As a kill in the middle of the first checkout would leave it.
        File.WriteAllText(workspace.Path(".git/modules/pkgs/words/source/recipes-unfinished"), "");
        File.Delete(workspace.Path(".git/modules/pkgs/words/source/index"));
        File.WriteAllText(workspace.Path("pkgs/words/source/words.txt"), "");

        await workspace.SucceedAsync("sources", "checkout", "words");

        Assert.Equal("one\n", workspace.Read("pkgs/words/source/words.txt"));
        Assert.Equal("", Git.Run("status", "--short"));
    }

    [Fact]
    public async Task A_work_tree_that_was_deleted_comes_back()
    {
        await PinAsync();
        await workspace.SucceedAsync("sources", "checkout", "words");
        Directory.Delete(workspace.Path("pkgs/words/source"), recursive: true);

        await workspace.SucceedAsync("sources", "checkout", "words");

        Assert.Equal("one\n", workspace.Read("pkgs/words/source/words.txt"));
        Assert.Equal("", Git.Run("status", "--short"));
    }

    [Fact]
    public async Task A_name_that_leads_out_of_the_git_folder_is_refused()
    {
        await PinAsync();
        workspace.Write(
            ".gitmodules",
            workspace
                .Read(".gitmodules")
                .Replace("submodule \"pkgs/words/source\"", "submodule \"../../evil\"", StringComparison.Ordinal)
        );
        Git.Run("add", ".gitmodules");

        Assert.Contains(
            "error: words: .gitmodules names the submodule at 'pkgs/words/source' '../../evil', which git refuses\n",
            await workspace.FailAsync("sources", "checkout", "words"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_is_not_staged_is_not_checked_out()
    {
        await workspace.SucceedAsync("lock");
        Git.Run("update-index", "--cacheinfo", $"160000,{new string('1', 40)},pkgs/words/source");

        Assert.Contains(
            $"error: words: the gitlink at 'pkgs/words/source' names the commit {new string('1', 40)}, recipes.lock "
                + $"pins ",
            await workspace.FailAsync("sources", "checkout", "words"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_recursive_clone_fetches_what_can_be_fetched_and_passes_over_the_rest()
    {
        await PinAsync();

        Git.Run(
            "-c",
            "protocol.file.allow=always",
            "clone",
            "--quiet",
            "--recursive",
            Git.Folder,
            workspace.Outside("a clone")
        );

        var clone = new GitJudge(workspace.Outside("a clone"));
        Assert.Equal(
            $" {Pinned("tool")} pkgs/tool/source (v1)\n-{Pinned("words")} pkgs/words/source",
            clone.Run("submodule", "status")
        );
        var run = await workspace.RunInAsync(clone.Folder, "sources", "checkout", "words");
        Assert.True(run.ExitCode == 0, run.StandardError);
        Assert.Equal(
            $" {Pinned("words")} pkgs/words/source (1)",
            clone.Run("submodule", "status", "pkgs/words/source")
        );
        // Of what git itself cloned it may call a file modified that upstream's attributes normalise.
        Assert.Equal("", clone.Run("status", "--short", "--ignore-submodules=dirty"));
        Assert.Equal("", clone.Run("status", "--short", "--", "pkgs/words"));
    }

    [Theory]
    [InlineData("sources checkout wrods", "there is no recipe 'wrods' in ")]
    [InlineData("sources checkout empty", "'empty' is a seed and has no source; ")]
    [InlineData("sources checkout shared", "'shared' builds from the source of 'words'; name that recipe")]
    public async Task Only_a_recipe_with_a_source_can_be_checked_out(string line, string message)
    {
        workspace.Write(
            "stage0/empty/recipe.toml",
            "name = \"empty\"\n[seed]\nsuite = \"bookworm\"\npackages = [\"busybox\"]\n"
        );
        workspace.Write("pkgs/shared/recipe.toml", "name = \"shared\"\nversion = \"1\"\n[source]\nfrom = \"words\"\n");

        var run = await workspace.RunAsync(line.Split(' '));

        Assert.True(run.ExitCode == 2, run.StandardError + run.StandardOutput);
        Assert.Contains("error: " + message, run.StandardError, StringComparison.Ordinal);
    }
}
