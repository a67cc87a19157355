using System.Text;
using Recipes.Engine.Content;
using Xunit;

namespace Recipes.Engine.Tests.Content;

/// <summary>Trees are verified before they are built from.</summary>
public sealed class StoreSoundnessTests : IDisposable, IEngineObserver
{
    private readonly TemporaryDirectory directory = new();
    private readonly ContentStore store;
    private readonly List<EngineEvent> events = [];

    public StoreSoundnessTests() => store = ContentStore.Open(directory.Join("store"));

    public void Dispose() => directory.Dispose();

    void IEngineObserver.On(EngineEvent happened) => events.Add(happened);

    private Tree Add(params (string Path, string Text)[] files)
    {
        using var scratch = store.CreateScratch("test");
        foreach (var (path, text) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(scratch.Path, path))!);
            File.WriteAllText(Path.Join(scratch.Path, path), text);
        }
        File.CreateSymbolicLink(Path.Join(scratch.Path, "link"), "target");
        return store.AddTree(scratch.Path);
    }

    private Tree Sample() => Add(("usr/a", "hello"), ("usr/b", "world"));

    /// <summary>Another process that comes to this store.</summary>
    private ContentStore Reopened() => ContentStore.Open(store.Root, this);

    private string FileOf(Tree tree, string path) => Path.Join(store.TreePath(tree.Digest), path);

    private void Stamp(Tree tree, string boot) =>
        store.WriteRecord(StoreRecords.Stamp, tree.Digest, TreeStamp.Take(store.TreePath(tree.Digest), tree, boot)!);

    private string BootOf(Tree tree) => store.FindRecord(StoreRecords.Stamp, tree.Digest)!.Boot;

    /// <summary>Changes the content so that size and mtime stay, as a careful writer would.</summary>
    private static void Rewrite(string file, string text)
    {
        File.WriteAllText(file, text);
        Posix.SetTimes(file, FileStamp.Seconds);
    }

    [Fact]
    public void A_tree_that_nobody_touched_is_not_read_again()
    {
        var tree = Sample();
        // Nothing but reading would find this: the stamp is made to fit.
        Rewrite(FileOf(tree, "usr/a"), "jello");
        Stamp(tree, TreeStamp.ThisBoot);

        Assert.True(Reopened().IsSound(tree.Digest, TestContext.Current.CancellationToken));
        Assert.Empty(events);
    }

    [Theory]
    [InlineData("content", "the content of 'usr/a' has changed")]
    [InlineData("size", "the content of 'usr/a' has changed")]
    [InlineData("replaced", "the content of 'usr/a' has changed")]
    [InlineData("missing", "'usr/a' is missing")]
    [InlineData("extra", "'usr/extra' does not belong to it")]
    [InlineData("mode", "the mode of 'usr/a' has changed")]
    [InlineData("link", "the link 'link' leads to 'tarGet', not to 'target'")]
    public void What_was_changed_is_found_before_use_and_dropped(string damage, string problem)
    {
        var tree = Sample();
        var file = FileOf(tree, "usr/a");
        switch (damage)
        {
            case "content":
                Rewrite(file, "jello");
                break;
            case "size":
                Rewrite(file, "");
                break;
            case "replaced":
                File.Delete(file);
                Rewrite(file, "jello");
                Posix.SetTimes(FileOf(tree, "usr"), FileStamp.Seconds);
                break;
            case "missing":
                File.Delete(file);
                break;
            case "extra":
                File.WriteAllText(FileOf(tree, "usr/extra"), "");
                break;
            case "mode":
                File.SetUnixFileMode(file, FileStamp.ModeOf(isExecutable: true));
                break;
            default:
                File.Delete(FileOf(tree, "link"));
                File.CreateSymbolicLink(FileOf(tree, "link"), "tarGet");
                Posix.SetTimes(FileOf(tree, "link"), FileStamp.Seconds);
                Posix.SetTimes(store.TreePath(tree.Digest), FileStamp.Seconds);
                break;
        }

        var reopened = Reopened();

        Assert.False(reopened.IsSound(tree.Digest, TestContext.Current.CancellationToken));
        Assert.Equal(new TreeDropped(tree.Digest, problem), Assert.Single(events));
        Assert.False(reopened.HasTree(tree.Digest));
        Assert.False(Directory.Exists(store.TreePath(tree.Digest)));
        Assert.Equal(
            $"The tree {tree.Digest.Oci} is not in the store '{store.Root}'. Run the command again to make it anew.",
            Assert
                .Throws<EngineException>(() =>
                    reopened.RequireSound(tree.Digest, TestContext.Current.CancellationToken)
                )
                .Message
        );
    }

    [Fact]
    public void Who_requires_a_damaged_tree_is_told()
    {
        var tree = Sample();
        Rewrite(FileOf(tree, "usr/a"), "jello");

        var error = Assert.Throws<EngineException>(() =>
            Reopened().RequireSound(tree.Digest, TestContext.Current.CancellationToken)
        );

        Assert.Equal(
            $"The files of the tree {tree.Digest.Oci} in the store '{store.Root}' were damaged, and are dropped. Run "
                + $"the command again to make them anew.",
            error.Message
        );
    }

    [Fact]
    public void A_damaged_tree_is_replaced_by_a_fresh_one_of_the_same_name()
    {
        var tree = Sample();
        Rewrite(FileOf(tree, "usr/a"), "jello");

        var reopened = Reopened();
        using var scratch = reopened.CreateScratch("again");
        Directory.CreateDirectory(Path.Join(scratch.Path, "usr"));
        File.WriteAllText(Path.Join(scratch.Path, "usr/a"), "hello");
        File.WriteAllText(Path.Join(scratch.Path, "usr/b"), "world");
        File.CreateSymbolicLink(Path.Join(scratch.Path, "link"), "target");

        Assert.Equal(tree.Digest, reopened.AddTree(scratch.Path, TestContext.Current.CancellationToken).Digest);
        Assert.Equal("hello", File.ReadAllText(FileOf(tree, "usr/a")));
    }

    [Fact]
    public void Outputs_are_not_made_of_a_damaged_stage()
    {
        var tree = Sample();
        Rewrite(FileOf(tree, "usr/a"), "jello");

        var error = Assert.Throws<EngineException>(() =>
            Reopened().AddSubset(tree, new HashSet<string> { "usr/a" }, TestContext.Current.CancellationToken)
        );

        Assert.Contains("were damaged, and are dropped", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_come_and_go_are_no_reason_to_read_again()
    {
        var tree = Sample();
        var subset = store.AddSubset(tree, new HashSet<string> { "usr/a" }, TestContext.Current.CancellationToken);
        var before = (Read(tree), Read(subset));

        Assert.True(Reopened().IsSound(tree.Digest, TestContext.Current.CancellationToken));
        Directory.Delete(store.TreePath(tree.Digest), recursive: true);
        Assert.True(Reopened().IsSound(subset.Digest, TestContext.Current.CancellationToken));

        // A tree that was read again has another stamp.
        Assert.Equal(before, (Read(tree), Read(subset)));
        Assert.Empty(events);

        string Read(Tree some) =>
            Convert.ToHexString(File.ReadAllBytes(store.Layout.Record(StoreRecords.Stamp, some.Digest)));
    }

    [Fact]
    public void A_tree_of_an_earlier_version_is_read_once_and_adopted()
    {
        var tree = Sample();
        File.Delete(store.Layout.Record(StoreRecords.Stamp, tree.Digest));
        if (store.Owner is not null)
            Posix.SetOwner(FileOf(tree, "usr/a"), 0);

        Assert.True(Reopened().IsSound(tree.Digest, TestContext.Current.CancellationToken));

        Assert.Equal(store.Owner?.First ?? Posix.EffectiveUser, Posix.Stat(FileOf(tree, "usr/a"))!.Value.User);
        Assert.Equal(TreeStamp.ThisBoot, BootOf(tree));
        Assert.Equal(1, Posix.Stat(FileOf(tree, "usr"))!.Value.Modified);
    }

    [Fact]
    public void After_a_loss_of_power_empty_files_are_found_though_the_listing_is_there()
    {
        var tree = Sample();
        foreach (var path in (string[])["usr/a", "usr/b"])
            Rewrite(FileOf(tree, path), "");
        // The worst case: a stamp that came to the disk.
        var entries = tree.Walk()
            .Select(x => Posix.Stat(FileOf(tree, x.Path))!.Value)
            .Select(x => new EntryStamp(x.Inode, x.Changed, x.Links));
        store.WriteRecord(StoreRecords.Stamp, tree.Digest, new TreeStamp("another boot", [.. entries]));

        Assert.False(Reopened().IsSound(tree.Digest, TestContext.Current.CancellationToken));
        Assert.Equal(new TreeDropped(tree.Digest, "the content of 'usr/a' has changed"), Assert.Single(events));
    }

    [Fact]
    public void After_another_boot_zeros_of_the_right_size_are_found()
    {
        var tree = Sample();
        Rewrite(FileOf(tree, "usr/a"), "\0\0\0\0\0");
        Stamp(tree, "another boot");

        Assert.False(Reopened().IsSound(tree.Digest, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void What_was_read_back_after_another_boot_is_believed_from_then_on()
    {
        var tree = Sample();
        Stamp(tree, "another boot");

        Assert.True(Reopened().IsSound(tree.Digest, TestContext.Current.CancellationToken));

        Assert.Equal("", BootOf(tree));
        Assert.True(Reopened().IsSound(tree.Digest, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_damaged_stamp_is_only_a_reason_to_read_again()
    {
        var tree = Sample();
        File.WriteAllText(store.Layout.Record(StoreRecords.Stamp, tree.Digest), "damaged");

        Assert.True(Reopened().IsSound(tree.Digest, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Metadata_that_a_person_changed_is_put_right()
    {
        var tree = Sample();
        File.SetUnixFileMode(FileOf(tree, "usr/a"), UnixFileMode.UserRead);
        Posix.SetTimes(FileOf(tree, "usr/b"), 7);

        Assert.True(Reopened().IsSound(tree.Digest, TestContext.Current.CancellationToken));
        Assert.Empty(StoreVerifier.Verify(store, null, TestContext.Current.CancellationToken).Damages);
    }

    [Fact]
    public void What_was_built_from_a_damaged_tree_is_dropped_with_it()
    {
        var (tree, other) = (Sample(), Add(("usr/c", "sound")));
        var (tainted, clean) = (Digest.Of("tainted"u8), Digest.Of("clean"u8));
        Keep(tainted, tree);
        Keep(clean, other);
        Rewrite(FileOf(tree, "usr/a"), "jello");

        Assert.False(Reopened().IsSound(tree.Digest, TestContext.Current.CancellationToken));

        Assert.Equal([false, false, false, false], Kept(tainted));
        Assert.Equal([true, true, true, true], Kept(clean));
    }

    [Fact]
    public void Verification_drops_what_was_built_from_a_bit_that_flipped_unseen()
    {
        var (tree, other) = (Sample(), Add(("usr/c", "sound")));
        var (tainted, clean) = (Digest.Of("tainted"u8), Digest.Of("clean"u8));
        Keep(tainted, tree);
        Keep(clean, other);
        Rewrite(FileOf(tree, "usr/a"), "jello");
        Stamp(tree, TreeStamp.ThisBoot);

        var found = StoreVerifier.Verify(store, null, TestContext.Current.CancellationToken);

        Assert.Equal(
            new StoreDamage(StoreEntryKind.Tree, tree.Digest.Hash, "the content of 'usr/a' has changed"),
            found.Damages[0]
        );
        Assert.Contains(
            new StoreDamage(
                StoreEntryKind.Record,
                tainted.Hash,
                $"the action record may come from the damaged tree {tree.Digest.Hash}"
            ),
            found.Damages
        );
        Assert.Equal([false, false, false, false], Kept(tainted));
        Assert.Equal([true, true, true, true], Kept(clean));
        Assert.Empty(StoreVerifier.Verify(store, null, TestContext.Current.CancellationToken).Damages);
    }

    [Fact]
    public void What_says_nothing_about_results_outlives_a_damaged_tree_and_what_nobody_declared_does_not()
    {
        var tree = Sample();
        var (action, key) = (Digest.Of("tainted"u8), Digest.Of("key"u8));
        var (lasting, unknown) = (
            RecordType.OfBytes("unpinned", RecordRole.Lasting),
            RecordType.OfBytes("novelty", RecordRole.Lasting)
        );
        var mention = Encoding.UTF8.GetBytes($"{tree.Digest} {action}");
        Keep(action, tree);
        foreach (var type in (RecordType<byte[]>[])[RawRecords.History, lasting, unknown])
            store.WriteRecord(type, key, mention);
        Rewrite(FileOf(tree, "usr/a"), "jello");

        var again = ContentStore.Open(
            store.Root,
            records: DeclaredRecords.All,
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.False(again.IsSound(tree.Digest, TestContext.Current.CancellationToken));

        Assert.Equal([false, false, false, false], Kept(action));
        Assert.Equal(mention, store.FindRecord(RawRecords.History, key));
        Assert.Equal(mention, store.FindRecord(lasting, key));
        Assert.Null(store.FindRecord(unknown, key));
    }

    [Fact]
    public void Verification_reads_records_of_any_kind_that_is_there()
    {
        var (sound, damaged) = (Digest.Of("sound"u8), Digest.Of("damaged"u8));
        var novelty = RecordType.OfBytes("novelty", RecordRole.Lasting);
        store.WriteRecord(novelty, sound, "document"u8);
        store.WriteRecord(novelty, damaged, "document"u8);
        File.AppendAllText(store.Layout.Record(novelty, damaged), "more");

        var found = StoreVerifier.Verify(store, null, TestContext.Current.CancellationToken);

        Assert.Equal(
            $"record {damaged.Hash}: the novelty record does not match its checksum",
            Assert.Single(found.Damages).ToString()
        );
        Assert.NotNull(store.FindRecord(novelty, sound));
    }

    [Fact]
    public void Verification_names_an_extended_attribute()
    {
        var tree = Sample();
        FileAttribute.Set(FileOf(tree, "usr"), "user.overlay.opaque");

        var found = StoreVerifier.Verify(store, null, TestContext.Current.CancellationToken);

        Assert.Equal(
            $"tree {tree.Digest.Hash}: 'usr' has the extended attribute 'user.overlay.opaque'",
            Assert.Single(found.Damages).ToString()
        );
    }

    [Fact]
    public void Verification_finds_every_flipped_bit_of_a_record()
    {
        var key = Digest.Of("key"u8);
        store.WriteRecord(RawRecords.Package, key, "{\"outputs\":[]}"u8);
        var path = store.Layout.Record(RawRecords.Package, key);
        var bytes = File.ReadAllBytes(path);

        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            var flipped = bytes.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(path, flipped);
            Assert.Equal(
                $"record {key.Hash}: the package record does not match its checksum",
                Assert
                    .Single(StoreVerifier.Verify(store, null, TestContext.Current.CancellationToken).Damages)
                    .ToString()
            );
        }
    }

    [Fact]
    public void Verification_finds_a_flipped_bit_of_a_finished_log_and_lets_a_running_one_be()
    {
        var (finished, running) = (Digest.Of("finished"u8), Digest.Of("running"u8));
        foreach (var action in (Digest[])[finished, running])
        {
            File.WriteAllText(store.BeginLog(action), "==> compile\n");
            store.EndLog(action);
        }
        File.WriteAllText(store.LogPath(finished), "==> compilf\n");
        File.WriteAllText(store.BeginLog(running), "==> conf");

        var found = StoreVerifier.Verify(store, null, TestContext.Current.CancellationToken);

        Assert.Equal(
            $"log {finished.Hash}: the log does not match its record",
            Assert.Single(found.Damages).ToString()
        );
        Assert.False(File.Exists(store.LogPath(finished)));
        Assert.True(File.Exists(store.LogPath(running)));
    }

    [Fact]
    public void The_form_of_a_stamp_stays()
    {
        var stamp = new TreeStamp("boot", [new(0x0102, 0x0304, 5), new(6, -1, 7)]);

        Assert.Equal(
            "04626F6F74"
                + "0201000000000000"
                + "0403000000000000"
                + "05000000"
                + "0600000000000000"
                + "FFFFFFFFFFFFFFFF"
                + "07000000",
            Convert.ToHexString(stamp.Encode())
        );
        Assert.Equal(stamp.Entries, TreeStamp.Parse(stamp.Encode())!.Entries);
        Assert.Equal("boot", TreeStamp.Parse(stamp.Encode())!.Boot);
        Assert.Null(TreeStamp.Parse([]));
        Assert.Null(TreeStamp.Parse("\u0001ab"u8));
    }

    /// <summary>The records of an action whose root held a tree, as builds and tests write them.</summary>
    private void Keep(Digest action, Tree root)
    {
        store.WriteRecord(RawRecords.Root, action, Encoding.UTF8.GetBytes($"zlib:main {root.Digest}\n"));
        store.WriteRecord(RawRecords.Action, action, "{}"u8);
        store.WriteRecord(RawRecords.Test, action, "{}"u8);
        store.WriteRecord(
            RawRecords.Package,
            PackageKey(action),
            Encoding.UTF8.GetBytes($"{{\"action\":\"{action}\"}}")
        );
    }

    private bool[] Kept(Digest action) =>
        [
            .. new[] { RawRecords.Root, RawRecords.Action, RawRecords.Test }.Select(x =>
                store.FindRecord(x, action) is not null
            ),
            store.FindRecord(RawRecords.Package, PackageKey(action)) is not null,
        ];

    private static Digest PackageKey(Digest action) => Digest.Of(Encoding.UTF8.GetBytes($"package of {action}"));
}
