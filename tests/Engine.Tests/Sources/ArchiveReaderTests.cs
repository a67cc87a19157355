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
        SourceLimits? limits = null,
        string[]? except = null
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
                Except = [.. except ?? []],
                Limits = limits ?? new(),
            },
            TestContext.Current.CancellationToken
        );
    }

    private string Destination { get; set; } = "";

    private static (Digest, string) Names(ImportedTree tree) => (tree.Tree.Digest, tree.GitTree);

    private static string Paths(ImportedTree tree) =>
        string.Join(' ', tree.Tree.Walk().Where(x => x.Kind != TreeEntryKind.Folder).Select(x => x.Path));

    /// <summary>Further archives are named by the folders that they are laid into.</summary>
    private ImportedTree UnpackParts(
        TarBuilder first,
        (string Into, TarBuilder Archive)[] further,
        string[]? only = null,
        string[]? except = null
    )
    {
        Destination = Directory.CreateDirectory(folder.Join(Guid.NewGuid().ToString("N"))).FullName;
        return ArchiveReader.Unpack(
            new()
            {
                Label = "first.tar",
                Archive = Written(first),
                Destination = Destination,
                Further = [.. further.Select(x => new FurtherPart($"{x.Into}.tar", Written(x.Archive), x.Into))],
                Only = [.. only ?? []],
                Except = [.. except ?? []],
            },
            TestContext.Current.CancellationToken
        );

        string Written(TarBuilder archive)
        {
            var path = folder.Join(Guid.NewGuid().ToString("N"));
            File.WriteAllBytes(path, archive.ToTar());
            return path;
        }
    }

    [Fact]
    public void Further_archives_are_laid_into_their_folders_each_without_its_own_top_folder()
    {
        var whole = new TarBuilder()
            .File("a", "1")
            .Program("data/run")
            .File("data/sub/b", "2")
            .File("data/sub/copy", "2")
            .Link("data/up", "../a")
            .File("more/c", "3")
            .File("more/d", "4");

        var tree = UnpackParts(
            new TarBuilder().Folder("x-1.0/").Folder("x-1.0/data/").File("x-1.0/a", "1"),
            [
                (
                    "data",
                    new TarBuilder()
                        .Program("x-data/run")
                        .File("x-data/sub/b", "2")
                        .HardLink("x-data/sub/copy", "x-data/sub/b")
                        .Link("x-data/up", "../a")
                ),
                ("more", new TarBuilder().File("c", "3").File("d", "4")),
            ]
        );

        Assert.Equal(Names(Unpack(whole.ToTar())), Names(tree));
        Assert.Equal("a data/run data/sub/b data/sub/copy data/up more/c more/d", Paths(tree));
    }

    [Fact]
    public void What_is_wanted_of_further_archives_is_asked_by_their_paths_in_the_source()
    {
        var data = new TarBuilder().File("x/b", "2").File("x/c", "3");

        Assert.Equal(
            "a data/b",
            Paths(UnpackParts(new TarBuilder().File("x/a", "1"), [("data", data)], except: ["data/c"]))
        );
        Assert.Equal(
            "Cannot import 'data.tar': no file in it matches only = [a]. Nothing was imported.",
            Assert
                .Throws<EngineException>(() =>
                    UnpackParts(new TarBuilder().File("x/a", "1"), [("data", data)], only: ["a"])
                )
                .Message
        );
    }

    [Theory]
    [InlineData("data/old", "'data' is in 'first.tar' already")]
    [InlineData("data", "'data' is in 'first.tar' already")]
    public void A_folder_of_a_further_archive_is_free(string path, string message) =>
        Assert.Equal(
            $"Cannot import 'data.tar': {message}. Nothing was imported.",
            Assert
                .Throws<EngineException>(() =>
                    UnpackParts(
                        new TarBuilder().File("x/a", "1").File($"x/{path}", "1"),
                        [("data", new TarBuilder().File("x/b", "2"))]
                    )
                )
                .Message
        );

    [Fact]
    public void A_fault_of_a_further_archive_names_it()
    {
        Assert.Equal(
            "Cannot import 'a/data.tar': 'a' is a file and a folder at once; 'except' in [source] leaves it out. Nothing "
                + "was imported.",
            Fault("a/data", new TarBuilder().File("x/b", "2"))
        );
        Assert.Equal(
            "Cannot import 'data.tar': the link 'data/up' leads outside the tree, to '../../secret'; 'except' in "
                + "[source] leaves it out. Nothing was imported.",
            Fault("data", new TarBuilder().File("x/b", "2").Link("x/up", "../../secret"))
        );
        Assert.Equal(
            "Cannot import '.git.tar': git refuses the name '.git' in '.git'; 'except' in [source] leaves it out. "
                + "Nothing was imported.",
            Fault(".git", new TarBuilder().File("x/b", "2"))
        );

        string Fault(string into, TarBuilder archive) =>
            Assert
                .Throws<EngineException>(() => UnpackParts(new TarBuilder().File("x/a", "1"), [(into, archive)]))
                .Message;
    }

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

        Assert.Equal(OnDisk(), tree.Tree.Digest);
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
    public void Zstandard_is_read_in_one_frame_or_many()
    {
        using var compressor = new ZstdSharp.Compressor();
        var archive = new TarBuilder().File("x/a", "1").ToTar();
        byte[] skipped = [0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4];

        Assert.Equal("a", Paths(Unpack(compressor.Wrap(archive).ToArray())));
        Assert.Equal(
            "a",
            Paths(
                Unpack([
                    .. skipped,
                    .. compressor.Wrap(archive.AsSpan(0, 700)),
                    .. skipped,
                    .. compressor.Wrap(archive.AsSpan(700)),
                    .. skipped,
                ])
            )
        );
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
            "it is a zip archive, which is not read; use a tar archive, plain or compressed with gzip, xz, bzip2 or "
                + "zstd",
            Refusal("PK\u0003\u0004....................."u8.ToArray())
        );
    }

    [Fact]
    public void Of_a_name_that_comes_twice_the_later_entry_counts_as_with_tar()
    {
        var tree = Unpack(
            new TarBuilder()
                .File("x/a", "1")
                .HardLink("x/kept", "x/a")
                .File("x/was-file", "1")
                .Link("x/was-link", "a")
                .File("x/a", "2")
                .HardLink("x/new", "x/a")
                .Link("x/was-file", "a")
                .File("x/d/was-link", "3")
                .Link("x/d/was-link", "../a")
                .Program("x/d/was-link", "4")
                .File("x/was-link", "5")
                .HardLink("x/a", "x/a")
                .ToGzip()
        );

        Assert.Equal("a d/was-link kept new was-file was-link", Paths(tree));
        Assert.Equal("2 1 2 4 5", string.Join(' ', Read("a", "kept", "new", "d/was-link", "was-link")));
        Assert.Equal("a", new FileInfo(Path.Join(Destination, "was-file")).LinkTarget);
        Assert.True(tree.Tree.Find("d/was-link")!.IsExecutable);
        Assert.False(Directory.Exists(Destination + ".later"));
        Assert.Equal(OnDisk(), tree.Tree.Digest);
    }

    [Fact]
    public void Two_names_that_take_each_others_place_are_told_apart()
    {
        var tree = Unpack(
            new TarBuilder()
                .File("x/a", "1")
                .File("x/b", "2")
                .HardLink("x/old-a", "x/a")
                .HardLink("x/a", "x/b")
                .HardLink("x/b", "x/old-a")
                .ToGzip()
        );

        Assert.Equal("2 1 1", string.Join(' ', Read("a", "b", "old-a")));
        Assert.Equal(OnDisk(), tree.Tree.Digest);
    }

    [Fact]
    public void A_file_does_not_take_the_place_of_a_folder() =>
        Assert.Contains(
            "the path 'd' appears twice, with different content",
            Refusal(new TarBuilder().File("x/d/a", "1").File("x/d", "2").ToGzip())
        );

    [Fact]
    public void A_hard_link_to_a_link_is_the_same_link() =>
        Assert.Equal(
            "a",
            Unpack(new TarBuilder().File("x/a").Link("x/l", "a").HardLink("x/m", "x/l").ToGzip()).Tree.Find("m")!.Target
        );

    [Fact]
    public void What_nobody_wants_does_not_spoil_a_source()
    {
        var archive = new TarBuilder()
            .File("x/src/a", "1")
            .File("x/test/.git/config")
            .Folder("x/../up/")
            .Special(TarEntryType.Fifo, "x/test/fifo")
            .Link("x/test/passwd", "/etc/passwd")
            .Link("x/test/out", "../../../out")
            .Raw('0', "x/test/caf", [], (10, [0xe9]))
            .Raw('Z', "x/test/odd", [])
            .HardLink("x/test/hard", "x/none")
            .ToGzip();

        Assert.Equal("src/a", Paths(Unpack(archive, only: ["src/**"])));
        Assert.Equal("src/a", Paths(Unpack(archive, except: ["test/**"])));
        Assert.Contains("'except' in [source] leaves it out. Nothing", Refusal(archive));
    }

    [Fact]
    public void Except_takes_from_what_only_keeps()
    {
        var archive = new TarBuilder().File("x/a/b").File("x/a/c").File("x/d").ToGzip();

        Assert.Equal("a/c", Paths(Unpack(archive, only: ["a/**"], except: ["a/b"])));
        Assert.Equal("a/b a/c", Paths(Unpack(archive, except: ["d"])));
        Assert.Equal(
            "Cannot import 'x-1.0.tar.gz': no file in it matches only = [a/**], except = [**]. Nothing was imported.",
            Assert.Throws<EngineException>(() => Unpack(archive, only: ["a/**"], except: ["**"])).Message
        );
    }

    [Fact]
    public void A_hard_link_needs_the_file_that_it_is_one_with() =>
        Assert.Equal(
            "Cannot import 'x-1.0.tar.gz': the hard link 'x/b' is one file with 'x/a', which except = [a] leaves out; "
                + "keep or leave out both. Nothing was imported.",
            Assert
                .Throws<EngineException>(() =>
                    Unpack(new TarBuilder().File("x/a", "1").HardLink("x/b", "x/a").ToGzip(), except: ["a"])
                )
                .Message
        );

    [Theory]
    [InlineData("7z\u00bc\u00af\u0027\u001c", "it is a 7z archive, which is not read")]
    [InlineData("Rar!\u001a\u0007", "it is a rar archive, which is not read")]
    [InlineData("070701", "it is a cpio archive, which is not read")]
    [InlineData("!<arch>\n", "it is an ar archive, such as a Debian package, which is not read")]
    [InlineData("\u00ed\u00ab\u00ee\u00db", "it is an RPM package, which is not read")]
    [InlineData("\u0004\u0022\u004d\u0018", "it is compressed with lz4, which is not read")]
    [InlineData("\u0089LZO", "it is compressed with lzop, which is not read")]
    [InlineData("LRZI", "it is compressed with lrzip, which is not read")]
    public void What_is_known_and_not_read_is_named(string magic, string message) =>
        Assert.Contains(message, Refusal([.. Encoding.Latin1.GetBytes(magic), .. new byte[600]]));

    private IEnumerable<string> Read(params string[] paths) =>
        paths.Select(x => File.ReadAllText(Path.Join(Destination, x)));

    /// <summary>The tree of what lies on disk.</summary>
    private Digest OnDisk()
    {
        using var storeFolder = new TemporaryDirectory();
        var store = ContentStore.Open(
            storeFolder.Join("store"),
            cancellationToken: TestContext.Current.CancellationToken
        );
        return store.AddCopy(Destination, "check").Digest;
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
