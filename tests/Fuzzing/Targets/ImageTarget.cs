using System.Security.Cryptography;
using System.Text;
using Recipes.Engine.Comparison;

namespace Recipes.Fuzzing.Targets;

/// <summary>Archives of images, as <c>recipes diff</c> reads them.</summary>
internal sealed class ImageTarget : FuzzTarget
{
    public override string Name => "image";

    public override IReadOnlyList<byte[]> Seeds { get; } = [Oci(compressed: true), Oci(compressed: false), Docker()];

    public override IReadOnlyList<byte[]> Words { get; } =
    [
        .. (
            (IEnumerable<string>)
                [
                    "null",
                    "[]",
                    "{}",
                    "\"\\ud800\"",
                    "-1",
                    "1e999",
                    "\"sha256:../../../x\"",
                    "\"digest\"",
                    "\"layers\"",
                    "\"config\"",
                    "\"rootfs\"",
                    "\"diff_ids\"",
                    ".wh.",
                    ".wh..wh..opq",
                    "\"manifests\"",
                    "\"history\"",
                    "true",
                ]
        ).Select(Encoding.UTF8.GetBytes),
    ];

    public override void Read(byte[] input)
    {
        using var scratch = new ScratchFolder();
        var archive = scratch.Write("x.tar", input);
        ImageContent.IsArchive(archive);
        var content = ImageContent.OfArchive(archive);
        _ = ImageComparison.Of(content, content).IsEmpty;
    }

    public override void Repair(byte[] input) => TarTarget.RepairBlocks(input);

    private static byte[] Layer() =>
        new TarBuilder()
            .Folder("usr")
            .File("usr/a", "1")
            .Link("usr/l", "a")
            .HardLink("usr/h", "usr/a")
            .File("usr/.wh.gone")
            .Bytes("usr/elf", ElfTarget.Small())
            .ToTar();

    private static string Blob(TarBuilder archive, byte[] content)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(content));
        archive.Bytes($"blobs/sha256/{hash}", content);
        return hash;
    }

    private static string Configuration(int layers) =>
        $$"""{"architecture":"amd64","os":"linux","config":{"Env":["A=1"],"Volumes":{"/x":{} } },"rootfs":{"type":"layers","diff_ids":[{{string.Join(',', Enumerable.Repeat("\"sha256:0\"", layers))}}]},"history":[{"created_by":"x"},{"empty_layer":true}]}""";

    private static byte[] Oci(bool compressed)
    {
        var archive = new TarBuilder(System.Formats.Tar.TarEntryFormat.Ustar);
        var layer = Blob(archive, compressed ? TarBuilder.Gzip(Layer()) : Layer());
        var configuration = Blob(archive, Encoding.UTF8.GetBytes(Configuration(1)));
        var manifest = Blob(
            archive,
            Encoding.UTF8.GetBytes(
                $$"""{"config":{"digest":"sha256:{{configuration}}" },"layers":[{"digest":"sha256:{{layer}}" }]}"""
            )
        );
        return archive.File("index.json", $$"""{"manifests":[{"digest":"sha256:{{manifest}}" }]}""").ToTar();
    }

    private static byte[] Docker() =>
        new TarBuilder(System.Formats.Tar.TarEntryFormat.Ustar)
            .Bytes("a/layer.tar", Layer())
            .File("c.json", Configuration(1))
            .File("manifest.json", """[{"Config":"c.json","Layers":["a/layer.tar"]}]""")
            .ToTar();
}
