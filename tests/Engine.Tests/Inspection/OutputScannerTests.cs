using System.Text;
using Recipes.Engine.Inspection;
using Xunit;

namespace Recipes.Engine.Tests.Inspection;

public sealed class OutputScannerTests : IDisposable
{
    private readonly InspectedFolder folder = new();

    public void Dispose() => folder.Dispose();

    private FileScan? Scan(string path, byte[] bytes) => folder.Output((path, bytes)).Scan.Files.SingleOrDefault();

    private string? Interpreter(string text) => Scan("usr/bin/x", Encoding.UTF8.GetBytes(text))?.Interpreter;

    [Fact]
    public void A_program_wants_its_libraries_and_interpreter()
    {
        var elf = new ElfBuilder
        {
            Interpreter = "/lib/ld.so",
            Needed = ["libz.so.1"],
            RunPath = "/usr/lib/p",
        };
        var scan = Scan("usr/bin/program", elf.Build())!;
        Assert.Equal(("usr/bin/program", null, "/lib/ld.so"), (scan.Path, scan.Soname, scan.Interpreter));
        Assert.Equal(["libz.so.1"], scan.Needed);
        Assert.Equal(["/usr/lib/p"], scan.RunPath);
    }

    [Fact]
    public void A_library_gives_its_soname() =>
        Assert.Equal(
            "libz.so.1",
            Scan("usr/lib/libz.so.1.3.1", new ElfBuilder { Soname = "libz.so.1" }.Build())!.Soname
        );

    [Fact]
    public void A_library_without_soname_gives_its_file_name() =>
        Assert.Equal("libc.so", Scan("usr/lib/libc.so", new ElfBuilder().Build())!.Soname);

    [Theory]
    [InlineData("usr/lib/postgresql/plugin.so")]
    [InlineData("usr/lib/plugin.so")]
    public void A_plugin_without_soname_gives_nothing(string path) => Assert.Null(Scan(path, new ElfBuilder().Build()));

    [Fact]
    public void A_static_program_gives_and_wants_nothing() =>
        Assert.Null(Scan("usr/bin/x", new ElfBuilder { Type = 2, IsStatic = true }.Build()));

    [Fact]
    public void An_object_file_is_left_out() =>
        Assert.Null(Scan("usr/lib/crt1.o", new ElfBuilder { Type = 1, Needed = ["x"] }.Build()));

    [Fact]
    public void A_damaged_elf_file_is_left_out() =>
        Assert.Null(Scan("usr/share/tests/bad", [.. "\u007fELF\u0002\u0001 and then something else"u8]));

    [Theory]
    [InlineData("#!/bin/sh\necho", "/bin/sh")]
    [InlineData("#! /usr/bin/perl -w\n", "/usr/bin/perl")]
    [InlineData("#!/bin/sh", "/bin/sh")]
    [InlineData("#!/bin/sh\r\n", "/bin/sh")]
    [InlineData("#!/usr/bin/env python3\n", "/usr/bin/python3")]
    [InlineData("#!/usr/bin/env -S perl -w\n", "/usr/bin/perl")]
    [InlineData("#!/usr/bin/env -Sperl -w\n", "/usr/bin/perl")]
    [InlineData("#!/usr/bin/env -S -i LC_ALL=C perl -w\n", "/usr/bin/perl")]
    [InlineData("#!/usr/bin/env -S -u HOME --split-string perl\n", "/usr/bin/perl")]
    [InlineData("#!/usr/bin/env LC_ALL=C perl\n", "/usr/bin/perl")]
    [InlineData("#!/bin/env /usr/libexec/tool\n", "/usr/libexec/tool")]
    [InlineData("#!/usr/bin/env\n", "/usr/bin/env")]
    [InlineData("#!perl\n", null)]
    [InlineData("#!\n", null)]
    [InlineData("# !/bin/sh\n", null)]
    public void A_script_wants_its_interpreter(string text, string? interpreter) =>
        Assert.Equal(interpreter, Interpreter(text));

    [Fact]
    public void A_script_that_is_not_executable_wants_nothing() =>
        Assert.Null(Scan("usr/share/x.sh", [.. "#!/bin/sh\n"u8]));

    [Fact]
    public void Files_come_sorted_by_path()
    {
        byte[] script = [.. "#!/bin/sh\n"u8];
        var scan = folder.Output(("usr/bin/b", script), ("usr/bin/a", script), ("usr/bin/a-b", script)).Scan;
        Assert.Equal(["usr/bin/a", "usr/bin/a-b", "usr/bin/b"], scan.Files.Select(x => x.Path));
    }
}
