using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using CsCheck;
using Recipes.Engine.Content;
using Recipes.Engine.Content.Tar;
using Recipes.Engine.Images;
using Xunit;
using TarWriter = Recipes.Engine.Content.Tar.TarWriter;

namespace Recipes.Engine.Tests.Images;

public sealed class TarWriterTests
{
    private sealed record Item(string Path, int Kind, byte[] Content, string Target, FileOwnership Ownership);

    private static readonly Gen<string> Segment = Gen.OneOf(
        Gen.String[Gen.Char['a', 'z'], 1, 20],
        Gen.String[Gen.Char['a', 'z'], 90, 110],
        Gen.Const("größe"),
        Gen.Const("\U0001f600"),
        Gen.Const("with space")
    );

    private static readonly Gen<Item> AnyItem = Gen.Select(
        Segment.Array[1, 4],
        Gen.Int[0, 2],
        Gen.Byte.Array[0, 1500],
        Segment.Array[1, 3],
        Gen.Int[0, 4095],
        Gen.Int[0, 3_000_000],
        (path, kind, content, target, mode, uid) =>
            new Item(
                string.Join('/', path),
                kind,
                kind == 0 ? content : [],
                kind == 1 ? string.Join('/', target) : "",
                new(mode, uid, uid / 2)
            )
    );

    private static byte[] Write(IEnumerable<Item> items)
    {
        using var stream = new MemoryStream();
        var tar = new TarWriter(stream);
        foreach (var item in items)
        {
            if (item.Kind == 0)
                tar.AddFile(item.Path, item.Content, item.Ownership);
            else if (item.Kind == 1)
                tar.AddLink(item.Path, item.Target, item.Ownership);
            else
                tar.AddFolder(item.Path, item.Ownership);
        }
        tar.Finish();
        return stream.ToArray();
    }

    [Fact]
    public void What_is_written_another_reader_reads_back() =>
        AnyItem
            .Array[0, 8]
            .Sample(items =>
            {
                using var reader = new TarReader(new MemoryStream(Write(items)));
                foreach (var item in items)
                {
                    var entry = reader.GetNextEntry(copyData: true)!;
                    Assert.Equal(item.Path, entry.Name.TrimEnd('/'));
                    Assert.Equal(
                        item.Kind switch
                        {
                            0 => TarEntryType.RegularFile,
                            1 => TarEntryType.SymbolicLink,
                            _ => TarEntryType.Directory,
                        },
                        entry.EntryType
                    );
                    Assert.Equal(item.Ownership, new((int)entry.Mode, entry.Uid, entry.Gid));
                    Assert.Equal(item.Target, entry.LinkName);
                    Assert.Equal(1, entry.ModificationTime.ToUnixTimeSeconds());
                    using var content = new MemoryStream();
                    entry.DataStream?.CopyTo(content);
                    Assert.Equal(item.Content, content.ToArray());
                }
                Assert.Null(reader.GetNextEntry());
            });

