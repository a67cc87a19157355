using System.Collections.Immutable;
using System.Text;
using Recipes.Engine.Inspection.Checks;
using Recipes.Engine.Inspection.Linking;
using Recipes.Engine.Model;
using Xunit;

namespace Recipes.Engine.Tests.Inspection;

public sealed class OutputChecksTests : IDisposable
{
    private readonly InspectedFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static CheckedPackage Package(params CheckedOutput[] outputs) =>
        new()
        {
            Name = "probe",
            Outputs = [.. outputs],
            Runtime = View(outputs),
            IsFreeOfSeed = true,
            IsInUsualPlaces = true,
            MachinePaths = ["/home/me/the store"],
        };

    private static RuntimeView<string> View(params CheckedOutput[] outputs) =>
        BuildView.Of(outputs.Select(x => new ViewedOutput<string>($"probe:{x.Name}", x.Tree, x.Scan)), (_, path) =>
            throw new InvalidOperationException(path)
        );

    private CheckedPackage File(string path, string text) => Package(folder.Output((path, Bytes(text))));

    private static void AssertGood(CheckedPackage package) => Assert.Empty(OutputChecks.Run(package));

    /// <summary>Exactly one finding, which a waiver for its path lets pass and others do not.</summary>
    private static void AssertFinds(CheckedPackage package, string expected)
    {
        var finding = Assert.Single(OutputChecks.Run(package));
        Assert.Equal(expected, finding.ToString());
        Assert.Null(finding.Waiver);

        var other = package with { Waivers = [new(finding.Check, "elsewhere/**", "no"), new("other", "**", "no")] };
        Assert.Null(Assert.Single(OutputChecks.Run(other)).Waiver);
        var waived = package with { Waivers = [new(finding.Check, "**", "upstream wants it")] };
        Assert.Equal("upstream wants it", Assert.Single(OutputChecks.Run(waived)).Waiver);
    }

    [Theory]
    [InlineData("/build/gcc/tree.c", "/build/gcc/tree.c")]
    [InlineData("a\0/build/x.c\0b", "/build/x.c")]
    [InlineData("prefix=/stage/usr", "/stage/usr")]
    [InlineData("flags='-O2 -I/build/include'", "/build/include'")]
    [InlineData("cd /build", "/build")]
    [InlineData("x /tmp/objects/config.h", "/tmp/objects/config.h")]
    [InlineData("at /home/me/the store/trees/ab", "/home/me/the store/trees/ab")]
    public void A_path_of_the_build_machine_is_found(string text, string excerpt) =>
        AssertFinds(File("usr/lib/x", text), $"build-path: usr/lib/x: holds the build machine's path '{excerpt}'");

    [Fact]
    public void Paths_are_counted() =>
        AssertFinds(
            File("usr/lib/x", "/build/a.c\0/build/b.c\0/build/c.c\0"),
            "build-path: usr/lib/x: holds the build machine's path '/build/a.c' (3 times)"
        );

    [Theory]
    [InlineData(
        "/usr/src/build/x /building /build-aux ./build/x ${top}/build/x $(srcdir)/build/y ../stage/ a/stage/b /staged"
    )]
    [InlineData("ünï/build/x")]
    [InlineData("/buil")]
    [InlineData("")]
    public void Other_paths_are_let_alone(string text) => AssertGood(File("usr/lib/x", text));

    [Fact]
    public void A_link_to_the_build_machine_is_found() =>
        AssertFinds(
            Package(
                folder.Output("main", root =>
                    System.IO.File.CreateSymbolicLink(
                        Path.Join(Directory.CreateDirectory(Path.Join(root, "usr")).FullName, "l"),
                        "/stage/usr/x"
                    )
                )
            ),
            "build-path: usr/l: links to the build machine's path '/stage/usr/x'"
        );

    [Fact]
    public void The_seed_s_compiler_is_found() =>
        AssertFinds(
            File("usr/lib/x.a", "!<arch>\n\0GCC: (Debian 12.2.0-14) 12.2.0\0"),
            "seed-trace: usr/lib/x.a: holds '(Debian 12.2.0-14) 12.2.0', which the seed's compiler writes"
        );

