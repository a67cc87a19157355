using System.Globalization;
using System.Text;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Debian;
using Recipes.Engine.Sources.Trees;

namespace Recipes.Fuzzing.Targets;

/// <summary>Debian packages: ar archives with a tar archive in them.</summary>
internal sealed class DebTarget : FuzzTarget
{
    public override string Name => "deb";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [Package("data.tar", Tar().ToTar()), Package("data.tar.gz", Tar().ToGzip())];

    public override IReadOnlyList<byte[]> Words { get; } =
    [
        .. (
            (IEnumerable<string>)
                ["!<arch>\n", "`\n", "data.tar/       ", "9999999999", "-1        ", "/0 ", "../", "usr/lib/"]
        ).Select(Encoding.ASCII.GetBytes),
    ];

    public override void Read(byte[] input)
    {
        using var scratch = new ScratchFolder();
        using var import = new TreeImport(scratch.Folder("tree"), new SourceLimits(1 << 24, 10_000, HasRatio: false));
        try
        {
            new SeedRoot(import, CancellationToken.None).AddPackage("a.deb", scratch.Write("a.deb", input));
            import.Finish();
        }
        catch (ImportException)
        {
            // The importer of seeds names the recipe.
        }
    }

    public override void Repair(byte[] input)
    {
        // Member 1 is 4 bytes long: the archive in member 2 begins after two headers.
        var at = 8 + 60 + 4 + 60;
        if (input.Length <= at)
            return;
        var data = input[at..];
        TarTarget.RepairBlocks(data);
        data.CopyTo(input, at);
    }

    private static TarBuilder Tar() =>
        new TarBuilder()
            .Folder("./usr/")
            .Program("./usr/bin/a")
            .Link("./usr/bin/b", "a")
            .File("./lib/c")
            .Link("./lib/d", "/usr/bin/a");

    private static byte[] Package(string name, byte[] data) =>
        [.. "!<arch>\n"u8, .. Member("debian-binary", "2.0\n"u8.ToArray()), .. Member(name, data)];

    private static byte[] Member(string name, byte[] content) =>
        [
            .. Encoding.ASCII.GetBytes(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name, -16}{0, -12}{0, -6}{0, -6}{100644, -8}{content.Length, -10}`\n"
                )
            ),
            .. content,
            .. new byte[content.Length % 2],
        ];
}
