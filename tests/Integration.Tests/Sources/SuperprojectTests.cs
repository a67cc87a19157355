using Recipes.Engine;
using Recipes.Engine.Sources.Git;
using Xunit;

namespace Recipes.Integration.Tests.Sources;

public sealed class SuperprojectTests : IDisposable
{
    private const string Commit = "0784374d561435f7c787a555aeab8ede699ed298";
    private const string Other = "1111111111111111111111111111111111111111";

    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    private static Submodule Zlib(string commit = Commit) =>
        new("pkgs/zlib/source", commit, "https://zlib.example/z-1.tar.gz", true);

    private static Superproject Find(string path) => Assert.IsType<Superproject>(Superproject.Find(path));

    /// <summary>A repository with one commit.</summary>
    private GitJudge Repository(string name)
    {
        var git = GitJudge.Init(folder.Join(name));
        folder.Write($"{name}/recipes.lock", "version = 1\n");
        git.CommitAll();
        return git;
    }

    [Fact]
    public void A_gitlink_to_an_absent_commit_satisfies_git()
    {
        var git = Repository("work");

        Assert.True(Find(git.Folder).Update([Zlib()], []));

        Assert.Equal($"160000 {Commit} 0\tpkgs/zlib/source", git.Run("ls-files", "-s", "pkgs"));
        Assert.Equal($"-{Commit} pkgs/zlib/source", git.Run("submodule", "status"));
        Assert.Equal("A  .gitmodules\nA  pkgs/zlib/source", git.Run("status", "--short"));
        git.Run("commit", "--quiet", "-m", "pin");
        Assert.Equal("", git.Run("status", "--short"));
        git.Run("fsck", "--strict");
        Assert.Equal("none", git.Run("config", "-f", ".gitmodules", "submodule.pkgs/zlib/source.update"));
    }