    [Theory]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(155)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(300)]
    [InlineData(990)]
    [InlineData(1000)]
    public void GNU_tar_lists_paths_of_every_length(int length)
    {
        // Segments of 49 and a slash, so that a split is sometimes possible.
        var path = string.Concat(Enumerable.Repeat(new string('d', 49) + "/", 30))[..length]
            .TrimEnd('/')
            .PadRight(length, 'x');
        var archive = Write([new(path, 0, "hello"u8.ToArray(), "", FileOwnership.File(true))]);

        Assert.Equal($"-rwxr-xr-x 0/0 5 1970-01-01 00:00 {path}\n", ListWithTar(archive));
    }

    [Fact]
    public void GNU_tar_reads_links_folders_owners_and_names_beyond_ASCII()
    {
        var archive = Write([
            new("größe", 2, [], "", new(Convert.ToInt32("1777", 8), 70, 71)),
            new("größe/link", 1, [], new string('t', 120), new(Convert.ToInt32("777", 8), 0, 0)),
            new("suid", 0, [], "", new(Convert.ToInt32("4755", 8), 3_000_000, 0)),
        ]);

        Assert.Equal(
            "drwxrwxrwt 70/71 0 1970-01-01 00:00 größe/\n"
                + $"lrwxrwxrwx 0/0 0 1970-01-01 00:00 größe/link -> {new string('t', 120)}\n"
                + "-rwsr-xr-x 3000000/0 0 1970-01-01 00:00 suid\n",
            ListWithTar(archive)
        );
    }

    [Fact]
    public void A_short_name_takes_one_header_block_and_no_extension()
    {
        var archive = Write([new("a", 0, "x"u8.ToArray(), "", FileOwnership.File(false))]);

        Assert.Equal(4 * TarHeader.BlockSize, archive.Length);
        Assert.Equal("ustar\000", Encoding.ASCII.GetString(archive, 257, 8));
        Assert.Equal(
            "0000644\0" + "0000000\0" + "0000000\0" + "00000000001\0" + "00000000001\0",
            Encoding.ASCII.GetString(archive, 100, 48)
        );
    }

    [Theory]
    [InlineData(97)]
    [InlineData(98)]
    [InlineData(99)]
    [InlineData(100)]
    public void The_length_of_an_extended_record_counts_itself(int length)
    {
        var path = new string('ä', length / 2) + new string('b', length % 2);
        var archive = Write([new(path, 0, [], "", FileOwnership.File(false))]);

        using var reader = new TarReader(new MemoryStream(archive));
        Assert.Equal(path, reader.GetNextEntry()!.Name);
        Assert.StartsWith("././@PaxHeader\0", Encoding.ASCII.GetString(archive, 0, 100), StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_that_is_not_what_its_digest_says_is_refused()
    {
        using var directory = new TemporaryDirectory();
        var file = directory.Write("file", "other");
        var tar = new TarWriter(new MemoryStream());

        foreach (var wrong in new[] { Digest.Of("hello"u8), Digest.Of("hell"u8), Digest.Of("hello!"u8) })
        {
            var error = Assert.Throws<EngineException>(() => tar.AddFile("a", file, wrong, FileOwnership.File(false)));
            Assert.Equal(
                $"'{file}' does not have the content that its digest names; verify the store and try " + $"again",
                error.Message
            );
        }
    }

    [Fact]
    public void Gzip_members_are_read_back_as_one_stream()
    {
        var random = new Random(1);
        foreach (var size in new[] { 1, 1 << 20, (1 << 20) + 1, 5_000_000 })
        {
            var bytes = new byte[size];
            random.NextBytes(bytes.AsSpan(0, size / 2));
            using var compressed = new MemoryStream();
            using (var gzip = new GzipMembers(compressed))
            {
                for (var offset = 0; offset < size; offset += 70_000)
                    gzip.Write(bytes.AsSpan(offset, Math.Min(70_000, size - offset)));
                gzip.Finish();
            }
            compressed.Position = 0;
            using var plain = new MemoryStream();
            using (var reader = new GZipStream(compressed, CompressionMode.Decompress))
                reader.CopyTo(plain);
            Assert.Equal(bytes, plain.ToArray());
        }
    }

    private static string ListWithTar(byte[] archive)
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllBytes(directory.Join("a.tar"), archive);
        var start = new System.Diagnostics.ProcessStartInfo(
            "tar",
            ["tvf", directory.Join("a.tar"), "--numeric-owner", "--quoting-style=literal"]
        )
        {
            RedirectStandardOutput = true,
            Environment = { ["TZ"] = "UTC", ["LC_ALL"] = "C.UTF-8" },
        };
        using var tar = System.Diagnostics.Process.Start(start)!;
        var output = tar.StandardOutput.ReadToEnd();
        tar.WaitForExit();
        Assert.Equal(0, tar.ExitCode);
        return string.Concat(
            output
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(x => System.Text.RegularExpressions.Regex.Replace(x, " +", " ") + "\n")
        );
    }
}
