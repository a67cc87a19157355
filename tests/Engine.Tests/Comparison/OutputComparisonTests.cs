using Recipes.Engine.Comparison;
using Recipes.Engine.Content;
using Xunit;

namespace Recipes.Engine.Tests.Comparison;

public sealed class OutputComparisonTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly ContentStore store;

    public OutputComparisonTests() => store = ContentStore.Open(folder.Join("store"));

    [Fact]
    public void Equal_trees_do_not_differ()
    {
        var comparison = OutputComparison.Of(
            Listing(x => Write(x, "usr/a", "a")),
            Listing(x => Write(x, "usr/a", "a"))
        );

        Assert.True(comparison.IsEmpty);
        Assert.Equal(1, comparison.BytesAfter);
    }

    [Fact]
    public void Files_that_came_went_and_changed_are_told_apart()
    {
        var before = Listing(x =>
        {
            Write(x, "usr/gone", "gone");
            Write(x, "usr/longer", "1");
            Write(x, "usr/same", "same");
        });
        var after = Listing(x =>
        {
            Write(x, "usr/new/file", "new");
            Write(x, "usr/longer", "123");
            Write(x, "usr/same", "same");
        });

        var comparison = OutputComparison.Of(before, after);

        Assert.Equal(["usr/new/file"], comparison.Added.Select(x => x.Path));
        Assert.Equal(["usr/gone"], comparison.Removed.Select(x => x.Path));
        var change = Assert.Single(comparison.Changed);
        Assert.Equal(("usr/longer", 1, 3), (change.Path, change.Before.Size, change.After.Size));
        Assert.Equal((9, 10), (comparison.BytesBefore, comparison.BytesAfter));
    }

    [Fact]
    public void Executable_bits_link_targets_and_kinds_count()
    {
        var before = Listing(x =>
        {
            Write(x, "usr/bin/tool", "tool");
            Write(x, "usr/kind", "kind");
            File.CreateSymbolicLink(Path.Join(x, "usr/link"), "one");
        });
        var after = Listing(x =>
        {
            Write(x, "usr/bin/tool", "tool");
            File.SetUnixFileMode(Path.Join(x, "usr/bin/tool"), (UnixFileMode)0b111_101_101);
            File.CreateSymbolicLink(Path.Join(x, "usr/link"), "two");
            File.CreateSymbolicLink(Path.Join(x, "usr/kind"), "link");
        });

        var changes = OutputComparison.Of(before, after).Changed.ToDictionary(x => x.Path);

        Assert.Equal(
            (0b110_100_100, 0b111_101_101),
            (changes["usr/bin/tool"].Before.Mode, changes["usr/bin/tool"].After.Mode)
        );
        Assert.Equal(("one", "two"), (changes["usr/link"].Before.Target, changes["usr/link"].After.Target));
        Assert.Equal(
            (TreeEntryKind.File, TreeEntryKind.Link),
            (changes["usr/kind"].Before.Kind, changes["usr/kind"].After.Kind)
        );
    }

    [Fact]
    public void An_empty_folder_counts_and_a_full_one_is_told_by_its_files()
    {
        var comparison = OutputComparison.Of(
            FileListing.Empty,
            Listing(x =>
            {
                Write(x, "full/file", "f");
                Directory.CreateDirectory(Path.Join(x, "empty"));
            })
        );

        Assert.Equal(["empty", "full/file"], comparison.Added.Select(x => x.Path));
    }

    [Fact]
    public void A_damaged_elf_file_is_compared_as_any_other_file()
    {
        var comparison = OutputComparison.Of(
            Listing(x => Write(x, "usr/lib/libx.so", "\u007fELF")),
            Listing(x => Write(x, "usr/lib/libx.so", "\u007fELF but no more than that"))
        );

        Assert.Single(comparison.Changed);
        Assert.Empty(comparison.Elf);
    }

    [Fact]
    public void A_tree_that_is_not_in_the_store_is_an_error()
    {
        var error = Assert.Throws<EngineException>(() => FileListing.OfTree(Digest.Of("nothing"u8), store));

        Assert.Contains("is not in the store", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private static void Write(string root, string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(root, path))!);
        File.WriteAllText(Path.Join(root, path), content);
    }

    private FileListing Listing(Action<string> fill)
    {
        using var scratch = store.CreateScratch("listing");
        var root = Directory.CreateDirectory(Path.Join(scratch.Path, "tree")).FullName;
        fill(root);
        return FileListing.OfTree(store.AddTree(root).Digest, store);
    }
}