    /// <summary>Makes the index one that the library refuses.</summary>
    private void Refuse(GitJudge git, string form)
    {
        if (form == "split")
            git.Run("update-index", "--split-index");
        else
            git.Run("sparse-checkout", "set", "--cone", "--sparse-index", "pkgs");
        using var repository = new LibGit2Sharp.Repository(git.Folder);
        Assert.Contains(
            "mandatory extension",
            Assert.Throws<LibGit2Sharp.LibGit2SharpException>(() => repository.Index.Count).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("split")]
    [InlineData("sparse")]
    public void An_index_that_the_library_does_not_read_is_read_and_written_by_git(string form)
    {
        var git = GitJudge.Init(folder.Join("work"));
        folder.Write("work/recipes.lock", "version = 1\n");
        folder.Write("work/pkgs/zlib/a \"b", "x");
        folder.Write("work/elsewhere/deep/file", "x");
        git.CommitAll();
        Find(git.Folder).Update([Zlib(), new("pkgs/gone/source", Other, "https://gone.example", false)], []);
        git.Run("commit", "--quiet", "-m", "pin");
        Refuse(git, form);
        var project = Find(git.Folder);

        Assert.Equal(
            (Commit, Other),
            (project.FindGitlink("pkgs/zlib/source"), project.Gitlinks()["pkgs/gone/source"])
        );
        Assert.Equal("https://zlib.example/z-1.tar.gz", project.Modules()["pkgs/zlib/source"].Url);
        Assert.False(project.Update([Zlib()], []));
        Assert.True(project.Update([Zlib(Other)], ["pkgs/gone/source"]));

        Assert.Equal($"160000 {Other} 0\tpkgs/zlib/source", git.Run("ls-files", "-s", "pkgs/*/source"));
        Assert.Equal("M  .gitmodules\nD  pkgs/gone/source\nM  pkgs/zlib/source", git.Run("status", "--short"));
        Assert.Equal((Other, null), (project.FindGitlink("pkgs/zlib/source"), project.FindGitlink("pkgs/gone/source")));
        Assert.DoesNotContain("gone", git.Run("show", ":.gitmodules"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_conflict_in_an_index_that_the_library_does_not_read_is_told_as_in_any_other()
    {
        var git = Repository("work");
        Find(git.Folder).Update([Zlib()], []);
        git.Run("commit", "--quiet", "-m", "pin");
        var id = git.Run("rev-parse", "HEAD:.gitmodules");
        git.RunWith(
            $"0 {new string('0', 40)}\t.gitmodules\n100644 {id} 2\t.gitmodules\n100644 {id} 3\t.gitmodules\n",
            "update-index",
            "--index-info"
        );
        Refuse(git, "split");

        Assert.StartsWith(
            ".gitmodules has a merge conflict.",
            Assert.Throws<EngineException>(() => Find(git.Folder).Modules()).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_is_as_it_should_be_is_not_written_again()
    {
        var git = Repository("work");
        Find(git.Folder).Update([Zlib()], []);
        var index = File.GetLastWriteTimeUtc(Path.Join(git.Folder, ".git/index"));

        Assert.False(Find(git.Folder).Update([Zlib()], ["pkgs/never/source"]));

        Assert.Equal(index, File.GetLastWriteTimeUtc(Path.Join(git.Folder, ".git/index")));
    }

    [Fact]
    public void A_pin_moves_and_goes_and_all_else_stays()
    {
        var git = Repository("work");
        var project = Find(git.Folder);
        var git2 = new Submodule("pkgs/b/source", Other, "https://b.example/b.git", false);
        project.Update([Zlib(), git2], []);

        project.Update([Zlib(Other)], []);
        Assert.Equal(Other, project.FindGitlink("pkgs/zlib/source"));
        project.Update([], ["pkgs/zlib/source"]);

        Assert.Null(project.FindGitlink("pkgs/zlib/source"));
        Assert.Equal(["pkgs/b/source"], project.Gitlinks().Keys);
        Assert.Equal(
            "[submodule \"pkgs/b/source\"]\n\tpath = pkgs/b/source\n\turl = https://b.example/b.git\n",
            File.ReadAllText(Path.Join(git.Folder, ".gitmodules"))
        );
        project.Update([], ["pkgs/b/source"]);
        Assert.Equal("", git.Run("status", "--short"));
        Assert.False(File.Exists(Path.Join(git.Folder, ".gitmodules")));
    }

    [Fact]
    public void Staged_work_conflicts_and_flags_stay_as_they_are()
    {
        var git = Repository("work");
        folder.Write("work/a", "1\n");
        folder.Write("work/b", "1\n");
        git.CommitAll();
        git.Run("switch", "--quiet", "-c", "theirs");
        folder.Write("work/a", "2\n");
        git.CommitAll();
        git.Run("switch", "--quiet", "main");
        folder.Write("work/a", "3\n");
        git.CommitAll();
        folder.Write("work/staged", "s\n");
        git.Run("add", "staged");
        Assert.ThrowsAny<Exception>(() => git.Run("merge", "theirs"));
        folder.Write("work/intended", "s\n");
        git.Run("add", "--intent-to-add", "intended");
        git.Run("update-index", "--skip-worktree", "b");
        var before = git.Run("ls-files", "-s", "-t");

        Find(git.Folder).Update([Zlib()], []);

        var after = git.Run("ls-files", "-s", "-t").Split('\n');
        Assert.Equal(
            before,
            string.Join(
                '\n',
                after.Where(x =>
                    !x.Contains("pkgs/", StringComparison.Ordinal)
                    && !x.EndsWith(".gitmodules", StringComparison.Ordinal)
                )
            )
        );
        Assert.Contains($"H 160000 {Commit} 0\tpkgs/zlib/source", after);
    }

    [Fact]
    public void Edits_of_gitmodules_that_are_not_staged_stay_so()
    {
        var git = Repository("work");
        var project = Find(git.Folder);
        project.Update([Zlib()], []);
        git.Run("commit", "--quiet", "-m", "pin");
        File.AppendAllText(Path.Join(git.Folder, ".gitmodules"), "# mine\n");

        project.Update([new("pkgs/b/source", Other, "u", true)], []);

        Assert.Equal("AM .gitmodules", "A" + git.Run("status", "--short", ".gitmodules")[1..]);
        Assert.DoesNotContain("mine", git.Run("show", ":.gitmodules"), StringComparison.Ordinal);
        Assert.Contains(
            "# mine\n[submodule \"pkgs/b/source\"]",
            File.ReadAllText(Path.Join(git.Folder, ".gitmodules")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Where_git_is_not_there_is_nothing()
    {
        Directory.CreateDirectory(folder.Join("plain/pkgs"));

        Assert.Null(Superproject.Find(folder.Join("plain")));
    }

    [Fact]
    public void A_repository_above_counts_if_it_tracks_the_workspace()
    {
        var git = GitJudge.Init(folder.Join("home"));
        folder.Write("home/os/recipes.lock", "version = 1\n");

        Assert.Null(Superproject.Find(folder.Join("home/os")));
        git.CommitAll();
        Find(folder.Join("home/os")).Update([Zlib()], []);

        Assert.Equal($"-{Commit} os/pkgs/zlib/source", git.Run("submodule", "status"));
        Assert.Equal([Zlib().Path], Find(folder.Join("home/os")).Gitlinks().Keys);
    }

    [Fact]
    public void A_linked_worktree_has_pins_of_its_own()
    {
        var git = Repository("work");
        git.Run("worktree", "add", "--quiet", folder.Join("linked"));

        Find(folder.Join("linked")).Update([Zlib()], []);

        Assert.Null(Find(git.Folder).FindGitlink("pkgs/zlib/source"));
        Assert.Equal($"-{Commit} pkgs/zlib/source", new GitJudge(folder.Join("linked")).Run("submodule", "status"));
        Assert.Equal("", git.Run("status", "--short"));
    }

    [Fact]
    public void A_shallow_clone_and_spaces_in_the_path_are_fine()
    {
        var upstream = Repository("up");
        folder.Write("up/more", "1");
        upstream.CommitAll();
        upstream.Run(
            "clone",
            "--quiet",
            "--depth=1",
            new Uri(upstream.Folder).AbsoluteUri,
            folder.Join("a shallow clone")
        );
        var git = new GitJudge(folder.Join("a shallow clone"));

        Find(git.Folder).Update([Zlib()], []);

        git.Run("commit", "--quiet", "-m", "pin");
        git.Run("fsck");
        Assert.Equal("true", git.Run("rev-parse", "--is-shallow-repository"));
        Assert.Equal("", git.Run("status", "--short"));
    }

    [Fact]
    public void Tracked_files_where_a_gitlink_belongs_are_not_lost()
    {
        var git = Repository("work");
        folder.Write("work/pkgs/zlib/source/a.c", "1");
        git.CommitAll();

        var fault = Assert.Throws<EngineException>(() => Find(git.Folder).Update([Zlib()], []));

        Assert.Equal(
            "git tracks files below 'pkgs/zlib/source', where the source's gitlink belongs; git rm -r --cached "
                + "'pkgs/zlib/source' takes them out",
            fault.Message
        );
        Assert.Equal("", git.Run("status", "--short"));
    }

    [Fact]
    public void An_index_that_someone_else_writes_is_left_alone()
    {
        var git = Repository("work");
        folder.Write("work/.git/index.lock", "");

        var fault = Assert.Throws<EngineException>(() => Find(git.Folder).Update([Zlib()], []));

        Assert.Equal(
            $"Another git command is writing the index of '{git.Folder}'. If none is running, one was broken off: "
                + $"delete index.lock in its git folder.",
            fault.Message
        );
        Assert.False(File.Exists(Path.Join(git.Folder, ".gitmodules")));
    }

    [Fact]
    public void A_conflict_in_gitmodules_is_for_a_person()
    {
        var git = Repository("work");
        git.Run("switch", "--quiet", "-c", "theirs");
        folder.Write("work/.gitmodules", "# theirs\n");
        git.CommitAll();
        git.Run("switch", "--quiet", "main");
        folder.Write("work/.gitmodules", "# ours\n");
        git.CommitAll();
        Assert.ThrowsAny<Exception>(() => git.Run("merge", "theirs"));

        var fault = Assert.Throws<EngineException>(() => Find(git.Folder).Update([Zlib()], []));

        Assert.Equal(
            ".gitmodules has a merge conflict. Take either side whole (git checkout --ours .gitmodules; git add "
                + ".gitmodules), then run the command again.",
            fault.Message
        );
    }

    [Fact]
    public void Gitmodules_that_is_a_link_is_refused()
    {
        var git = Repository("work");
        File.CreateSymbolicLink(Path.Join(git.Folder, ".gitmodules"), "/etc/passwd");

        var fault = Assert.Throws<EngineException>(() => Find(git.Folder).Update([Zlib()], []));

        Assert.Equal($"'{git.Folder}/.gitmodules' is a link, which git refuses; make it a plain file", fault.Message);
    }

    [Fact]
    public void What_cannot_be_read_is_told()
    {
        var git = Repository("work");
        File.WriteAllText(Path.Join(git.Folder, ".git/index"), "damaged");

        var fault = Assert.Throws<EngineException>(() => Find(git.Folder).Gitlinks());

        Assert.StartsWith(
            $"The git repository '{git.Folder}' cannot be used: ",
            fault.Message,
            StringComparison.Ordinal
        );
    }
}
