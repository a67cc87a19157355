using System.Globalization;
using System.IO.Compression;
using System.Text;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Debian;
using Recipes.Engine.Sources.Trees;
using Xunit;

namespace Recipes.Engine.Tests.Sources;

public sealed class HostilePackageTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    private static byte[] Member(string name, byte[] content, string? size = null) =>
        [
            .. Encoding.ASCII.GetBytes(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name, -16}{0, -12}{0, -6}{0, -6}{100644, -8}{size ?? content.Length.ToString(CultureInfo.InvariantCulture), -10}`\n"
                )
            ),
            .. content,
            .. new byte[content.Length % 2],
        ];

    private static byte[] Package(byte[] data, string? size = null) =>
        [.. "!<arch>\n"u8, .. Member("debian-binary", "2.0\n"u8.ToArray()), .. Member("data.tar", data, size)];

    public static TheoryData<string, string> Hostile { get; } =
        new()
        {
            { "bomb", "it unpacks to more than 33554432 bytes. Nothing was imported." },
            { "cut", "it is damaged, or no Debian package (its first entry is cut off)." },
            { "negative", "its ar headers are damaged. Nothing was imported." },
            { "long", "it is damaged, or no Debian package (its first entry is cut off)." },
            {
                "large",
                "it is damaged, or no Debian package (its first entry has a number out of range in its header)."
            },
            {
                "zstandard",
                "it is damaged, or no Debian package (its first entry is damaged: the compressed data is damaged: "
            },
            { "deep", "' is deeper than 512 folders. Nothing was imported." },
            { "none", "it has no member 'data.tar'. Nothing was imported." },
        };

    private static byte[] Make(string kind) =>
        kind switch
        {
            "bomb" => Package(
                TarBuilder.Gzip(
                    new TarBuilder().Bytes("a", new byte[40_000_000]).ToTar(),
                    CompressionLevel.SmallestSize
                )
            ),
            "cut" => Package(new TarBuilder(System.Formats.Tar.TarEntryFormat.Ustar).File("a", "1").ToTar()[..100]),
            "negative" => Package(new byte[100], "-1"),
            "long" => Package(new byte[100], "9999999999"),
            "large" => Package(
                new TarBuilder().Raw('0', "a", [], (124, [0x80, .. Enumerable.Repeat((byte)0xff, 11)])).ToTar()
            ),
            "zstandard" => Package([0x28, 0xb5, 0x2f, 0xfd, .. Enumerable.Repeat((byte)0xff, 1000)]),
            "deep" => Package(new TarBuilder().File("d" + string.Concat(Enumerable.Repeat("/d", 600))).ToTar()),
            _ => [.. "!<arch>\n"u8, .. Member("control.tar", [])],
        };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_hostile_package_is_refused_and_says_why(string kind, string reason)
    {
        var path = folder.Join("a.deb");
        File.WriteAllBytes(path, Make(kind));
        using var import = new TreeImport(Directory.CreateDirectory(folder.Join("tree")).FullName, new SourceLimits());

        var failure = Assert
            .Throws<EngineException>(() =>
                new SeedRoot(import, TestContext.Current.CancellationToken).AddPackage("a.deb", path)
            )
            .Message;

        Assert.StartsWith("Cannot import 'a.deb': ", failure, StringComparison.Ordinal);
        Assert.Contains(reason, failure, StringComparison.Ordinal);
    }
}
