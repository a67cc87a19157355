using System.Text;
using Recipes.Engine.Content;
using Xunit;

namespace Recipes.Engine.Tests.Content;

public sealed class ContentStoreTests : IDisposable
{
    private const UnixFileMode Plain =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly TemporaryDirectory directory = new();
    private readonly ContentStore store;

    public ContentStoreTests() => store = ContentStore.Open(directory.Join("store"));

    public void Dispose() => directory.Dispose();

    private ScratchDirectory Filled()
    {
        var scratch = store.CreateScratch("test");
        Directory.CreateDirectory(Path.Join(scratch.Path, "usr/bin"));
        Directory.CreateDirectory(Path.Join(scratch.Path, "usr/empty"));
        File.WriteAllText(Path.Join(scratch.Path, "usr/bin/sh"), "#!/bin/true\n");
        File.SetUnixFileMode(Path.Join(scratch.Path, "usr/bin/sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Join(scratch.Path, "usr/größe"), new string('x', 700_000));
        File.CreateSymbolicLink(Path.Join(scratch.Path, "usr/bin/bash"), "/nowhere/sh");
        return scratch;
    }

    [Fact]
    public void A_tree_is_a_plain_directory_with_constant_modes_and_times()
    {
        using var scratch = Filled();

        var tree = store.AddTree(scratch.Path, TestContext.Current.CancellationToken);

        Assert.False(Directory.Exists(scratch.Path));
        Assert.True(store.HasTree(tree.Digest));
        Assert.Equal(
            ["usr", "usr/bin", "usr/bin/bash", "usr/bin/sh", "usr/empty", "usr/größe"],
            tree.Walk().Select(x => x.Path)
        );
        Assert.All(tree.Walk().Append(new("", TreeEntryKind.Folder, tree.Digest, false, null)), entry =>
        {
            var stat = Posix.Stat(Path.Join(store.TreePath(tree.Digest), entry.Path))!.Value;
            Assert.Equal((1, true), (stat.Modified, stat.IsWholeSecond));
            if (entry.Kind != TreeEntryKind.Link)
                Assert.Equal(FileStamp.ModeOf(entry.IsExecutable || entry.Kind == TreeEntryKind.Folder), stat.Mode);
            if (entry.Kind == TreeEntryKind.File)
                Assert.Equal(Digest.OfFile(Path.Join(store.TreePath(tree.Digest), entry.Path)), entry.Digest);
        });
    }

    [Fact]
    public void A_tree_reads_back_as_it_was_added_also_by_another_process()
    {
        using var scratch = Filled();
        var tree = store.AddTree(scratch.Path, TestContext.Current.CancellationToken);

        var read = ContentStore
            .Open(store.Root, cancellationToken: TestContext.Current.CancellationToken)
            .ReadTree(tree.Digest);

        Assert.Equal(tree.Digest, read.Digest);
        Assert.Equal(tree.Walk(), read.Walk());
    }

    [Fact]
    public void A_tree_that_is_already_there_is_dropped()
    {
        using var first = Filled();
        using var second = Filled();

        var tree = store.AddTree(first.Path, TestContext.Current.CancellationToken);

        Assert.Equal(tree.Digest, store.AddTree(second.Path, TestContext.Current.CancellationToken).Digest);
        Assert.False(Directory.Exists(second.Path));
    }

    [Fact]
    public void Digests_that_the_caller_knows_give_the_same_tree()
    {
        using var first = Filled();
        using var second = Filled();
        var known = DirectoryReader.Read(first.Path, TestContext.Current.CancellationToken);

        store.AddTree(first.Path, known, TestContext.Current.CancellationToken);

        Assert.Equal(known.Digest, store.AddTree(second.Path, TestContext.Current.CancellationToken).Digest);
        Assert.Equal(1, Posix.Stat(Path.Join(store.TreePath(known.Digest), "usr/bin/sh"))!.Value.Modified);
    }

    [Fact]
    public async Task Many_threads_and_stores_may_add_the_same_tree_at_once()
    {
        var stores = Enumerable.Range(0, 4).Select(_ => ContentStore.Open(store.Root)).ToList();

        var digests = await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(i =>
                    Task.Run(() =>
                    {
                        using var scratch = Filled();
                        return stores[i % 4].AddTree(scratch.Path).Digest;
                    })
                )
        );

        Assert.Single(digests.Distinct());
        Assert.True(store.HasTree(digests[0]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(store.Layout.Scratch));
    }

    [Fact]
    public void A_subset_shares_the_files_of_its_tree()
    {
        using var scratch = Filled();
        var tree = store.AddTree(scratch.Path, TestContext.Current.CancellationToken);

        var subset = store.AddSubset(
            tree,
            new HashSet<string> { "usr/bin/sh", "usr/bin/bash", "usr/empty" },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(["usr", "usr/bin", "usr/bin/bash", "usr/bin/sh", "usr/empty"], subset.Walk().Select(x => x.Path));
        Assert.Equal(
            subset.Digest,
            DirectoryReader.Read(store.TreePath(subset.Digest), TestContext.Current.CancellationToken).Digest
        );
        Assert.Equal(
            Posix.Stat(Path.Join(store.TreePath(tree.Digest), "usr/bin/sh"))!.Value.Inode,
            Posix.Stat(Path.Join(store.TreePath(subset.Digest), "usr/bin/sh"))!.Value.Inode
        );
        Assert.Equal(1, Posix.Stat(Path.Join(store.TreePath(subset.Digest), "usr/bin"))!.Value.Modified);
    }

    [Fact]
    public void A_copy_leaves_its_origin_alone_and_takes_what_is_wanted()
    {
        directory.Write("origin/recipe.toml", "name = 1");
        directory.Write("origin/files/a", "a");
        var origin = directory.Join("origin");

        var tree = store.AddCopy(origin, "recipe", x => x != "recipe.toml");

        Assert.Equal(["files", "files/a"], tree.Walk().Select(x => x.Path));
        Assert.True(store.HasTree(tree.Digest));
        Assert.NotEqual(1, Posix.Stat(directory.Join("origin/files/a"))!.Value.Modified);
        Assert.NotEqual(
            Posix.Stat(directory.Join("origin/files/a"))!.Value.Inode,
            Posix.Stat(Path.Join(store.TreePath(tree.Digest), "files/a"))!.Value.Inode
        );
    }

    [Fact]
    public void A_fifo_is_refused_and_named()
    {
        using var scratch = Filled();
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [Path.Join(scratch.Path, "usr/pipe")]))
            mkfifo.WaitForExit();

        var error = Assert.Throws<EngineException>(() =>
            store.AddTree(scratch.Path, TestContext.Current.CancellationToken)
        );

        Assert.Equal("'usr/pipe' is a device, socket or fifo, which no tree can hold.", error.Message);
    }

    [Fact]
    public void A_name_that_is_not_UTF8_is_refused_and_deleted_all_the_same()
    {
        using var scratch = Filled();
        using (
            var shell = System.Diagnostics.Process.Start(
                "sh",
                ["-c", "touch \"$1/usr/$(printf 'a\\377')\"", "sh", scratch.Path]
            )
        )
            shell.WaitForExit();

        var error = Assert.Throws<EngineException>(() =>
            store.AddTree(scratch.Path, TestContext.Current.CancellationToken)
        );

        Assert.Equal("The name 'usr/a\ufffd' is not UTF-8, which no tree can hold.", error.Message);
        scratch.Dispose();
        Assert.False(Directory.Exists(scratch.Path));
    }

    [Fact]
    public void A_damaged_listing_is_dropped_and_said()
    {
        using var scratch = Filled();
        var tree = store.AddTree(scratch.Path, TestContext.Current.CancellationToken);
        var listing = store.Layout.Listing(tree.Digest);
        File.WriteAllBytes(listing, Tree.Empty.Encode());

        var error = Assert.Throws<EngineException>(() =>
            ContentStore
                .Open(store.Root, cancellationToken: TestContext.Current.CancellationToken)
                .ReadTree(tree.Digest)
        );

        Assert.Contains($"The listing of the tree {tree.Digest.Oci}", error.Message, StringComparison.Ordinal);
        Assert.Contains("was damaged, and is dropped", error.Message, StringComparison.Ordinal);
        Assert.False(store.HasTree(tree.Digest));
    }

    [Fact]
    public void An_absent_tree_is_said()
    {
        var error = Assert.Throws<EngineException>(() => store.ReadTree(Digest.Of([1])));

        Assert.StartsWith(
            "The tree sha256:4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a is not in the store",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_listing_alone_is_no_tree()
    {
        var builder = new TreeBuilder();
        builder.AddLink("a", "b");
        var tree = builder.Build();

        store.AddListing(tree);

        Assert.True(store.HasListing(tree.Digest));
        Assert.False(store.HasTree(tree.Digest));
    }

    [Fact]
    public void Blobs_are_found_by_digest_and_dropped_if_cut_short()
    {
        var blob = store.AddBlob("hello"u8);
        Assert.Equal("hello", File.ReadAllText(store.FindBlob(blob)!));

        File.WriteAllText(store.Layout.Blob(blob), "hell");

        Assert.Null(store.FindBlob(blob));
        Assert.False(File.Exists(store.Layout.Blob(blob)));
    }

    [Fact]
    public void A_scratch_file_becomes_a_blob()
    {
        using var scratch = store.CreateScratch("blob");
        var file = Path.Join(scratch.Path, "layer");
        File.WriteAllText(file, "layer");

        var blob = store.AddBlobFile(file);

        Assert.Equal(Digest.Of("layer"u8), blob);
        Assert.False(File.Exists(file));
        Assert.Equal(Plain, File.GetUnixFileMode(store.FindBlob(blob)!));
    }

    [Fact]
    public void Records_are_replaced_and_kept_apart_by_kind()
    {
        var key = Digest.Of("key"u8);
        store.WriteRecord(RawRecords.Action, key, "one"u8);
        store.WriteRecord(RawRecords.Action, key, "two"u8);

        Assert.Equal("two", Encoding.UTF8.GetString(store.FindRecord(RawRecords.Action, key)!));
        Assert.Null(store.FindRecord(RawRecords.Package, key));
    }

    [Fact]
    public void A_damaged_record_is_dropped()
    {
        var key = Digest.Of("key"u8);
        store.WriteRecord(RawRecords.Action, key, "one"u8);
        var path = store.Layout.Record(RawRecords.Action, key);
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);

        Assert.Null(store.FindRecord(RawRecords.Action, key));
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_record_under_a_wrong_name_is_damaged()
    {
        var (key, other) = (Digest.Of("key"u8), Digest.Of("other"u8));
        store.WriteRecord(RawRecords.Action, key, "one"u8);
        Directory.CreateDirectory(Path.GetDirectoryName(store.Layout.Record(RawRecords.Action, other))!);
        File.Copy(store.Layout.Record(RawRecords.Action, key), store.Layout.Record(RawRecords.Action, other));

        Assert.Null(store.FindRecord(RawRecords.Action, other));
    }

    [Fact]
    public void Reading_marks_as_used_once_a_day()
    {
        var blob = store.AddBlob("hello"u8);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Posix.SetTimes(store.Layout.Blob(blob), now - 3600);

        store.FindBlob(blob);
        Assert.Equal(now - 3600, Posix.Stat(store.Layout.Blob(blob))!.Value.Modified);

        Posix.SetTimes(store.Layout.Blob(blob), now - (3 * 86400));
        store.FindBlob(blob);
        Assert.True(Posix.Stat(store.Layout.Blob(blob))!.Value.Modified >= now);
    }

    [Fact]
    public void A_newer_format_is_refused()
    {
        File.WriteAllText(store.Layout.Format, "2\n");

        var error = Assert.Throws<EngineException>(() =>
            ContentStore.Open(store.Root, cancellationToken: TestContext.Current.CancellationToken)
        );

        Assert.Equal(
            $"The store '{store.Root}' has format 2, and this version of recipes knows formats up to 1. "
                + "Use a newer recipes, or choose another store.",
            error.Message
        );
    }

    [Fact]
    public void A_format_without_version_is_refused()
    {
        File.WriteAllText(store.Layout.Format, "what?");

        var error = Assert.Throws<EngineException>(() =>
            ContentStore.Open(store.Root, cancellationToken: TestContext.Current.CancellationToken)
        );

        Assert.Contains("holds no version", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_other_things_is_no_store()
    {
        directory.Write("home/letter.txt", "dear");

        var error = Assert.Throws<EngineException>(() =>
            ContentStore.Open(directory.Join("home"), cancellationToken: TestContext.Current.CancellationToken)
        );

        Assert.Equal(
            $"The folder '{directory.Join("home")}' is not a store: it holds 'letter.txt'. Name an empty or a new "
                + $"folder.",
            error.Message
        );
    }

    [Fact]
    public void A_path_that_cannot_be_a_folder_is_said()
    {
        var file = directory.Write("file", "");

        var error = Assert.Throws<EngineException>(() =>
            ContentStore.Open(Path.Join(file, "store"), cancellationToken: TestContext.Current.CancellationToken)
        );

        Assert.StartsWith($"The store '{file}/store' cannot be used: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("; choose another store", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_merge_done_before_reads_no_listing()
    {
        var (a, b) = (One("usr/a", "1"), One("usr/b", "2"));

        var merged = store.Merge([("a", a), ("b", b)]);
        File.WriteAllText(store.Layout.Listing(a), "damaged");
        var again = ContentStore
            .Open(store.Root, cancellationToken: TestContext.Current.CancellationToken)
            .Merge([("b", b), ("a", a)]);

        Assert.Equal(["usr", "usr/a", "usr/b"], store.ReadTree(merged.Tree).Walk().Select(x => x.Path));
        Assert.Equal(merged.Tree, again.Tree);
    }

    [Fact]
    public void A_merge_with_conflicts_is_not_kept()
    {
        var (a, b) = (One("usr/a", "1"), One("usr/a", "2"));

        var merged = store.Merge([("first", a), ("second", b)]);

        Assert.Equal([new TreeConflict("usr/a", "first", "second")], merged.Conflicts);
        Assert.Equal(merged.Conflicts, store.Merge([("first", a), ("second", b)]).Conflicts);
    }

    [Fact]
    public void Placing_trees_makes_an_input_root_and_remembers_it()
    {
        var (root, source, inner, recipe) = (
            One("usr/a", "1"),
            One("configure", "2"),
            One("gmp.h", "3"),
            One("x.patch", "4")
        );

        var placed = store.Place(root, [("build", source), ("build/gmp", inner), ("recipe", recipe)]);
        File.Delete(store.Layout.Listing(source));

        Assert.Equal(
            ["build", "build/configure", "build/gmp", "build/gmp/gmp.h", "recipe", "recipe/x.patch", "usr", "usr/a"],
            store.ReadTree(placed).Walk().Select(x => x.Path)
        );
        Assert.Equal(
            placed,
            ContentStore
                .Open(store.Root, cancellationToken: TestContext.Current.CancellationToken)
                .Place(root, [("build", source), ("build/gmp", inner), ("recipe", recipe)])
        );
    }

    [Fact]
    public void The_lock_of_an_action_is_held_by_one_at_a_time_and_leaves_no_file()
    {
        var action = Digest.Of("an action"u8);
        var first = store.TryLockAction(action);
        Assert.NotNull(first);
        Assert.Null(store.TryLockAction(action));

        first.Dispose();

        using (var second = store.TryLockAction(action))
            Assert.NotNull(second);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Join(store.Root, "tmp")));
    }

    [Fact]
    public void Placing_a_tree_onto_files_is_an_error()
    {
        var (root, source) = (One("build/a", "1"), One("configure", "2"));

        var error = Assert.Throws<EngineException>(() => store.Place(root, [("build", source)]));

        Assert.Equal("A tree cannot be placed at 'build': the folder there is not empty.", error.Message);
    }

    private Digest One(string path, string content)
    {
        using var scratch = store.CreateScratch("one");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(scratch.Path, path))!);
        File.WriteAllText(Path.Join(scratch.Path, path), content);
        return store.AddTree(scratch.Path).Digest;
    }
}
