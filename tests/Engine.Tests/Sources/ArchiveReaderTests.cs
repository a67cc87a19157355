using System.Formats.Tar;
using System.Text;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Archives;
using Recipes.Engine.Sources.Trees;
using Xunit;

namespace Recipes.Engine.Tests.Sources;

public sealed class ArchiveReaderTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    private ImportedTree Unpack(
        byte[] archive,
        string? inner = null,
        string[]? only = null,
        SourceLimits? limits = null
    )
    {
        var path = folder.Join("archive");
        File.WriteAllBytes(path, archive);
        var destination = Directory.CreateDirectory(folder.Join(Guid.NewGuid().ToString("N"))).FullName;
        Destination = destination;
        return ArchiveReader.Unpack(
            new()
            {
                Label = "x-1.0.tar.gz",
                Archive = path,
                Destination = destination,
                Inner = inner,
                Only = [.. only ?? []],
                Limits = limits ?? new(),
            },
            TestContext.Current.CancellationToken
        );
    }

    private string Destination { get; set; } = "";

    private static (Digest, string) Names(ImportedTree tree) => (tree.Tree.Digest, tree.GitTree);

    private static string Paths(ImportedTree tree) =>
        string.Join(' ', tree.Tree.Walk().Where(x => x.Kind != TreeEntryKind.Folder).Select(x => x.Path));

    [Fact]
    public void The_single_top_folder_is_stripped()
    {
        var tree = Unpack(new TarBuilder().Folder("x-1.0/").File("x-1.0/a", "1").File("x-1.0/b/c", "2").ToGzip());

        Assert.Equal("a b/c", Paths(tree));
        Assert.Equal("2", File.ReadAllText(Path.Join(Destination, "b/c")));
    }

    [Fact]
    public void Nothing_is_stripped_where_something_stands_beside_the_top_folder()
    {
        Assert.Equal(
            "package.xml x-1.0/a",
            Paths(Unpack(new TarBuilder().File("x-1.0/a").File("package.xml").ToGzip()))
        );
        Assert.Equal("a b/c", Paths(Unpack(new TarBuilder().File("b/c").File("./a").ToGzip())));
        Assert.Equal("a", Paths(Unpack(new TarBuilder().File("a").ToTar())));
    }

    [Fact]
    public void A_dot_before_every_name_is_no_top_folder()
    {
        var tree = Unpack(new TarBuilder().Folder("./").Folder("./x/").File("./x/a").ToGzip());

        Assert.Equal("a", Paths(tree));
    }

    [Fact]
    public void Executable_bits_and_links_are_kept_and_hard_links_become_copies()
    {
        var tree = Unpack(
            new TarBuilder()
                .Program("x/run")
                .File("x/plain", "p", (UnixFileMode)0x109)
                .Link("x/d/link", "../run")
                .HardLink("x/d/copy", "x/run")
                .ToGzip()
        );

        var entries = tree.Tree.Walk().ToDictionary(x => x.Path);
        Assert.True(entries["run"].IsExecutable);
        Assert.False(entries["plain"].IsExecutable);
        Assert.Equal("../run", entries["d/link"].Target);
        Assert.Equal(entries["run"].Digest, entries["d/copy"].Digest);
        Assert.True(entries["d/copy"].IsExecutable);
        Assert.Equal("#!/bin/sh\n", File.ReadAllText(Path.Join(Destination, "d/copy")));
        Assert.Equal("../run", new FileInfo(Path.Join(Destination, "d/link")).LinkTarget);
    }

    [Fact]
    public void Folders_without_files_are_dropped()
    {
        var with = Unpack(new TarBuilder().File("x/a").Folder("x/empty/").Folder("x/deep/er/").ToGzip());

        Assert.Equal(Names(Unpack(new TarBuilder().File("x/a").ToGzip())), Names(with));
        Assert.False(Directory.Exists(Path.Join(Destination, "empty")));
    }

    [Fact]
    public void The_names_of_the_store_are_those_of_the_files_on_disk()
    {
        var large = new byte[3_000_000];
        new Random(1).NextBytes(large);
        var tree = Unpack(
            new TarBuilder().Bytes("x/large", large).File("x/é/ü", "ü").Program("x/run").Link("x/l", "é").ToGzip()
        );

        using var storeFolder = new TemporaryDirectory();
        var store = ContentStore.Open(
            storeFolder.Join("store"),
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.Equal(store.AddCopy(Destination, "check").Digest, tree.Tree.Digest);
    }

    [Theory]
    [InlineData(TarEntryFormat.V7)]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    public void Every_kind_of_tar_gives_the_same_tree(TarEntryFormat format)
    {
        var tree = Unpack(
            new TarBuilder(format)
                .Folder("x/")
                .File("x/a", "1")
                .Program("x/run")
                .Link("x/l", "a")
                .HardLink("x/h", "x/a")
                .ToGzip()
        );

        Assert.Equal(
            Names(
                Unpack(
                    new TarBuilder().File("x/a", "1").Program("x/run").Link("x/l", "a").HardLink("x/h", "x/a").ToTar()
                )
            ),
            Names(tree)
        );
    }

    [Theory]
    [InlineData(TarEntryFormat.Ustar, 150)]
    [InlineData(TarEntryFormat.Pax, 900)]
    [InlineData(TarEntryFormat.Gnu, 900)]
    public void Long_names_are_whole(TarEntryFormat format, int length)
    {
        var name =
            string.Concat(Enumerable.Range(0, (length / 20) + 1).Select(x => $"a-folder-of-nr-{x:0000}/"))[..length]
                .TrimEnd('/') + "z";

        Assert.Equal(name, Paths(Unpack(new TarBuilder(format).File("x/" + name, "1").ToGzip())));
    }

    [Fact]
    public void Only_narrows_the_tree()
    {
        var archive = new TarBuilder()
            .File("x/include/a.h")
            .File("x/include/sub/b.h")
            .File("x/src/c.c")
            .File("x/Makefile")
            .ToGzip();

        Assert.Equal("Makefile include/a.h include/sub/b.h", Paths(Unpack(archive, only: ["include/**", "Makefile"])));
    }

    [Fact]
    public void Only_without_a_match_is_a_fault()
    {
        var fault = Assert.Throws<EngineException>(() =>
            Unpack(new TarBuilder().File("x/a").ToGzip(), only: ["inc/**", "b"])
        );

        Assert.Equal(
            "Cannot import 'x-1.0.tar.gz': no file in it matches only = [inc/**, b]. Nothing was imported.",
            fault.Message
        );
    }

    [Theory]
    [InlineData("*/real*.tar.gz")]
    [InlineData("real*.tar.gz")]
    public void An_archive_inside_the_archive_is_the_source(string glob)
    {
        var inner = new TarBuilder().File("real-1/a", "1").ToGzip();
        var archive = new TarBuilder().Bytes("wrap/real-1.tar.gz", inner).File("wrap/other.txt", "2").ToGzip();

        Assert.Equal("a", Paths(Unpack(archive, glob)));
    }

    [Fact]
    public void The_inner_archive_has_to_be_one_and_only()
    {
        var inner = new TarBuilder().File("a/a").ToGzip();
        var archive = new TarBuilder().Bytes("w/1.tar.gz", inner).Bytes("w/2.tar.gz", inner).ToGzip();

        Assert.Contains(
            "inner = '*/*.tar.gz' names two archives in it: 'w/1.tar.gz' and 'w/2.tar.gz'",
            Refusal(archive, "*/*.tar.gz")
        );
        Assert.Contains("no file in it matches inner = '3.tar.gz'", Refusal(archive, "3.tar.gz"));
    }

    [Fact]
    public void Zstandard_is_read()
    {
        using var compressor = new ZstdSharp.Compressor();
        var archive = compressor.Wrap(new TarBuilder().File("x/a", "1").ToTar()).ToArray();

        Assert.Equal("a", Paths(Unpack(archive)));
    }

    private string Refusal(byte[] archive, string? inner = null, SourceLimits? limits = null) =>
        Assert.Throws<EngineException>(() => Unpack(archive, inner, limits: limits)).Message;

    [Fact]
    public void A_bomb_is_refused_by_its_size_and_by_its_count()
    {
        var zeros = new TarBuilder().Bytes("x/zeros", new byte[3 << 20]).ToGzip();
        Assert.Contains(
            "it unpacks to more than 2097152 bytes; [source.limits] size allows more",
            Refusal(zeros, limits: new(2 << 20, 10))
        );

        var many = new TarBuilder();
        for (var i = 0; i < 12; i++)
            many.File($"x/{i}");
        Assert.Contains(
            "it holds more than 10 entries; [source.limits] entries allows more",
            Refusal(many.ToGzip(), limits: new(1 << 20, 10))
        );
    }

    [Fact]
    public void What_is_no_archive_is_said_to_be_none()
    {
        Assert.Contains(
            "it is damaged, or no tar archive",
            Refusal(Encoding.UTF8.GetBytes("<html>" + new string('x', 2000)))
        );
        Assert.Contains(
            "it is damaged, or no tar archive",
            Refusal(new TarBuilder().File("x/a", new string('1', 9000)).ToGzip()[..^30])
        );
        Assert.Contains(
            "it is damaged, or no tar archive",
            Refusal(new TarBuilder().File("x/a", new string('1', 9000)).ToTar()[..3000])
        );
        Assert.Contains("it holds no files", Refusal(new TarBuilder().ToGzip()));
        Assert.Contains(
            "it is a zip archive, which is not read; use a tar archive",
            Refusal("PK\u0003\u0004....................."u8.ToArray())
        );
        Assert.Contains("it is compressed with lzip", Refusal("LZIP\u0001....................."u8.ToArray()));
    }

    [Fact]
    public void A_path_that_stands_twice_may_not_differ()
    {
        Assert.Equal("a", Paths(Unpack(new TarBuilder().File("x/a", "1").File("x/a", "1").ToGzip())));
        Assert.Contains(
            "the path 'a' appears twice, with different content",
            Refusal(new TarBuilder().File("x/a", "1").File("x/a", "2").ToGzip())
        );
        Assert.Contains(
            "the path 'a' appears twice, with different content",
            Refusal(new TarBuilder().File("x/a", "1").Program("x/a", "1").ToGzip())
        );
    }

    [Fact]
    public void Stopping_stops()
    {
        var path = folder.Join("archive");
        File.WriteAllBytes(path, new TarBuilder().File("x/a").ToGzip());
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() =>
            ArchiveReader.Unpack(
                new()
                {
                    Label = "x",
                    Archive = path,
                    Destination = folder.Path,
                },
                cancelled.Token
            )
        );
    }
}
