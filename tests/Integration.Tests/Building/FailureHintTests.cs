using Recipes.Engine.Building;
using Xunit;

namespace Recipes.Integration.Tests.Building;

public sealed class FailureHintTests : IDisposable
{
    private readonly TinyWorkspace workspace = new();

    public FailureHintTests() =>
        workspace.Package(
            "squeeze",
            """
            mkdir -p /stage/usr/bin /stage/usr/lib /stage/usr/include/deep
            cd /stage/usr
            touch include/squeeze.h include/deep/inner.h lib/libsqueeze.so.1 bin/squeeze bin/unsqueeze
            ln -s libsqueeze.so.1 lib/libsqueeze.so
            """,
            more: "[outputs]\ntools = [\"usr/bin/unsqueeze\"]\n"
        );

    [Theory]
    [InlineData(
        "x.c:1:10: fatal error: squeeze.h: No such file or directory",
        "squeeze.h",
        "squeeze:dev",
        "usr/include/squeeze.h",
        "squeeze"
    )]
    [InlineData(
        "x.c:1:10: fatal error: inner.h: No such file or directory",
        "inner.h",
        "squeeze:dev",
        "usr/include/deep/inner.h",
        "squeeze"
    )]
    [InlineData(
        "/recipe/.steps/compile: line 3: squeeze: not found",
        "squeeze",
        "squeeze:main",
        "usr/bin/squeeze",
        "squeeze"
    )]
    [InlineData("sh: unsqueeze: not found", "unsqueeze", "squeeze:tools", "usr/bin/unsqueeze", "squeeze:tools")]
    [InlineData(
        "bash: unsqueeze: command not found",
        "unsqueeze",
        "squeeze:tools",
        "usr/bin/unsqueeze",
        "squeeze:tools"
    )]
    [InlineData("make[2]: squeeze: No such file or directory", "squeeze", "squeeze:main", "usr/bin/squeeze", "squeeze")]
    [InlineData(
        "env: can't execute 'squeeze': No such file or directory",
        "squeeze",
        "squeeze:main",
        "usr/bin/squeeze",
        "squeeze"
    )]
    [InlineData(
        "/usr/bin/ld: cannot find -lsqueeze: No such file or directory",
        "-lsqueeze",
        "squeeze:dev",
        "usr/lib/libsqueeze.so",
        "squeeze"
    )]
    [InlineData(
        "Error loading shared library libsqueeze.so.1: No such file or directory (needed by ./x)",
        "libsqueeze.so.1",
        "squeeze:main",
        "usr/lib/libsqueeze.so.1",
        "squeeze"
    )]
    [InlineData(
        "ld: warning: libsqueeze.so.1, needed by libx.so, not found (try using -rpath)",
        "libsqueeze.so.1",
        "squeeze:main",
        "usr/lib/libsqueeze.so.1",
        "squeeze"
    )]
    public async Task What_is_missing_is_found_in_what_is_built(
        string line,
        string missing,
        string output,
        string path,
        string need
    )
    {
        await workspace.BuildAsync(["squeeze"]);
        workspace.Package("tool", $"cat <<'end'\n{line}\n{string.Join('\n', Enumerable.Range(0, 100))}\nend\nexit 1");

        var failure = (await workspace.BuildAsync(["tool"])).Outcomes["tool"].Failure!;

        Assert.Equal([new FailureHint(missing, new(output, path, need))], failure.Hints);
    }

    [Theory]
    [InlineData("checking for squeeze... no", "")]
    [InlineData("fatal error: other.h: No such file or directory", "")]
    [InlineData("fatal error: squeeze.h: No such file or directory", "squeeze")]
    public async Task There_is_no_hint_where_nobody_has_it_or_it_is_there_already(string line, string needs)
    {
        await workspace.BuildAsync(["squeeze"]);
        workspace.Package("tool", $"echo '{line}'; exit 1", needs);

        Assert.Empty((await workspace.BuildAsync(["tool"])).Outcomes["tool"].Failure!.Hints);
    }

    [Theory]
    [InlineData("/usr/bin/squeeze", "squeeze:main", "usr/bin/squeeze", "squeeze")]
    [InlineData("/bin/unsqueeze", "squeeze:tools", "usr/bin/unsqueeze", "squeeze:tools")]
    public async Task A_program_that_is_called_missing_though_it_is_there_lacks_its_interpreter(
        string interpreter,
        string output,
        string path,
        string need
    )
    {
        await workspace.BuildAsync(["squeeze"]);
        workspace.Pin("tool", folder => WriteScript(folder, "gen/make.sq", $"#!{interpreter} -w"));
        workspace.Package("tool", "cd gen; ./make.sq", more: "[source]\narchive = \"https://example.org/tool.tar\"\n");

        var failure = (await workspace.BuildAsync(["tool"])).Outcomes["tool"].Failure!;

        var hint = new FailureHint(interpreter, new(output, path, need)) { Program = "./make.sq" };
        Assert.Equal([hint], failure.Hints);
    }

    [Fact]
    public async Task An_interpreter_that_nobody_has_is_named_too()
    {
        workspace.Package(
            "stranger",
            """
            mkdir -p /stage/usr/bin
            printf '#!/bin/bash\ntrue\n' > /stage/usr/bin/stranger
            chmod 755 /stage/usr/bin/stranger
            """,
            more: """
            [[waivers]]
            check = "interpreter"
            path = "**"
            reason = "told by the test"

            """
        );
        await workspace.BuildAsync(["stranger"]);
        workspace.Package("tool", "stranger", "stranger");

        var failure = (await workspace.BuildAsync(["tool"])).Outcomes["tool"].Failure!;

        Assert.Equal([new FailureHint("/bin/bash", null) { Program = "stranger" }], failure.Hints);
    }

    public void Dispose() => workspace.Dispose();

    private static void WriteScript(string folder, string path, string line)
    {
        Directory.CreateDirectory(Path.Join(folder, Path.GetDirectoryName(path)));
        File.WriteAllText(Path.Join(folder, path), line + "\ntrue\n");
        File.SetUnixFileMode(Path.Join(folder, path), (UnixFileMode)0b111_101_101);
    }
}
