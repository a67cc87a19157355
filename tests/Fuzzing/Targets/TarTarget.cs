using System.Formats.Tar;
using System.Text;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Archives;

namespace Recipes.Fuzzing.Targets;

/// <summary>Source archives of every format.</summary>
internal sealed class TarTarget : FuzzTarget
{
    private const int Block = 512;

    public override string Name => "tar";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        Seed(TarEntryFormat.Pax),
        Seed(TarEntryFormat.Gnu),
        Seed(TarEntryFormat.Ustar),
        new TarBuilder(TarEntryFormat.V7).File("x/a", "1").ToTar(),
        Seed(TarEntryFormat.Gnu, new string('n', 90) + "/" + new string('m', 90)),
        Seed(TarEntryFormat.Pax, "\u00e4/" + new string('m', 200)),
        new TarBuilder()
            .Raw(
                'S',
                "x/s",
                "0123456789"u8.ToArray(),
                (257, "ustar  \0"u8.ToArray()),
                (386, SparseParts),
                (483, Octal(900))
            )
            .File("x/a", "1")
            .ToTar(),
        new TarBuilder()
            .Records(("GNU.sparse.size", "900"), ("GNU.sparse.map", "0,5,600,5"), ("GNU.sparse.name", "x/s"))
            .Raw('0', "x/GNUSparseFile.1/s", "0123456789"u8.ToArray())
            .ToTar(),
        new TarBuilder()
            .Records(
                ("GNU.sparse.major", "1"),
                ("GNU.sparse.minor", "0"),
                ("GNU.sparse.name", "x/s"),
                ("GNU.sparse.realsize", "900")
            )
            .Raw('0', "x/s", [.. "2\n0\n5\n600\n5\n"u8, .. new byte[Block - 12], .. "0123456789"u8])
            .ToTar(),
    ];

    public override IReadOnlyList<byte[]> Words { get; } =
    [
        .. (
            (IEnumerable<string>)
                [
                    "../",
                    "/",
                    ".git/",
                    "x/",
                    "\0",
                    "ustar\0",
                    "ustar  \0",
                    "77777777777",
                    "999999",
                    "-1",
                    "19 path=x/../../a\n",
                    "22 size=99999999999999\n",
                    "12 uid=-1\n",
                    "30 mtime=99999999999999999999\n",
                    "15 GNU.sparse.major=1\n",
                ]
        ).Select(Encoding.UTF8.GetBytes),
        [0x80, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        [(byte)'x'],
        [(byte)'g'],
        [(byte)'L'],
        [(byte)'K'],
        [(byte)'S'],
        [(byte)'1'],
        [(byte)'2'],
        [(byte)'3'],
        [(byte)'5'],
    ];

    public override void Read(byte[] input)
    {
        using var scratch = new ScratchFolder();
        var archive = scratch.Write("x.tar", input);
        ArchiveReader.Unpack(
            new()
            {
                Label = "x.tar",
                Archive = archive,
                Destination = scratch.Folder("tree"),
                Limits = new SourceLimits(1 << 24, 10_000, HasRatio: false),
            },
            CancellationToken.None
        );
    }

    /// <summary>Writes the checksum of every block that looks like a header.</summary>
    public override void Repair(byte[] input) => RepairBlocks(input);

    public static void RepairBlocks(byte[] input)
    {
        for (var at = 0; at + Block <= input.Length; at += Block)
        {
            var header = input.AsSpan(at, Block);
            if (!header.Slice(257, 5).SequenceEqual("ustar"u8))
                continue;
            header.Slice(148, 8).Fill((byte)' ');
            var sum = 0;
            foreach (var value in header)
                sum += value;
            Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header[148..]);
        }
    }

    private static byte[] SparseParts => [.. Octal(0), .. Octal(5), .. Octal(600), .. Octal(5)];

    private static byte[] Octal(int number) =>
        Encoding.ASCII.GetBytes(Convert.ToString(number, 8).PadLeft(11, '0') + "\0");

    private static byte[] Seed(TarEntryFormat format, string folder = "d") =>
        new TarBuilder(format)
            .Folder("x")
            .File($"x/{folder}/a", "some content")
            .Program("x/p")
            .Link("x/l", "p")
            .HardLink("x/h", "x/p")
            .Link("x/up/l", "../l")
            .ToTar();
}
