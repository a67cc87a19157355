using CsCheck;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Git;
using Recipes.Engine.Sources.Trees;
using Xunit;

namespace Recipes.Integration.Tests.Sources;

public sealed class GitNamesJudgedTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    private static readonly Gen<string[]> AnyPath = Gen.String[Gen.Char["ab.-0é~"], 1, 3]
        .Where(x => x is not ("." or "..") && !x.Contains("git", StringComparison.Ordinal))
        .Array[1, 3];

    /// <summary>Lays files down with the importer and lets git name what stands there.</summary>
    private (string Ours, string Gits) Names(IEnumerable<(string[] Path, byte Kind, string Content)> entries)
    {
        var target = folder.Join(Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(target);
        using var import = new TreeImport(target, new SourceLimits());
        var taken = new List<string>();
        foreach (var (path, kind, content) in entries)
        {
            var name = string.Join('/', path);
            if (
                taken.Any(x =>
                    x == name
                    || x.StartsWith(name + "/", StringComparison.Ordinal)
                    || name.StartsWith(x + "/", StringComparison.Ordinal)
                )
            )
                continue;
            taken.Add(name);
            if (kind == 0)
                import.AddLink(path, "x" + content);
            else
                import.AddFile(
                    path,
                    kind == 1,
                    new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content)),
                    System.Text.Encoding.UTF8.GetByteCount(content)
                );
        }
        var imported = import.Finish();
        var git = GitJudge.Init(target);
        git.Run("add", "--all", "--force");
        return (imported.GitTree, git.Run("write-tree"));
    }

    [Fact]
    public void Trees_have_the_names_that_git_gives_them() =>
        Gen.Select(AnyPath, Gen.Byte[0, 3], Gen.String[Gen.Char["ab\nü"], 0, 5])
            .Array[1, 25]
            .Sample(
                x =>
                {
                    var (ours, gits) = Names(x);
                    Assert.Equal(gits, ours);
                },
                iter: 10,
                threads: 1
            );

    [Fact]
    public void A_folder_sorts_as_if_its_name_ended_in_a_slash()
    {
        var (ours, gits) = Names([(["a.c"], 2, "1"), (["a", "x"], 2, "2"), (["a-b"], 1, "3"), (["a0"], 0, "4")]);

        Assert.Equal(gits, ours);
    }

    [Fact]
    public void The_import_commit_is_the_one_that_git_writes()
    {
        var git = GitJudge.Init(folder.Join("repository"));
        folder.Write("repository/a", "1");
        git.Run("add", "a");
        var tree = git.Run("write-tree");
        var commit = ImportCommit.Of(
            new()
            {
                Name = "x",
                Version = "1.0",
                Archive = "https://example.org/x-1.0.tar.gz",
                ArchiveDigest = Digest.Of("x"u8),
                Inner = "in*.tar",
                Only = ["a/**"],
                Except = ["a/b"],
                Commit = "",
                GitTree = tree,
                Tree = default,
            }
        );

        Assert.Equal(git.RunWith(commit.Message, "commit-tree", tree, "-F", "-"), commit.Id);
        Assert.Equal("", git.Run("fsck", "--strict", commit.Id));
    }
}
