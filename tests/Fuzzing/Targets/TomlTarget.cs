using System.Text;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Reading;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Fuzzing.Targets;

/// <summary>Recipes.</summary>
internal sealed class TomlTarget : FuzzTarget
{
    private const string Recipe = """
        # a comment
        name = "zlib"
        version = "1.3"
        summary = 'one \line'
        license = "Zlib OR (MIT AND BSD-3-Clause)"
        [source]
        archive = "https://example.org/{name}-{version}.tar.gz"
        mirrors = ["debian:pool/main/z/zlib/zlib_{version}.orig.tar.gz", "https://example.org/\u00e4"]
        only = ["**/*.c", "{a,b}/[!x]?", '\*']
        [source.limits]
        size = "8GiB"
        [build]
        system = "none"
        needs = ["perl", "zlib:dev"]
        environment = { A = "1", "B.C" = "2" }
        [build.steps]
        compile = '''
        make
        '''
        install = \"\"\"
        make install \\
          DESTDIR=/stage\"\"\"
        [build.limits]
        memory = "8GB"
        time = "3h"
        processes = 4096
        [outputs]
        dev = ["usr/include/**"]
        [outputs.main]
        files = ["**"]
        requires = ["musl"]
        [[permissions]]
        path = "usr/bin/x"
        mode = "4755"
        [[waivers]]
        check = "rpath"
        path = "usr/bin/*"
        reason = "x"
        [test]
        script = "true"
        """;

    private const string Image = """
        name = "zlib"
        version-from = "zlib"
        [image]
        include = ["busybox", "zlib:main"]
        command = ["/usr/bin/x"]
        [image.environment]
        A = "1"
        [image.healthcheck]
        command = ["true"]
        interval = "1s"
        """;

    private readonly RecipeLocation location = new(RecipeArea.Packages, "/nowhere/pkgs/zlib");

    public override string Name => "toml";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        Encoding.UTF8.GetBytes(Recipe.Replace("\\\"\\\"\\\"", "\"\"\"", StringComparison.Ordinal)),
        Encoding.UTF8.GetBytes(Image),
    ];

    public override IReadOnlyList<byte[]> Words { get; } =
    [
        .. (
            (IEnumerable<string>)
                [
                    "\"",
                    "'",
                    "\"\"\"",
                    "'''",
                    "[",
                    "]",
                    "[[",
                    "]]",
                    "{",
                    "}",
                    ",",
                    "=",
                    ".",
                    "\n",
                    "\r\n",
                    "#",
                    "\\ud800",
                    "\\U0000D800",
                    "\\U00110000",
                    "\\x80",
                    "\\e",
                    "{version}",
                    "{{",
                    "1979-05-27T07:32:00Z",
                    "25:61:61",
                    "0x7fffffffffffffffffff",
                    "1e999",
                    "nan",
                    "+inf",
                    "0b2",
                    "_",
                    "**/",
                    "\ufeff",
                    "\0",
                    "\u2028",
                ]
        ).Select(Encoding.UTF8.GetBytes),
    ];

    public override void Read(byte[] input)
    {
        var result = RecipeReader.Read(input, location);
        foreach (var fault in result.Diagnostics)
            _ = fault.ToString();
        if (result.Recipe is not null)
            RecipeText.Parse("pkgs/zlib/recipe.toml", input).Strings("source", "mirrors");
    }
}
