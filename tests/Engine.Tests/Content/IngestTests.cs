using System.Diagnostics;
using System.Text;
using Recipes.Engine.Content;
using Xunit;

namespace Recipes.Engine.Tests.Content;

/// <summary>What a build may leave in a folder that becomes a tree.</summary>
public sealed class IngestTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly ContentStore store;

    public IngestTests() => store = ContentStore.Open(directory.Join("store"));

    public void Dispose() => directory.Dispose();

    private static void Shell(string script, string argument)
    {
        using var shell = Process.Start("sh", ["-euc", script, "sh", argument]);
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }

    private ScratchDirectory Made(string script)
    {
        var scratch = store.CreateScratch("test");
        Shell($"cd \"$1\"; {script}", scratch.Path);
        return scratch;
    }

    private string Refusal(string script)
    {
        using var scratch = Made(script);
        var message = Assert.Throws<EngineException>(() => store.AddTree(scratch.Path)).Message;
        scratch.Dispose();
        Assert.False(Directory.Exists(scratch.Path), "what was refused can be deleted");
        return message;
    }

    [Theory]
    [InlineData("usr", "user.overlay.opaque")]
    [InlineData("usr/file", "user.note")]
    [InlineData("", "user.overlay.redirect")]
    public void Extended_attributes_do_not_come_into_the_store(string path, string attribute)
    {
        using var scratch = Made("mkdir usr; echo x > usr/file");
        SetAttribute(Path.Join(scratch.Path, path), attribute);

        var tree = store.AddTree(scratch.Path, TestContext.Current.CancellationToken);

        Assert.Empty(FileStamp.ForeignAttributes(Path.Join(store.TreePath(tree.Digest), path)));
        Assert.Equal(1, Posix.Stat(Path.Join(store.TreePath(tree.Digest), path))!.Value.Modified);
    }

    [Fact]
    public void Nor_do_they_where_the_digests_are_known_before()
    {
        using var scratch = Made("mkdir usr; echo x > usr/file");
        var known = DirectoryReader.Read(scratch.Path, TestContext.Current.CancellationToken);
        SetAttribute(Path.Join(scratch.Path, "usr"), "user.overlay.opaque");

        store.AddTree(scratch.Path, known, TestContext.Current.CancellationToken);

        Assert.Empty(FileStamp.ForeignAttributes(Path.Join(store.TreePath(known.Digest), "usr")));
    }

    [Fact]
    public void Nor_from_a_file_that_its_owner_may_not_write()
    {
        using var scratch = Made("echo x > file");
        SetAttribute(Path.Join(scratch.Path, "file"), "user.note");
        File.SetUnixFileMode(Path.Join(scratch.Path, "file"), UnixFileMode.None);

        var tree = store.AddTree(scratch.Path, TestContext.Current.CancellationToken);

        Assert.Empty(FileStamp.ForeignAttributes(Path.Join(store.TreePath(tree.Digest), "file")));
    }

    [Fact]
    public void Setuid_bits_do_not_come_into_the_store()
    {
        using var scratch = Made("echo x > file; chmod 6755 file; mkdir folder; chmod 3777 folder");

        var tree = store.AddTree(scratch.Path, TestContext.Current.CancellationToken);

        Assert.All((string[])["file", "folder"], x =>
            Assert.Equal(
                FileStamp.ModeOf(isExecutable: true),
                Posix.Stat(Path.Join(store.TreePath(tree.Digest), x))!.Value.Mode
            )
        );
    }

    [Fact]
    public void Everything_belongs_to_the_owner_of_the_store()
    {
        using var first = Made("mkdir usr; echo x > usr/file; ln -s file usr/link");
        using var second = Made("mkdir usr; echo x > usr/file; echo y > usr/other");
        var owner = store.Owner?.First ?? Posix.EffectiveUser;
        var known = DirectoryReader.Read(second.Path, TestContext.Current.CancellationToken);

        var tree = store.AddTree(first.Path, TestContext.Current.CancellationToken);
        store.AddTree(second.Path, known, TestContext.Current.CancellationToken);
        var subset = store.AddSubset(known, new HashSet<string> { "usr/other" }, TestContext.Current.CancellationToken);

        foreach (var some in (Tree[])[tree, known, subset])
        {
            Assert.All(some.Walk().Select(x => x.Path).Append(""), x =>
                Assert.Equal(owner, Posix.Stat(Path.Join(store.TreePath(some.Digest), x))!.Value.User)
            );
        }
    }

    [Fact]
    public void A_name_that_is_not_UTF8_is_told_from_its_twin() =>
        Assert.Equal(
            "The name 'usr/a\ufffd' is not UTF-8, which no tree can hold.",
            Refusal("mkdir usr; touch \"usr/$(printf 'a\\357\\277\\275')\" \"usr/$(printf 'a\\377')\"")
        );

    [Fact]
    public void A_name_may_hold_the_replacement_character_and_line_breaks()
    {
        using var scratch = Made("touch \"$(printf 'a\\357\\277\\275')\" \"$(printf 'b\\nc')\"");

        Assert.Equal(
            ["a\ufffd", "b\nc"],
            store.AddTree(scratch.Path, TestContext.Current.CancellationToken).Walk().Select(x => x.Path)
        );
    }

    [Fact]
    public void A_folder_that_is_deeper_than_the_kernel_takes_is_refused_and_deleted()
    {
        var message = Refusal(Deep(new string('x', 100), 60));

        Assert.StartsWith("The path 'xxxx", message, StringComparison.Ordinal);
        Assert.EndsWith("a tree holds paths of up to 3072.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_thousands_of_levels_is_refused_and_deleted() =>
        Assert.EndsWith("a tree holds paths of up to 3072.", Refusal(Deep("d", 5000)), StringComparison.Ordinal);

    [Fact]
    public void A_folder_of_hundreds_of_levels_is_a_tree()
    {
        using var scratch = Made(Deep("d", 400) + "; echo x > f");

        var tree = store.AddTree(scratch.Path, TestContext.Current.CancellationToken);

        Assert.True(store.IsSound(tree.Digest, TestContext.Current.CancellationToken));
        Assert.Equal(401, tree.Walk().Count());
    }

    [Fact]
    public async Task Hashing_a_huge_sparse_file_ends_when_it_is_cancelled()
    {
        using var scratch = Made("truncate -s 60G huge");
        using var cancellation = new CancellationTokenSource(100);

        var reading = Task.Run(
            () => store.AddTree(scratch.Path, cancellation.Token),
            TestContext.Current.CancellationToken
        );

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            reading.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
        );
        Assert.Equal([scratch.Path], Directory.EnumerateFileSystemEntries(store.Layout.Scratch));
    }

    [Fact]
    public void A_link_to_a_file_outside_is_kept_as_a_link()
    {
        directory.Write("secret", "secret");
        using var scratch = Made($"ln -s '{directory.Join("secret")}' link");

        var tree = store.AddTree(scratch.Path, TestContext.Current.CancellationToken);

        Assert.Equal(directory.Join("secret"), tree.Find("link")!.Target);
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(directory.Join("secret")) & UnixFileMode.UserExecute);
    }

    // Many at once, since a shell that stands deep looks up its whole path at each step.
    private static string Deep(string name, int levels)
    {
        var most = 2000 / (name.Length + 1);
        var steps = Enumerable.Repeat(most, levels / most).Append(levels % most).Where(x => x > 0);
        return string.Join(
            "; ",
            steps.Select(x => string.Join('/', Enumerable.Repeat(name, x))).Select(x => $"mkdir -p {x}; cd -P {x}")
        );
    }

    private static void SetAttribute(string path, string name) => FileAttribute.Set(path, name);
}
