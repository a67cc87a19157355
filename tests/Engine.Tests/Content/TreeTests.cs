using CsCheck;
using Google.Protobuf;
using Recipes.Engine.Content;
using Xunit;
using Protocol = Recipes.Engine.Content.Protocol;

namespace Recipes.Engine.Tests.Content;

public sealed class TreeTests
{
    // Few names, so that trees meet; one that sorts differently in UTF-16 (U+FB01 before U+1F600 in UTF-8 alone).
    private static readonly string[] Names = ["a", "b", "lib", "ä", "\ufb01", "\U0001f600"];

    private static readonly Gen<string> Name = Gen.Int[0, Names.Length - 1].Select(x => Names[x]);

    private static readonly Gen<TreeEntry> Leaf = Gen.Select(
        Name.Array[1, 4],
        Gen.Int[0, 2],
        Gen.Bool,
        (names, content, isLink) =>
        {
            var path = string.Join('/', names);
            return isLink
                ? new TreeEntry(path, TreeEntryKind.Link, default, false, $"to{content}")
                : new TreeEntry(path, TreeEntryKind.File, Digest.Of([(byte)content]), content == 1, null);
        }
    );

    private static readonly Gen<Tree> AnyTree = Leaf.Array[0, 12].Select(Build);

    /// <summary>Trees cut from one tree never disagree.</summary>
    private static readonly Gen<Tree[]> AgreeingTrees = Gen.Select(
        AnyTree,
        Gen.Int[0, int.MaxValue].Array[2, 5],
        (tree, seeds) =>
            seeds.Select(seed => TreeBuilder.Subset(tree, x => ((x.Sum(c => c) ^ seed) & 4) != 0)).ToArray()
    );

    private static Tree Build(IEnumerable<TreeEntry> leaves)
    {
        var builder = new TreeBuilder();
        foreach (var leaf in leaves)
        {
            try
            {
                builder.Add(leaf);
            }
            catch (EngineException)
            {
                // Something else is there already.
            }
        }
        return builder.Build();
    }

    private static TreeMerge Merge(params Tree[] trees) => TreeMerge.Of([.. trees.Select((x, i) => ($"owner{i}", x))]);

    [Fact]
    public void A_directory_message_has_the_bytes_of_the_specification()
    {
        // Worked out by hand from the field numbers: files = 1, directories = 2, symlinks = 3; in a file name = 1,
        // digest = 2 (hash = 1, size_bytes = 2), is_executable = 4; in a link name = 1, target = 2.
        var digest = Digest.Of("hi"u8);
        var hash = Convert.ToHexString(System.Text.Encoding.ASCII.GetBytes(digest.Hash));
        var directory = TreeDirectory.Create(
            [new("sh", digest, true), new("a", digest, false)],
            [new("d", digest)],
            [new("l", "sh")]
        );

        Assert.Equal(
            "0A49"
                + "0A0161"
                + "1244"
                + "0A40"
                + hash
                + "1002"
                + "0A4C"
                + "0A027368"
                + "1244"
                + "0A40"
                + hash
                + "1002"
                + "2001"
                + "1249"
                + "0A0164"
                + "1244"
                + "0A40"
                + hash
                + "1002"
                + "1A07"
                + "0A016C"
                + "12027368",
            Convert.ToHexString(directory.Encode().Span)
        );
    }

    [Fact]
    public void The_empty_directory_is_the_digest_of_nothing() =>
        Assert.Equal(
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855/0",
            Tree.Empty.Digest.ToString()
        );

    [Fact]
    public void Every_tree_reads_back_from_its_bytes() =>
        AnyTree.Sample(tree =>
        {
            var read = Tree.Parse(tree.Encode());
            Assert.Equal(tree.Digest, read.Digest);
            Assert.Equal(tree.Walk(), read.Walk());
            Assert.All(tree.Descendants, x => Assert.Equal(x.Digest, TreeDirectory.Parse(x.Encode().Span).Digest));
        });

    [Fact]
    public void Names_are_sorted_by_UTF8_bytes() =>
        Gen
            .String.Array[2, 10]
            .Sample(names =>
            {
                // A lone surrogate has no UTF-8.
                var valid = names.Where(x => !x.Contains('\ufffd', StringComparison.Ordinal) && IsWhole(x));
                var sorted = valid.Order(TreeDirectory.NameOrder).Select(System.Text.Encoding.UTF8.GetBytes).ToList();
                for (var i = 1; i < sorted.Count; i++)
                    Assert.True(sorted[i - 1].AsSpan().SequenceCompareTo(sorted[i]) <= 0);
            });