    [Fact]
    public void A_text_that_speaks_of_Debian_is_no_trace() =>
        AssertGood(Package(folder.Output(("usr/lib/x.py", [.. "# works around a bug (Debian bug 1234)\n"u8]))));

    [Fact]
    public void The_seed_s_loader_is_found()
    {
        var findings = OutputChecks.Run(
            Package(
                folder.Output(
                    (
                        "usr/bin/x",
                        new ElfBuilder { Interpreter = "/lib64/ld-linux-x86-64.so.2", HasAbiTag = true }.Build()
                    )
                )
            ),
            TestContext.Current.CancellationToken
        );
        Assert.Contains(
            "seed-trace: usr/bin/x: asks for /lib64/ld-linux-x86-64.so.2, the loader of the GNU C library",
            findings.Select(x => x.ToString())
        );
    }

    [Fact]
    public void A_program_for_the_GNU_C_library_is_told_what_to_do()
    {
        var package = Package(
            folder.Output(
                (
                    "usr/bin/x",
                    new ElfBuilder { Interpreter = "/lib64/ld-linux-x86-64.so.2", Needed = ["libc.so.6"] }.Build()
                )
            )
        );
        const string advice =
            "images have musl: make it for musl (such as dotnet publish -r linux-musl-x64), link it statically (such as "
            + "Go with CGO_ENABLED=0), or build it here from its source";

        Assert.Equal(
            [
                "interpreter: usr/bin/x: asks for /lib64/ld-linux-x86-64.so.2: it is a program for the GNU C library "
                    + $"(glibc), and {advice}",
                $"soname: usr/bin/x: needs libc.so.6, which is of the GNU C library (glibc), and {advice}",
            ],
            OutputChecks
                .Run(package with { IsFreeOfSeed = false }, TestContext.Current.CancellationToken)
                .Select(x => x.ToString())
        );
    }

    [Fact]
    public void A_static_program_of_the_seed_is_found() =>
        AssertFinds(
            Package(
                folder.Output(
                    (
                        "usr/bin/x",
                        new ElfBuilder
                        {
                            Type = 2,
                            IsStatic = true,
                            HasAbiTag = true,
                        }.Build()
                    )
                )
            ),
            "seed-trace: usr/bin/x: was linked with the start files of the GNU C library"
        );

    [Fact]
    public void A_symbol_of_the_seed_s_c_library_is_found() =>
        AssertFinds(
            Package(
                folder.Output(
                    ("usr/lib/x.so", new ElfBuilder { Symbols = [("memcpy", false, false, "GLIBC_2.14")] }.Build())
                )
            ),
            "seed-trace: usr/lib/x.so: asks for memcpy@GLIBC_2.14 of the GNU C library"
        );

    [Fact]
    public void Where_the_seed_is_allowed_nothing_is_found()
    {
        var output = folder.Output(
            (
                "usr/bin/x",
                new ElfBuilder
                {
                    Type = 2,
                    IsStatic = true,
                    HasAbiTag = true,
                    Tail = "(Debian 12)",
                }.Build()
            )
        );
        AssertGood(Package(output) with { IsFreeOfSeed = false });
    }

    [Fact]
    public void A_gcc_that_knows_the_name_of_the_gnu_loader_is_no_trace() =>
        AssertGood(
            Package(
                folder.Output(
                    (
                        "usr/bin/gcc",
                        new ElfBuilder
                        {
                            Type = 2,
                            IsStatic = true,
                            Tail = "/lib64/ld-linux-x86-64.so.2\0GLIBC_2.1\0",
                        }.Build()
                    )
                )
            )
        );

    [Fact]
    public void A_libtool_archive_is_found() =>
        AssertFinds(
            File("usr/lib/pam/x.la", "dependency_libs=''"),
            "libtool-archive: usr/lib/pam/x.la: is a libtool archive, which nothing needs; remove it in the install "
                + "step"
        );

