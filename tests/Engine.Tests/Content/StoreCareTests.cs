using Recipes.Engine.Content;
using Xunit;

namespace Recipes.Engine.Tests.Content;

public sealed class StoreCareTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly ContentStore store;

    public StoreCareTests() => store = ContentStore.Open(directory.Join("store"));

    public void Dispose() => directory.Dispose();

    private Tree Add(params (string Path, int Size)[] files)
    {
        using var scratch = store.CreateScratch("test");
        foreach (var (path, size) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(scratch.Path, path))!);
            File.WriteAllText(Path.Join(scratch.Path, path), path + new string('x', size));
        }
        File.CreateSymbolicLink(Path.Join(scratch.Path, "link"), "target");
        return store.AddTree(scratch.Path);
    }

    private void Age(Tree tree, int days) =>
        Posix.SetTimes(store.Layout.Listing(tree.Digest), DateTimeOffset.UtcNow.AddDays(-days).ToUnixTimeSeconds());

    private StoreVerification Verify() => StoreVerifier.Verify(store, null, TestContext.Current.CancellationToken);

    private StoreCleanup Collect(long keep, params Digest[] needed) =>
        StoreCollector.Collect(store, keep, needed.ToHashSet(), TestContext.Current.CancellationToken);

    [Fact]
    public void A_sound_store_verifies()
    {
        Add(("usr/a", 10));
        store.AddBlob("blob"u8);
        store.WriteRecord(RawRecords.Action, Digest.Of("key"u8), "record"u8);

        var result = Verify();

        // A listing with its files and their stamp, a blob, and a record.
        Assert.Equal(5, result.Checked);
        Assert.Empty(result.Damages);
    }

    [Theory]
    [InlineData("content", "the content of 'usr/a' has changed")]
    [InlineData("missing", "'usr/a' is missing")]
    [InlineData("extra", "'usr/extra' does not belong to it")]
    [InlineData("mode", "the mode of 'usr/a' has changed")]
    [InlineData("permission", "the mode or time of 'usr/a' has changed")]
    [InlineData("time", "the mode or time of 'usr/a' has changed")]
    [InlineData("kind", "'usr/a' is not a file")]
    [InlineData("link", "the link 'link' leads to 'elsewhere', not to 'target'")]
    [InlineData("listing", "the listing does not match its digest")]
    [InlineData("no listing", "there are files, but no listing")]
    public void A_damaged_tree_is_named_and_dropped(string damage, string problem)
    {
        var tree = Add(("usr/a", 10), ("usr/b", 10));
        var path = store.TreePath(tree.Digest);
        var file = Path.Join(path, "usr/a");
        switch (damage)
        {
            case "content":
                File.WriteAllText(file, "usr/a" + new string('y', 10));
                break;
            case "missing":
                File.Delete(file);
                break;
            case "extra":
                File.WriteAllText(Path.Join(path, "usr/extra"), "");
                break;
            case "mode":
                File.SetUnixFileMode(file, FileStamp.ModeOf(true));
                break;
            case "permission":
                File.SetUnixFileMode(file, UnixFileMode.UserRead);
                break;
            case "time":
                Posix.SetTimes(file, 2);
                break;
            case "kind":
                File.Delete(file);
                Directory.CreateDirectory(file);
                break;
            case "link":
                File.Delete(Path.Join(path, "link"));
                File.CreateSymbolicLink(Path.Join(path, "link"), "elsewhere");
                break;
            case "listing":
                File.WriteAllText(store.Layout.Listing(tree.Digest), "damaged");
                break;
            default:
                File.Delete(store.Layout.Listing(tree.Digest));
                break;
        }

        var result = Verify();

        Assert.Contains(new StoreDamage(StoreEntryKind.Tree, tree.Digest.Hash, problem), result.Damages);
        Assert.False(store.HasTree(tree.Digest));
        Assert.False(Directory.Exists(path));
        Assert.Empty(Verify().Damages);
    }

    [Fact]
    public void A_damaged_blob_is_named_and_dropped()
    {
        var blob = store.AddBlob("hello"u8);
        File.WriteAllText(store.Layout.Blob(blob), "hullo");

        var damage = Assert.Single(Verify().Damages);

        Assert.Equal($"blob {blob.Hash}: the content does not match the name", damage.ToString());
        Assert.Null(store.FindBlob(blob));
    }

    [Fact]
    public void A_damaged_record_is_named_and_dropped()
    {
        var key = Digest.Of("key"u8);
        store.WriteRecord(RawRecords.Package, key, "document"u8);
        File.AppendAllText(store.Layout.Record(RawRecords.Package, key), "more");

        var damage = Assert.Single(Verify().Damages);

        Assert.Equal($"record {key.Hash}: the package record does not match its checksum", damage.ToString());
        Assert.False(File.Exists(store.Layout.Record(RawRecords.Package, key)));
    }

    [Fact]
    public void A_foreign_file_is_named_and_dropped()
    {
        store.AddBlob("hello"u8);
        var folder = Directory.GetDirectories(store.Layout.Blobs).Single();
        File.WriteAllText(Path.Join(folder, "letter"), "");

        Assert.Equal("blob letter: the name is not a digest", Assert.Single(Verify().Damages).ToString());
        Assert.False(File.Exists(Path.Join(folder, "letter")));
    }

    [Fact]
    public void The_collector_takes_the_least_recently_used_first_and_stops_in_time()
    {
        var (oldest, middle, newest) = (Add(("a", 400_000)), Add(("b", 400_000)), Add(("c", 400_000)));
        Age(oldest, 9);
        Age(middle, 5);

        var result = Collect(1_000_000);

        Assert.Equal(1, result.Removed);
        Assert.True(result.BytesBefore > 1_200_000 && result.BytesAfter <= 1_000_000);
        Assert.False(store.HasTree(oldest.Digest));
        Assert.False(File.Exists(store.Layout.Listing(oldest.Digest)));
        Assert.True(store.HasTree(middle.Digest));
        Assert.True(store.HasTree(newest.Digest));
    }

    [Fact]
    public void The_collector_keeps_what_is_needed_though_it_is_old()
    {
        var (needed, other) = (Add(("a", 400_000)), Add(("b", 400_000)));
        var record = Digest.Of("key"u8);
        store.WriteRecord(RawRecords.Package, record, "document"u8);
        Age(needed, 9);

        var result = Collect(0, needed.Digest, record);

        Assert.True(store.HasTree(needed.Digest));
        Assert.NotNull(store.FindRecord(RawRecords.Package, record));
        Assert.False(store.HasTree(other.Digest));
        Assert.Equal(1, result.Removed);
    }

    [Fact]
    public void A_shared_file_is_freed_with_its_last_name_only()
    {
        var tree = Add(("a", 400_000), ("b", 400_000));
        var subset = store.AddSubset(tree, new HashSet<string> { "a" }, TestContext.Current.CancellationToken);
        Age(tree, 9);

        var result = Collect(600_000);

        Assert.False(store.HasTree(tree.Digest));
        Assert.True(store.HasTree(subset.Digest));
        Assert.InRange(result.BytesBefore - result.BytesAfter, 400_000, 500_000);
        Assert.Empty(Verify().Damages);
    }

    [Fact]
    public void The_collector_deletes_what_dead_processes_left_but_not_our_own()
    {
        using var own = store.CreateScratch("own");
        var dead = Path.Join(store.Layout.Scratch, "999999999-dead-x");
        Directory.CreateDirectory(dead);
        File.SetUnixFileMode(dead, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var result = Collect(long.MaxValue);

        Assert.Equal(1, result.ScratchRemoved);
        Assert.False(Directory.Exists(dead));
        Assert.True(Directory.Exists(own.Path));
    }

    [Fact]
    public void The_collector_refuses_while_another_uses_the_store()
    {
        Add(("a", 10));
        var other = ContentStore.Open(store.Root, cancellationToken: TestContext.Current.CancellationToken);

        var error = Assert.Throws<EngineException>(() => Collect(0));

        Assert.Equal(
            $"The store '{store.Root}' is in use by another process. Run the command again when that has ended.",
            error.Message
        );
        GC.KeepAlive(other);
    }

    [Fact]
    public void Usage_counts_shared_files_once_and_names_the_largest_trees()
    {
        var tree = Add(("a", 400_000), ("b", 100_000));
        var subset = store.AddSubset(tree, new HashSet<string> { "a" }, TestContext.Current.CancellationToken);
        store.AddBlob(new byte[50_000]);
        using var scratch = store.CreateScratch("work");

        var usage = StoreUsage.Measure(store, 5, TestContext.Current.CancellationToken);

        Assert.Equal([tree.Digest.Hash, subset.Digest.Hash], usage.LargestTrees.Select(x => x.Hash));
        Assert.InRange(usage.Bytes[StoreEntryKind.Tree], 500_000, 700_000);
        Assert.InRange(usage.Bytes[StoreEntryKind.Blob], 50_000, 60_000);
        Assert.Equal(1, usage.Entries[StoreEntryKind.Scratch]);
        Assert.InRange(usage.TotalBytes, 550_000, 800_000);
    }
}
