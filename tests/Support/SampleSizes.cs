using System.Collections.Immutable;
using System.Globalization;
using Recipes.Engine.Images;

namespace Recipes.Tests.Support;

/// <summary>An image with a few large files, many small ones, and names that are hard to draw.</summary>
internal static class SampleSizes
{
    public static ImageSize Server { get; } =
        new(
            "server-image",
            "17.11",
            15_820_000,
            [
                Package(
                    "server",
                    "17.11",
                    [
                        "bin/server 7114144",
                        "share/server/catalogue.bki 953268",
                        "lib/server/dict_snowball.so 513832",
                        "bin/client 405904",
                        "bin/dump 345392",
                        "lib/server/utf8_and_gb18030.so 267928",
                        "lib/libclient.so.5.17 236744",
                        "lib/server/utf8_and_euc2004.so 210584",
                        "bin/restore 160176",
                        "lib/server/plpgsql.so 142896",
                        "bin/initialise 127160",
                        "share/server/information_schema.sql 115523",
                    ],
                    380
                ),
                Package("libc", "1.2.5", ["lib/libc.so 666008"], 0),
                Package("busybox", "1.37.0", ["bin/busybox 329960"], 3),
                Package("libz", "1.3.1", ["lib/libz.so.1.3.1 121040"], 0),
                Package(
                    "a-package-with-quite-a-long-name",
                    "0.1",
                    ["share/größe & <maße>.txt 71040", "share/line\nbreak 9000"],
                    40
                ),
                Package("filesystem", "1", [], 4),
                new("server-image", "17.11", 3, [new("etc/passwd", 61), new("etc/empty", 0)]),
            ],
            []
        );

    private static SizedPackage Package(string name, string version, string[] files, int small)
    {
        var listed = files
            .Select(x => x.Split(' '))
            .Select(x => new SizedFile(
                $"usr/{string.Join(' ', x[..^1])}",
                long.Parse(x[^1], CultureInfo.InvariantCulture)
            ));
        var further = Enumerable
            .Range(1, small)
            .Select(x => new SizedFile($"usr/share/{name}/zone{x:000}", 100 + (x * x * 37 % 3900)));
        var all = listed.Concat(further).OrderByDescending(x => x.Bytes).ThenBy(x => x.Path, StringComparer.Ordinal);
        return new(name, version, files.Length + small, [.. all]);
    }
}
