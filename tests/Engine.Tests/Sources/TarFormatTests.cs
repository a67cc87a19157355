using System.Text;
using Recipes.Engine.Content.Tar;
using Recipes.Engine.Sources.Archives;
using Xunit;

namespace Recipes.Engine.Tests.Sources;

/// <summary>Archives of formats that the runtime's writer does not make, byte by byte.</summary>
public sealed class TarFormatTests : IDisposable
{
    /// <summary>As long as two blocks: a stretch of data at 0, and one at 5,000.</summary>
    private const string Data = "0123456789abcdefghij";
    private const int RealSize = 9_000;

    private static readonly byte[] Gnu = "ustar  \0"u8.ToArray();

    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    private static string Sparse { get; } =
        Data[..10] + new string('\0', 4990) + Data[10..] + new string('\0', RealSize - 5010);

    private static string Unused => new('\0', 12);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Octal(long number) => Convert.ToString(number, 8).PadLeft(11, '0') + "\0";

    private static List<(TarMember Member, string Content)> Read(TarBuilder tar, bool canSeek = true)
    {
        using var bytes = new MemoryStream(tar.ToTar());
        using var stream = canSeek ? (Stream)bytes : new BufferedOnce(bytes);
        var archive = new TarArchive(stream);
        var members = new List<(TarMember, string)>();
        while (archive.Next() is { } member)
        {
            using var content = new MemoryStream();
            member.Content.CopyTo(content);
            members.Add((member, Encoding.UTF8.GetString(content.ToArray())));
        }
        return members;
    }

    private static string Damage(TarBuilder tar) => Assert.Throws<InvalidDataException>(() => Read(tar)).Message;

    public static TheoryData<string> SparseKinds { get; } = ["gnu", "0.0", "0.1", "1.0", "1.0 with a base-256 size"];

    private static TarBuilder MakeSparse(string kind)
    {
        var tar = new TarBuilder().File("x/before", "1");
        const string map = "2\n0\n10\n5000\n10\n";
        byte[] inner = [.. Bytes(map), .. new byte[512 - map.Length], .. Bytes(Data)];
        _ = kind switch
        {
            "gnu" => tar.Raw(
                'S',
                "x/holes",
                Bytes(Data),
                (257, Gnu),
                (386, Bytes(Octal(0) + Octal(10) + Octal(5000) + Octal(10))),
                (483, Bytes(Octal(RealSize)))
            ),
            "0.0" => tar.Records(
                    ("GNU.sparse.size", $"{RealSize}"),
                    ("GNU.sparse.numblocks", "2"),
                    ("GNU.sparse.offset", "0"),
                    ("GNU.sparse.numbytes", "10"),
                    ("GNU.sparse.offset", "5000"),
                    ("GNU.sparse.numbytes", "10")
                )
                .Raw('0', "x/holes", Bytes(Data)),
            "0.1" => tar.Records(
                    ("GNU.sparse.size", $"{RealSize}"),
                    ("GNU.sparse.numblocks", "2"),
                    ("GNU.sparse.map", "0,10,5000,10"),
                    ("GNU.sparse.name", "x/holes")
                )
                .Raw('0', "x/GNUSparseFile.1/holes", Bytes(Data)),
            "1.0" => tar.Records(Version1).Raw('0', "x/GNUSparseFile.1/holes", inner),
            _ => tar.Records(Version1)
                .Raw('0', "x/GNUSparseFile.1/holes", inner, (124, TarBuilder.Binary(12, (ulong)inner.Length))),
        };
        return tar.File("x/after", "2");
    }

    private static (string, string)[] Version1 =>
        [
            ("GNU.sparse.major", "1"),
            ("GNU.sparse.minor", "0"),
            ("GNU.sparse.name", "x/holes"),
            ("GNU.sparse.realsize", $"{RealSize}"),
        ];

    [Theory]
    [MemberData(nameof(SparseKinds))]
    public void A_sparse_file_has_its_name_its_size_and_its_holes(string kind)
    {
        foreach (var canSeek in (bool[])[true, false])
        {
            var members = Read(MakeSparse(kind), canSeek);

            Assert.Equal(["x/before", "x/holes", "x/after"], members.Select(x => x.Member.Name));
            Assert.Equal(["1", Sparse, "2"], members.Select(x => x.Content));
            Assert.Equal((RealSize, RealSize - 20), (members[1].Member.Length, members[1].Member.Holes));
        }
    }

    [Theory]
    [MemberData(nameof(SparseKinds))]
    public async Task A_sparse_file_that_is_not_read_is_passed_over(string kind)
    {
        using var bytes = new MemoryStream(MakeSparse(kind).ToTar());
        var archive = new TarArchive(bytes);
        var names = new List<string>();
        while (await archive.NextAsync(TestContext.Current.CancellationToken) is { } member)
            names.Add(member.Name);

        Assert.Equal(["x/before", "x/holes", "x/after"], names);
    }