    [Fact]
    public void An_undeclared_setuid_file_is_found() =>
        AssertFinds(
            File("usr/bin/su", "x") with
            {
                Modes = StageMode.Parse("4755 ./usr/bin/su\n"),
            },
            "setuid: usr/bin/su: is installed with mode 4755; declare it in [[permissions]], or it loses that bit"
        );

    [Fact]
    public void A_declared_setuid_file_is_good() =>
        AssertGood(
            File("usr/bin/su", "x") with
            {
                Modes = StageMode.Parse("4755 ./usr/bin/su\n"),
                Permissions = [new("usr/bin/s*", Convert.ToInt32("4755", 8), 0, 0)],
            }
        );

    [Fact]
    public void A_file_that_everybody_may_write_to_is_found() =>
        AssertFinds(
            File("usr/share/x", "x") with
            {
                Modes = StageMode.Parse("777 ./usr/share/x\n"),
            },
            "world-writable: usr/share/x: is installed with mode 0777, writable by everybody; declare it in "
                + "[[permissions]], or let the install step set another mode"
        );

    [Fact]
    public void Paths_of_modes_may_hold_spaces() =>
        Assert.Equal(
            [new StageMode("usr/a b", 0x1ff), new StageMode(".", 0x3ff)],
            StageMode.Parse("777 ./usr/a b\n1777 .\n")
        );

    [Theory]
    [InlineData("./usr/bin/su")]
    [InlineData("4799 ./usr")]
    [InlineData(" x")]
    public void A_list_of_modes_that_is_none_says_so(string line) =>
        Assert.Equal(
            $"'{line}' is not a mode and path.",
            Assert.Throws<FormatException>(() => StageMode.Parse(line)).Message
        );

    [Fact]
    public void An_empty_output_that_is_written_in_the_recipe_is_found()
    {
        var span = new SourceSpan("pkgs/x/recipe.toml", 7, 1, 6, "server = []");
        ImmutableArray<OutputSpec> declared =
        [
            new() { Name = "server", Span = span },
            new() { Name = "doc" },
            new() { Name = "main" },
        ];
        AssertFinds(
            File("usr/bin/x", "x") with
            {
                Declared = declared,
            },
            "empty-output: server: no installed file matches the globs of this output (pkgs/x/recipe.toml:7:1)"
        );
    }

    [Fact]
    public void An_output_of_empty_folders_is_empty()
    {
        var span = new SourceSpan("pkgs/x/recipe.toml", 7, 1, 6, "server = []");
        var server = folder.Output("server", root => Directory.CreateDirectory(Path.Join(root, "usr/share")));
        AssertFinds(
            Package(server) with
            {
                Declared = [new() { Name = "server", Span = span }],
            },
            "empty-output: server: no installed file matches the globs of this output (pkgs/x/recipe.toml:7:1)"
        );
    }

    [Theory]
    [InlineData("usr/lib/python3/bin/cgi.py")]
    [InlineData("usr/share/vim/bin/mve.awk")]
    public void The_interpreter_of_a_module_that_nobody_runs_is_not_missed(string path) =>
        AssertGood(File(path, "#!/usr/local/bin/python\n"));

    [Fact]
    public void An_interpreter_that_nothing_has_is_found() =>
        AssertFinds(
            File("usr/bin/x", "#!/usr/bin/perl\n"),
            "interpreter: usr/bin/x: asks for /usr/bin/perl, which no output in the build's graph has; add the "
                + "package to needs"
        );

    [Theory]
    [InlineData("/usr/bin/sh")]
    [InlineData("/bin/sh")]
    [InlineData("/usr/sbin/../bin/./sh")]
    [InlineData("/opt/sh")]
    public void An_interpreter_is_found_over_links_and_outputs(string interpreter)
    {
        var shell = folder.Output("main", root =>
        {
            var bin = Directory.CreateDirectory(Path.Join(root, "usr/bin")).FullName;
            System.IO.File.WriteAllText(Path.Join(bin, "busybox"), "x");
            System.IO.File.CreateSymbolicLink(Path.Join(bin, "sh"), "busybox");
        });
        var base_ = folder.Output("main", root =>
        {
            System.IO.File.CreateSymbolicLink(
                Path.Join(Directory.CreateDirectory(Path.Join(root, "usr")).FullName, "sbin"),
                "bin"
            );
            System.IO.File.CreateSymbolicLink(Path.Join(root, "opt"), "/usr/bin");
        });
        var script = folder.Output(("usr/bin/x", Bytes($"#!{interpreter}\n")));
        AssertGood(Package(script) with { Runtime = View(script, base_, shell) });
    }

