using Recipes.Engine.Content;
using Recipes.Engine.Sources.Git;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Sources.Trees;
using Xunit;

namespace Recipes.Engine.Tests.Sources;

public sealed class GitNamesTests
{
    [Fact]
    public void The_empty_tree_is_gits() =>
        Assert.Equal(
            "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
            Convert.ToHexStringLower(GitTreeId.Of(new ImportFolder()))
        );

    /// <summary>No archive is let to be as deep; what names a folder does not rely on that.</summary>
    [Fact]
    public void Very_deep_folders_have_a_name()
    {
        var root = new ImportFolder();
        var at = root;
        for (var i = 0; i < 100_000; i++)
        {
            var inner = new ImportFolder();
            at.Children.Add("d", inner);
            at.Children.Add("empty", new ImportFolder());
            at = inner;
        }
        Assert.Equal("4b825dc642cb6eb9a060e54bf8d69288fbee4904", Convert.ToHexStringLower(GitTreeId.Of(root)));
        Assert.Equal(Tree.Empty.Digest, root.ToTree().Digest);

        at.Children.Add("l", new ImportLink("x"));

        Assert.Equal(1, root.CountFiles());
        Assert.NotEqual("4b825dc642cb6eb9a060e54bf8d69288fbee4904", Convert.ToHexStringLower(GitTreeId.Of(root)));
        Assert.Equal("d", Assert.Single(root.ToTree().Root.Folders).Name);
    }

    [Fact]
    public void The_empty_blob_is_gits() =>
        Assert.Equal("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", Convert.ToHexStringLower(GitObject.Id("blob", [])));

    [Fact]
    public void An_import_is_a_root_commit_that_names_the_archive()
    {
        var tree = new string('a', 40);
        var archive = Digest.Of("archive"u8);

        var pin = new Pin
        {
            Name = "x",
            Version = "1.0",
            Archive = "https://example.org/x-1.0.tar.gz?raw=1",
            ArchiveDigest = archive,
            Inner = "*/in.tar.xz",
            Only = ["include/**", "b"],
            Commit = "",
            GitTree = tree,
            Tree = default,
        };

        var commit = ImportCommit.Of(pin);

        Assert.Equal(
            $"Import x-1.0.tar.gz\n\nsha256: {archive.Hash}\ninner: */in.tar.xz\nonly: include/**\nonly: b\n",
            commit.Message
        );
        Assert.Equal(commit.Message + "except: b/c\n", ImportCommit.Of(pin with { Except = ["b/c"] }).Message);
        Assert.Equal(
            $"Import x-1.0.tar.gz\n\nsha256: {archive.Hash}\ninner: */in.tar.xz\nalso: b.tar into parts/b\n"
                + $"sha256: {Digest.Of("b"u8).Hash}\nonly: include/**\nonly: b\n",
            ImportCommit.Of(pin with { Also = [new("https://example.org/b.tar", Digest.Of("b"u8), "parts/b")] }).Message
        );
        Assert.Equal(tree, commit.Tree);
        Assert.Matches("^[0-9a-f]{40}$", commit.Id);
        Assert.Equal(commit.Id, ImportCommit.Of(pin with { Archive = "file:x-1.0.tar.gz" }).Id);
        Assert.NotEqual(commit.Id, ImportCommit.Of(pin with { Inner = null }).Id);
    }

    [Theory]
    [InlineData("https://a.b/c/x-1.tar.gz", "x-1.tar.gz")]
    [InlineData("debian:pool/main/x/x_1.orig.tar.xz", "x_1.orig.tar.xz")]
    [InlineData("file:x.tgz", "x.tgz")]
    [InlineData("https://a.b/x.tgz#y/z", "x.tgz")]
    public void The_name_of_an_archive_is_the_end_of_its_url(string url, string name) =>
        Assert.Equal(name, ImportCommit.FileName(url));
}