    [Fact]
    public void A_long_map_of_gnus_first_format_goes_on_in_further_blocks()
    {
        var parts = Enumerable.Range(0, 30).Select(x => Octal(x * 100) + Octal(1)).ToList();
        var (first, second, third) = (parts[..4], parts[4..25], parts[25..]);
        var more = string.Concat(second) + "\u0001" + Unused[..7];
        var rest = string.Concat(third);
        var tar = new TarBuilder().Raw(
            'S',
            "x/holes",
            [.. Bytes(more), .. Bytes(rest), .. new byte[512 - rest.Length], .. Bytes(new string('d', 30))],
            (257, Gnu),
            (124, Bytes(Octal(30))),
            (386, Bytes(string.Concat(first))),
            (482, [1]),
            (483, Bytes(Octal(RealSize)))
        );

        var (_, content) = Assert.Single(Read(tar));

        Assert.Equal(RealSize, content.Length);
        Assert.Equal(Enumerable.Range(0, 30).Select(x => x * 100), Places(content));

        static IEnumerable<int> Places(string text) => Enumerable.Range(0, text.Length).Where(x => text[x] == 'd');
    }

    [Theory]
    [InlineData("9,1,0,1", "its map of holes is out of order")]
    [InlineData("0,99999", "its map of holes is out of order")]
    [InlineData("0,2,1,2", "its map of holes is out of order")]
    [InlineData("0,19", "its map of holes is for 19 bytes, and it holds 20")]
    [InlineData("0,10,5", "its map of holes is cut off")]
    [InlineData("0,x", "'x' is not a number")]
    [InlineData("0,99999999999999999999", "has a number out of range in its header")]
    public void A_map_of_holes_that_cannot_be_right_is_damage(string map, string message) =>
        Assert.Contains(
            message,
            Damage(
                new TarBuilder()
                    .Records(("GNU.sparse.size", $"{RealSize}"), ("GNU.sparse.map", map))
                    .Raw('0', "x/holes", Bytes(Data))
            )
        );

    [Theory]
    [InlineData("x\n", "its map of holes is malformed")]
    [InlineData("99999999\n", "its map of holes has more than 1048576 parts")]
    [InlineData("2\n0\n10\n", "its first entry is ")]
    public void A_map_before_the_data_that_cannot_be_right_is_damage(string map, string message) =>
        Assert.Contains(
            message,
            Damage(
                new TarBuilder()
                    .Records(Version1)
                    .Raw('0', "x/holes", [.. Bytes(map), .. new byte[512 - map.Length], .. Bytes(Data)])
            )
        );

    [Fact]
    public void A_sparse_file_without_a_length_is_damage() =>
        Assert.Contains(
            "a sparse file does not say how long it is",
            Damage(new TarBuilder().Records(("GNU.sparse.map", "0,20")).Raw('0', "x/holes", Bytes(Data)))
        );

    public static TheoryData<char, string> Unreadable { get; } =
        new()
        {
            { 'M', "'x/f' is the rest of a file from another volume; join the volumes first" },
            { 'S', "'x/f' is a sparse file in the format of star, which is not read" },
            { 'N', "'x/f' is an entry of the type 'N', which is not read" },
            { 'Z', "'x/f' is an entry of the type 'Z', which is not read" },
            { '\u0007', "'x/f' is an entry of the type 7, which is not read" },
        };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void What_is_not_read_is_refused_by_name_and_passed_over_where_nobody_wants_it(char type, string message)
    {
        var tar = new TarBuilder().File("x/a", "1").Raw(type, "x/f", Bytes(Data)).File("x/b", "2");

        Assert.Contains(message + "; 'except' in [source] leaves it out", Refusal(tar));
        Assert.Equal(2, Unpack(tar, except: ["f"]).Files);
    }

    [Fact]
    public void A_sparse_file_of_an_unknown_version_is_refused_by_name()
    {
        var tar = new TarBuilder()
            .File("x/a", "1")
            .Records(("GNU.sparse.major", "2"), ("GNU.sparse.minor", "7"), ("GNU.sparse.name", "x/holes"))
            .Raw('0', "x/GNUSparseFile.1/holes", Bytes(Data));

        Assert.Contains("'x/holes' is a sparse file of version 2.7, which is not read", Refusal(tar));
        Assert.Equal(1, Unpack(tar, except: ["holes"]).Files);
    }

    [Fact]
    public void Holes_count_towards_the_limit_of_what_is_unpacked() =>
        Assert.Contains(
            "it unpacks to more than 33554432 bytes",
            Refusal(
                new TarBuilder()
                    .Records(("GNU.sparse.size", "8000000000000000000"), ("GNU.sparse.map", "0,20"))
                    .Raw('0', "x/holes", Bytes(Data))
            )
        );

    [Fact]
    public void Numbers_that_no_tree_needs_may_be_what_they_are()
    {
        var tar = new TarBuilder()
            .Raw('0', "x/uid", Bytes("1"), (108, TarBuilder.Binary(8, 3_000_000_000)))
            .Raw('0', "x/gid", Bytes("1"), (116, TarBuilder.Binary(8, 3_000_000_000)))
            .Raw('0', "x/negative", Bytes("1"), (108, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe]))
            .Raw('0', "x/mtime", Bytes("1"), (136, TarBuilder.Binary(12, 300_000_000_000)))
            .Raw('0', "x/major", Bytes("1"), (329, TarBuilder.Binary(8, 3_000_000_000)))
            .Records(("mtime", "99999999999999999999.5"), ("uid", "3000000000"), ("gid", "3000000000"))
            .Raw('0', "x/pax", Bytes("1"));