    [Fact]
    public void Links_in_a_circle_lead_nowhere()
    {
        var output = folder.Output("main", root =>
        {
            System.IO.File.CreateSymbolicLink(Path.Join(root, "a"), "b");
            System.IO.File.CreateSymbolicLink(Path.Join(root, "b"), "a");
        });
        Assert.Null(View(output).Locate("/a/x"));
    }

    [Fact]
    public void A_library_that_nothing_provides_is_found() =>
        AssertFinds(
            Package(folder.Output(("usr/bin/x", new ElfBuilder { Needed = ["libz.so.1"] }.Build()))),
            "soname: usr/bin/x: needs libz.so.1, which no output in the build's graph provides; add the package to "
                + "needs"
        );

    [Fact]
    public void A_library_is_found_by_its_file_name_not_by_its_soname()
    {
        var library = folder.Output(("usr/lib/libz.so.1.3", new ElfBuilder { Soname = "libz.so.1" }.Build()));
        var program = folder.Output("tools", ("usr/bin/x", new ElfBuilder { Needed = ["libz.so.1"] }.Build()));
        AssertFinds(
            Package(library, program),
            "soname: usr/bin/x: needs libz.so.1, and 'usr/lib/libz.so.1.3' of probe:main has another file name; "
                + "install it, or a link to it, as '/usr/lib/libz.so.1'"
        );
    }

    [Fact]
    public void A_library_in_a_folder_of_its_own_is_not_found_without_a_run_path()
    {
        var library = ("usr/lib/probe/libprobe.so", new ElfBuilder { Soname = "libprobe.so" }.Build());
        AssertFinds(
            Package(folder.Output(("usr/bin/x", new ElfBuilder { Needed = ["libprobe.so"] }.Build()), library)),
            "soname: usr/bin/x: needs libprobe.so, which the dynamic linker looks for in /lib, /usr/local/lib and "
                + "/usr/lib, and it lies in "
                + "'usr/lib/probe/libprobe.so' of probe:main; link with -Wl,-rpath,/usr/lib/probe, or install the "
                + "library in /usr/lib"
        );
        AssertGood(
            Package(
                folder.Output(
                    ("usr/bin/x", new ElfBuilder { Needed = ["libprobe.so"], RunPath = "/usr/lib/probe" }.Build()),
                    library
                )
            )
        );
    }

    [Theory]
    [InlineData("$ORIGIN/../lib/private")]
    [InlineData("/nowhere:/usr/lib/private")]
    public void A_library_is_found_by_its_name_in_a_run_path(string runPath)
    {
        var plugin = folder.Output(("usr/lib/private/plug", new ElfBuilder { IsStatic = true }.Build()));
        AssertGood(
            Package(
                folder.Output(("usr/bin/x", new ElfBuilder { Needed = ["plug"], RunPath = runPath }.Build())),
                plugin
            )
        );
    }

    /// <summary>
    /// A program, and its libraries in a folder of their own, each of which needs the next and has no run path.
    /// </summary>
    private CheckedPackage App(ElfBuilder program, params (string Path, byte[] Content)[] more) =>
        Package(
            folder.Output([("usr/bin/app", program.Build()), .. more]),
            folder.Output(
                "libs",
                ("usr/lib/app/liba.so", new ElfBuilder { Soname = "liba.so", Needed = ["libb.so"] }.Build()),
                ("usr/lib/app/libb.so", new ElfBuilder { Soname = "libb.so", Needed = ["libc_private.so"] }.Build()),
                ("usr/lib/app/libc_private.so", new ElfBuilder { Soname = "libc_private.so" }.Build())
            )
        );

