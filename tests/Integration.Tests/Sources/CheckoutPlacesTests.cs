using Xunit;

namespace Recipes.Integration.Tests.Sources;

/// <summary>
/// Where people keep a workspace: sparse and split checkouts, line ends and modes that the checkout changes, recursing
/// git.
/// </summary>
public sealed class CheckoutPlacesTests : IDisposable
{
    private readonly GitWorkspace workspace = new();

    public void Dispose() => workspace.Dispose();

    private GitJudge Git => workspace.Git;

    [Fact]
    public async Task All_verbs_of_sources_work_on_a_split_index()
    {
        await workspace.SucceedAsync("lock");
        Git.CommitAll();
        Git.Run("update-index", "--split-index");

        Assert.Contains("agree", await workspace.SucceedAsync("lock", "--check"), StringComparison.Ordinal);
        await workspace.SucceedAsync("sources", "verify");
        await workspace.SucceedAsync("sources", "checkout");
        Assert.Equal("", Git.Run("status", "--short"));
        workspace.WriteTool("2");
        await workspace.SucceedAsync("lock");
        // The work tree is still that of the pin before.
        Assert.Contains("MM pkgs/tool/source", Git.Run("status", "--short"), StringComparison.Ordinal);
        Assert.Contains("agree", await workspace.SucceedAsync("lock", "--check"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sparse_checkout_without_recipes_does_not_lose_their_pins()
    {
        workspace.Write(
            "toolchain/other/recipe.toml",
            "name = \"other\"\nversion = \"1\"\n[source]\narchive = \"file:x-{version}.tar\"\n"
        );
        Git.CommitAll();
        Git.Run("sparse-checkout", "set", "--cone", "pkgs");
        const string refusal =
            "error: This is a sparse checkout without toolchain/other, whose pin would be taken for one that no "
            + "recipe asks for. Run: git sparse-checkout add toolchain\n";

        Assert.Equal(refusal, await workspace.FailAsync("lock"));
        Assert.Equal(refusal, await workspace.FailAsync("lock", "--check"));
        Assert.False(File.Exists(workspace.Path("recipes.lock")));
        // A recipe that was deleted is another thing.
        Git.Run("sparse-checkout", "disable");
        Directory.Delete(workspace.Path("toolchain"), recursive: true);
        await workspace.SucceedAsync("lock");
    }

    [Fact]
    public async Task Check_says_what_a_checkout_changed_by_line_ends_or_modes_alone()
    {
        await workspace.SucceedAsync("lock");
        workspace.Write("pkgs/words/fix.patch", "one\ntwo\n");
        workspace.Write("pkgs/words/changed", "one\n");
        workspace.Write("pkgs/tool/start", "#!/bin/sh\n");
        workspace.Write("pkgs/tool/stop", "#!/bin/sh\n");
        Git.CommitAll();
        Assert.Equal("", (await workspace.RunAsync("check")).StandardError);
        Git.Run("config", "core.fileMode", "false");
        workspace.Write("pkgs/words/fix.patch", "one\r\ntwo\r\n");
        workspace.Write("pkgs/words/changed", "two\r\n");
        foreach (var file in (string[])["start", "stop"])
            File.SetUnixFileMode(workspace.Path($"pkgs/tool/{file}"), (UnixFileMode)0x1ed);

        var run = await workspace.RunAsync("check");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            """
            warning: pkgs/words/fix.patch differs from the index by line ends alone, so that builds differ from those elsewhere. Write '* -text' into .gitattributes, then delete the files and run 'git checkout -- FILE'
            warning: 2 files of recipes, such as pkgs/tool/start, differ from the index by the executable bit alone, so that builds differ from those elsewhere. If it is meant, stage it with 'git add --chmod=+x FILE' (or -x); else keep the checkout on a file system that has such bits

            """,
            run.StandardError
        );
    }

    [Fact]
    public async Task Where_git_recurses_into_submodules_branches_are_switched_as_the_document_says()
    {
        await workspace.SucceedAsync("lock");
        await workspace.SucceedAsync("sources", "checkout", "words");
        Git.CommitAll();
        Git.Run("switch", "--quiet", "--create", "newer");
        workspace.WriteArchive("2", "two\n");
        workspace.WriteWords("2");
        await workspace.SucceedAsync("lock");
        Git.Run("add", "pkgs/words/recipe.toml", "pkgs/words/words-2.tar.gz", "recipes.lock");
        Git.Run("commit", "--quiet", "-m", "newer");
        Git.Run("-c", "submodule.recurse=false", "switch", "--quiet", "main");
        Git.Run("config", "submodule.recurse", "true");

        Assert.ThrowsAny<Exception>(() => Git.Run("switch", "--quiet", "newer"));
        Git.Run("-c", "submodule.recurse=false", "switch", "--quiet", "newer");
        await workspace.SucceedAsync("sources", "checkout", "words");

        Assert.Equal("", Git.Run("status", "--short"));
        Assert.Equal("two\n", workspace.Read("pkgs/words/source/words.txt"));
    }

    [Fact]
    public void The_attributes_of_this_repository_keep_line_ends()
    {
        using var folder = new TemporaryDirectory();
        var git = GitJudge.Init(folder.Join("work"));
        File.Copy(Path.Join(Checkout.Root, ".gitattributes"), folder.Join("work", ".gitattributes"));
        folder.Write("work/fix.patch", "one\n");
        git.CommitAll();
        git.Run("config", "core.autocrlf", "true");
        File.Delete(folder.Join("work", "fix.patch"));

        git.Run("checkout", "--", "fix.patch");

        Assert.Equal("one\n", File.ReadAllText(folder.Join("work", "fix.patch")));
    }
}
