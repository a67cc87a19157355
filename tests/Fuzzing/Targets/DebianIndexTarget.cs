using System.Collections.Immutable;
using Recipes.Engine.Sources.Debian;

namespace Recipes.Fuzzing.Targets;

/// <summary>What a Debian mirror lists: packages, sources, and files of a suite.</summary>
internal sealed class DebianIndexTarget(string list) : TextTarget
{
    private const string Hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private const string Suite =
        $"Package: zlib\nDirectory: pool/main/z/zlib\nFiles:\n d41d8cd98f00b204e9800998ecf8427e 1 "
        + $"zlib_1.orig.tar.gz\n\nOrigin: Debian\nDate: Sat, 08 Nov 2025 10:19:41 UTC\nValid-Until: Sat, 15 Nov "
        + $"2025 10:19:41 UTC\nSHA256:\n {Hash} 12 main/binary-amd64/Packages.xz\n";

    public override string Name => list;

    protected override IReadOnlyList<string> Texts =>
        [
            list != "packages"
                ? Suite
                : $"Package: a\nVersion: 1:2-3\nPre-Depends: b (>= 2.36), c\nDepends: d | e:any [amd64] "
                    + $"<!x>\nProvides: f (= 4)\nDescription: x\n more\nFilename: pool/a.deb\nSize: 1356\nSHA256: "
                    + $"{Hash}\n\nPackage: b\nVersion: 1\nFilename: x\nSize: 1\nSHA256: {Hash}\n",
        ];

    protected override IReadOnlyList<string> Pieces { get; } =
    [
        "\n",
        "\n\n",
        ": ",
        " ",
        ",",
        "|",
        "(",
        "[",
        "Package: ",
        "Size: -1",
        "Size: 99999999999999999999",
        "SHA256: ",
        "Directory: ",
        ".orig.tar.",
        "Provides: ",
        "Depends: a",
        "Date: Sat, 99 Feb 9999 25:61:61 UTC",
        "Valid-Until: ",
    ];

    protected override void Read(string text)
    {
        if (list == "suite")
            _ = ReleaseFile.Parse(text);
        else if (list == "sources")
            _ = SourcesIndex.Read(new StringReader(text));
        else
            Resolve(PackagesIndex.Read(new StringReader(text)));
    }

    private static void Resolve(ImmutableDictionary<string, DebianPackage> index) =>
        new PackageResolver(index, new HashSet<string> { "c", "d" }).Resolve(index.Keys.Take(3));
}