        Assert.Equal(6, Unpack(tar).Files);
        var members = Read(tar);
        Assert.Equal([3_000_000_000, 0, -2, 0, 0, 3_000_000_000], members.Select(x => x.Member.Uid));
    }

    [Fact]
    public void A_label_an_incremental_folder_and_a_comment_are_no_files()
    {
        var tar = new TarBuilder()
            .Raw('V', "my label", [])
            .Raw('g', "pax_global_header", Bytes("19 comment=abcdefg\n"))
            .Raw('D', "x/", Bytes("Ya\0\0"), (257, Gnu))
            .File("x/a", "1");

        Assert.Equal(["x/", "x/a"], Read(tar).Select(x => x.Member.Name));
        Assert.Equal(1, Unpack(tar).Files);
    }

    [Fact]
    public void What_a_global_header_says_of_all_files_is_not_passed_over() =>
        Assert.Contains(
            "a global header sets 'path' of all entries, which is not read",
            Damage(new TarBuilder().Raw('g', "pax_global_header", Bytes("11 path=ab\n")).File("x/a", "1"))
        );

    [Fact]
    public void A_name_keeps_its_spaces_and_its_prefix()
    {
        var tar = new TarBuilder()
            .Raw('0', "a ", [])
            .Raw('0', "b", [], (345, Bytes("x/y")))
            .Raw('0', "c", [], (257, Gnu), (345, Bytes("00000000000")))
            .Raw('0', "d", [], (257, new byte[8]), (345, Bytes("rubbish")));

        Assert.Equal(["a ", "x/y/b", "c", "d"], Read(tar).Select(x => x.Member.Name));
    }

    [Fact]
    public void A_folder_or_a_link_has_no_content_whatever_size_is_written()
    {
        var tar = new TarBuilder()
            .Raw('5', "x/", [], (124, Bytes(Octal(512))))
            .Raw('1', "x/h", [], (124, Bytes(Octal(512))), (157, Bytes("x/a")))
            .File("x/a", "1");

        Assert.Equal(["x/", "x/h", "x/a"], Read(tar).Select(x => x.Member.Name));
    }

    [Fact]
    public void What_follows_the_end_is_not_read_as_with_tar()
    {
        using var bytes = new MemoryStream([
            .. new TarBuilder().File("x/a", "1").ToTar(),
            .. new TarBuilder().File("x/b", "2").ToTar(),
        ]);
        var archive = new TarArchive(bytes);

        Assert.Equal("x/a", archive.Next()!.Name);
        Assert.Null(archive.Next());
    }

    [Fact]
    public void A_header_with_another_checksum_is_damage()
    {
        var bytes = new TarBuilder().File("x/a", "1").Raw('0', "x/b", []).ToTar();
        bytes[^1500] ^= 1;
        using var stream = new MemoryStream(bytes);
        var archive = new TarArchive(stream);
        archive.Next();

        Assert.Equal(
            "the entry after 'x/a' is damaged: its header has another checksum",
            Assert.Throws<InvalidDataException>(() => archive.Next()).Message
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_content_that_is_cut_off_is_named_read_or_not(bool isRead)
    {
        var whole = new TarBuilder().Bytes("x/a", new byte[2000]).ToTar();
        using var cut = new MemoryStream(whole[..^2048]);
        var archive = new TarArchive(cut);
        var member = archive.Next()!;

        var fault = Assert.Throws<InvalidDataException>(() =>
        {
            if (isRead)
                member.Content.CopyTo(Stream.Null);
            archive.Next();
        });

        Assert.Equal("the content of 'x/a' is cut off", fault.Message);
    }

    [Fact]
    public void Records_that_nothing_follows_are_an_archive_that_is_cut_off() =>
        Assert.Equal("its first entry is cut off", Damage(new TarBuilder().Records(("path", "x/a"))));

    private Engine.Sources.Trees.ImportedTree Unpack(TarBuilder tar, params string[] except)
    {
        var archive = folder.Join("x.tar");
        File.WriteAllBytes(archive, tar.ToTar());
        return ArchiveReader.Unpack(
            new()
            {
                Label = "x.tar",
                Archive = archive,
                Destination = Directory.CreateDirectory(folder.Join(Guid.NewGuid().ToString("N"))).FullName,
                Except = [.. except],
            },
            TestContext.Current.CancellationToken
        );
    }

    private string Refusal(TarBuilder tar) => Assert.Throws<EngineException>(() => Unpack(tar)).Message;

    /// <summary>A stream that cannot seek, as a decompressor's.</summary>
    private sealed class BufferedOnce(Stream inner) : Engine.Content.ReadOnlyStream
    {
        public override int Read(Span<byte> buffer) => inner.Read(buffer[..Math.Min(buffer.Length, 100)]);
    }
}