    private static bool IsWhole(string text) =>
        text == System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));

    [Fact]
    public void Bytes_that_are_not_canonical_are_refused()
    {
        var digest = Digest.Of("hi"u8);
        var directory = TreeDirectory
            .Create([new("a", digest, false), new("b", digest, false)], [], [])
            .Encode()
            .ToArray();
        var swapped = directory[(directory.Length / 2)..].Concat(directory[..(directory.Length / 2)]).ToArray();

        var error = Assert.Throws<FormatException>(() => TreeDirectory.Parse(swapped));

        Assert.Equal("The Directory message is not in canonical form.", error.Message);
    }

    [Fact]
    public void A_tree_without_one_of_its_directories_is_refused()
    {
        var error = Assert.Throws<FormatException>(() =>
            Tree.Create(TreeDirectory.Create([], [new("usr", Digest.Of("x"u8))], []), [])
        );

        Assert.StartsWith(
            "The directory 'usr' (sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881) is missing",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Merging_agreeing_trees_does_not_depend_on_order_or_grouping() =>
        AgreeingTrees.Sample(trees =>
        {
            var all = Merge(trees);
            Assert.Empty(all.Conflicts);
            Assert.Equal(all.Tree.Digest, Merge([.. trees.Reverse()]).Tree.Digest);
            Assert.Equal(all.Tree.Digest, Merge(Merge([.. trees[..^1]]).Tree, trees[^1]).Tree.Digest);
            Assert.Equal(all.Tree.Digest, Merge(trees[0], Merge([.. trees[1..]]).Tree).Tree.Digest);
            Assert.Equal(all.Tree.Digest, Merge(all.Tree, trees[0], all.Tree).Tree.Digest);
        });

    [Fact]
    public void A_merge_holds_the_entries_of_all_and_nothing_else() =>
        Gen.Select(AnyTree, AnyTree)
            .Sample(
                (a, b) =>
                {
                    var merge = Merge(a, b);
                    var expected = a.Walk().ToDictionary(x => x.Path, StringComparer.Ordinal);
                    var conflicts = new HashSet<string>(StringComparer.Ordinal);
                    foreach (var entry in b.Walk())
                    {
                        if (conflicts.Any(x => entry.Path.StartsWith(x + "/", StringComparison.Ordinal)))
                            continue;
                        if (!expected.TryAdd(entry.Path, entry) && !Agree(expected[entry.Path], entry))
                            conflicts.Add(entry.Path);
                    }

                    Assert.Equal(conflicts.Order(TreeDirectory.NameOrder), merge.Conflicts.Select(x => x.Path));
                    Assert.All(merge.Conflicts, x => Assert.Equal(("owner0", "owner1"), (x.First, x.Second)));
                    Assert.Equal(
                        expected.Keys.Order(StringComparer.Ordinal),
                        merge.Tree.Walk().Select(x => x.Path).Order(StringComparer.Ordinal)
                    );
                }
            );

    private static bool Agree(TreeEntry a, TreeEntry b) =>
        a.Kind == b.Kind && (a.Kind == TreeEntryKind.Folder || a == b);

    [Fact]
    public void Every_owner_that_disagrees_is_named()
    {
        Tree One(byte content, bool executable = false)
        {
            var builder = new TreeBuilder();
            builder.AddFile("usr/bin/sh", Digest.Of([content]), executable);
            return builder.Build();
        }

        var merge = TreeMerge.Of([("bash", One(1)), ("busybox", One(2)), ("same", One(1)), ("mode", One(1, true))]);

        Assert.Equal(
            [new TreeConflict("usr/bin/sh", "bash", "busybox"), new TreeConflict("usr/bin/sh", "bash", "mode")],
            merge.Conflicts
        );
        Assert.Equal(One(1).Digest, merge.Tree.Digest);
    }

    [Fact]
    public void What_yields_gives_way_in_either_order_and_is_no_conflict()
    {
        var (sed, applets) = (new TreeBuilder(), new TreeBuilder());
        sed.AddFile("usr/bin/sed", Digest.Of([1]), true);
        applets.AddLink("usr/bin/sed", "busybox");
        applets.AddLink("usr/bin/tr", "busybox");
        var yielding = new HashSet<Digest> { applets.Build().Digest };

        foreach (
            var trees in (Tree[][])
                [
                    [sed.Build(), applets.Build()],
                    [applets.Build(), sed.Build()],
                ]
        )
        {
            var merge = TreeMerge.Of([.. trees.Select((x, i) => ($"owner{i}", x))], yielding);

            Assert.Empty(merge.Conflicts);
            Assert.Equal(TreeEntryKind.File, merge.Tree.Find("usr/bin/sed")!.Kind);
            Assert.Equal(TreeEntryKind.Link, merge.Tree.Find("usr/bin/tr")!.Kind);
        }
    }

    [Fact]
    public void Two_that_yield_conflict_and_so_do_a_folder_and_a_link_though_one_yields()
    {
        var (one, other, folder) = (new TreeBuilder(), new TreeBuilder(), new TreeBuilder());
        one.AddLink("usr/bin/sed", "busybox");
        other.AddLink("usr/bin/sed", "toybox");
        folder.AddFile("usr/bin/sed/x", Digest.Of([]), false);
        var yielding = new HashSet<Digest> { one.Build().Digest, other.Build().Digest };

        Assert.Single(TreeMerge.Of([("one", one.Build()), ("other", other.Build())], yielding).Conflicts);
        Assert.Equal(
            [new TreeConflict("usr/bin/sed", "folder", "one")],
            TreeMerge.Of([("one", one.Build()), ("folder", folder.Build())], yielding).Conflicts
        );
    }

    [Fact]
    public void A_folder_and_a_link_of_one_name_conflict()
    {
        var (folder, link) = (new TreeBuilder(), new TreeBuilder());
        folder.AddFile("lib/a", Digest.Of([]), false);
        link.AddLink("lib", "usr/lib");

        Assert.Equal([new TreeConflict("lib", "owner0", "owner1")], Merge(folder.Build(), link.Build()).Conflicts);
    }

    [Fact]
    public void A_builder_refuses_two_things_at_one_path()
    {
        var builder = new TreeBuilder();
        builder.AddLink("lib", "usr/lib");

        Assert.Equal(
            "Two different things are to be at 'lib'.",
            Assert.Throws<EngineException>(() => builder.AddLink("lib", "usr/lib64")).Message
        );
        Assert.Equal(
            "'lib/a' cannot be made: 'lib' in it is a file or link.",
            Assert.Throws<EngineException>(() => builder.AddFile("lib/a", Digest.Of([]), false)).Message
        );
    }

    private const int Deep = 100_000;

    /// <summary>Folders in each other, each called <c>d</c>, with a file in the innermost.</summary>
    private static Tree DeepTree(string content, int depth = Deep)
    {
        var directory = TreeDirectory.Create(
            [new("f", Digest.Of(System.Text.Encoding.UTF8.GetBytes(content)), false)],
            [],
            []
        );
        var all = new List<TreeDirectory>(depth);
        for (var i = 0; i < depth; i++)
        {
            all.Add(directory);
            directory = TreeDirectory.Create([], [new("d", directory.Digest)], []);
        }
        return Tree.Create(directory, all);
    }

    [Fact]
    public void Deep_trees_are_merged()
    {
        var merge = Merge(DeepTree("a"), DeepTree("b"));

        Assert.Equal(string.Concat(Enumerable.Repeat("d/", Deep)) + "f", Assert.Single(merge.Conflicts).Path);
        Assert.Equal(DeepTree("a").Digest, merge.Tree.Digest);
    }

    [Fact]
    public void Deep_trees_are_built_and_encoded()
    {
        var path = string.Concat(Enumerable.Repeat("d/", Deep)) + "f";
        var builder = new TreeBuilder();
        builder.AddFile(path, Digest.Of("a"u8), isExecutable: false);

        var tree = builder.Build();

        Assert.Equal(DeepTree("a").Digest, tree.Digest);
        Assert.Equal(tree.Digest, Tree.Parse(tree.Encode()).Digest);
        Assert.Equal(Digest.Of("a"u8), tree.Find(path)!.Digest);
    }

    /// <summary>Not as deep as the others: all paths together are as long as the square of the depth.</summary>
    [Fact]
    public void Deep_trees_are_walked() => Assert.Equal(20_001, DeepTree("a", 20_000).Walk().Count());

    [Fact]
    public void Deep_trees_are_compared()
    {
        var difference = Assert.Single(TreeDifference.Of(DeepTree("a"), DeepTree("b")));

        Assert.Equal(string.Concat(Enumerable.Repeat("d/", Deep)) + "f", difference.Path);
        Assert.Equal((Digest.Of("a"u8), Digest.Of("b"u8)), (difference.Before!.Digest, difference.After!.Digest));
    }

    [Fact]
    public void A_listing_with_a_name_twice_is_no_tree()
    {
        var file = new Protocol.FileNode { Name = "a", Digest = TreeDirectory.ToMessage(Digest.Of("a"u8)) };
        var directory = new Protocol.Directory { Files = { file, file } };

        Assert.Equal(
            "The message describes no directory: The name 'a' appears twice in one directory.",
            Assert.Throws<FormatException>(() => TreeDirectory.Parse(directory.ToByteArray())).Message
        );
        Assert.Throws<FormatException>(() => Tree.Parse(new Protocol.Tree { Root = directory }.ToByteArray()));
    }
}