    [Theory]
    [InlineData("$ORIGIN/../lib/app", null)]
    [InlineData("/usr/lib/app", null)]
    [InlineData(null, "$ORIGIN/../lib/app")]
    [InlineData(null, "/usr/lib/app")]
    [InlineData("/usr/lib/app", "/nowhere")]
    public void Private_libraries_find_each_other_through_the_run_path_of_their_program(string? runPath, string? old) =>
        AssertGood(
            App(
                new()
                {
                    Needed = ["liba.so"],
                    RunPath = runPath,
                    OldRunPath = old,
                }
            )
        );

    [Fact]
    public void An_old_run_path_does_not_count_beside_a_new_one() =>
        Assert.Contains(
            "soname usr/bin/app",
            OutputChecks
                .Run(
                    App(
                        new()
                        {
                            Needed = ["liba.so"],
                            RunPath = "/nowhere",
                            OldRunPath = "/usr/lib/app",
                        }
                    ),
                    TestContext.Current.CancellationToken
                )
                .Select(x => $"{x.Check} {x.Path}")
        );

    [Fact]
    public void A_second_program_without_a_run_path_misses_what_the_first_one_finds() =>
        AssertFinds(
            App(
                new() { Needed = ["liba.so"], RunPath = "$ORIGIN/../lib/app" },
                ("usr/bin/other", new ElfBuilder { Needed = ["libb.so"] }.Build())
            ),
            "soname: usr/bin/other: needs libb.so, which the dynamic linker looks for in /lib, /usr/local/lib and "
                + "/usr/lib, and it lies in 'usr/lib/app/libb.so' of probe:libs; link with -Wl,-rpath,/usr/lib/app, "
                + "or install the library in /usr/lib"
        );

    [Fact]
    public void A_plugin_that_nothing_loads_does_not_lean_on_the_run_path_of_a_program() =>
        AssertFinds(
            App(
                new() { Needed = ["liba.so"], RunPath = "$ORIGIN/../lib/app" },
                ("usr/lib/app/plugins/x.so", new ElfBuilder { Soname = "x.so", Needed = ["libb.so"] }.Build())
            ),
            "soname: usr/lib/app/plugins/x.so: needs libb.so, which the dynamic linker looks for in /lib, "
                + "/usr/local/lib and /usr/lib, and it lies in 'usr/lib/app/libb.so' of probe:libs; link with "
                + "-Wl,-rpath,/usr/lib/app, or install the library in /usr/lib"
        );

    [Theory]
    [InlineData("opt/x")]
    [InlineData("var/lib/x")]
    [InlineData("usrx/y")]
    public void A_file_in_an_unusual_place_is_found(string path) =>
        AssertFinds(
            File(path, "x"),
            $"location: {path}: is neither below usr/ nor below etc/; give the build a prefix of /usr"
        );

    [Fact]
    public void A_file_below_a_link_of_every_root_is_found() =>
        AssertFinds(
            File("usr/sbin/nginx", "x") with
            {
                LinkAt = x => x == "usr/sbin" ? "bin" : null,
            },
            "location: usr/sbin/nginx: is below usr/sbin/, which is a link to bin in every root; let the build "
                + "install it "
                + "there"
        );

    [Fact]
    public void A_package_that_installs_nothing_is_found() =>
        AssertFinds(
            Package(),
            "empty-output: main: the package installs nothing; its install step has to put files below $DESTDIR, "
                + "which is "
                + "/stage"
        );

    [Fact]
    public void Usual_places_are_good() =>
        AssertGood(Package(folder.Output(("usr/bin/x", Bytes("x")), ("etc/x.conf", Bytes("x")))));

    [Fact]
    public void Findings_come_in_one_order()
    {
        var package = Package(folder.Output(("opt/b.la", Bytes("/build/x")), ("opt/a.la", Bytes("/stage/x"))));
        Assert.Equal(
            [
                "build-path opt/a.la",
                "build-path opt/b.la",
                "libtool-archive opt/a.la",
                "libtool-archive opt/b.la",
                "location opt/a.la",
                "location opt/b.la",
            ],
            OutputChecks.Run(package, TestContext.Current.CancellationToken).Select(x => $"{x.Check} {x.Path}")
        );
    }
}
