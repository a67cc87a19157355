using Recipes.Engine.Images;
using Recipes.Engine.Inspection;
using Recipes.Engine.Model;
using Xunit;

namespace Recipes.Engine.Tests.Images;

public sealed class RuntimeClosureTests
{
    private const string Links = "lib -> usr/lib\nbin -> usr/bin";
    private const string Musl = "usr/lib/libc.so*=musl\nusr/lib/ld-musl-x86_64.so.1 -> libc.so";

    private static readonly string[] Base = ["native-musl:main", "skeleton:main"];

    /// <summary>musl and the links of the root, each with its counterpart in the toolchain.</summary>
    private static FakePackages Ground() =>
        new FakePackages()
            .Add("filesystem", Links)
            .Add("musl", [("main", Musl, []), ("dev", "usr/lib/libc.a=archive", [])])
            .Add("native-musl", [("main", Musl, [])], change: x => StandsFor(x, "musl"))
            .Add("skeleton", [("main", Links, [])], change: x => StandsFor(x, "filesystem"));

    private static PackageRecipe StandsFor(PackageRecipe recipe, string? package) =>
        recipe with
        {
            Area = RecipeArea.Toolchain,
            Build = new() { Base = new("debian", null), StandsFor = package is null ? null : new(package, null) },
        };

    private static RuntimeClosure Of(FakePackages packages, params string[] include) =>
        packages.Closure(FakePackages.Image(FakePackages.Spec(include)));

    private static IEnumerable<string> Names(RuntimeClosure closure) => closure.Outputs.Select(x => x.Name);

    [Fact]
    public void A_static_program_needs_nothing()
    {
        var closure = Of(new FakePackages().Add("busybox", "usr/bin/busybox*=b"), "busybox");

        Assert.True(closure.IsWhole);
        Assert.Equal(["busybox:main"], Names(closure));
    }

    [Fact]
    public void Libraries_and_the_interpreter_are_found_by_path_through_links()
    {
        var packages = Ground()
            .Add(
                "zlib",
                [
                    (
                        "main",
                        "usr/lib/libz.so.1.3*=z\nusr/lib/libz.so.1 -> libz.so.1.3",
                        [FakePackages.Library("usr/lib/libz.so.1.3", "libz.so.1", "libc.so")]
                    ),
                ],
                Base
            )
            .Add(
                "tool",
                [("main", "usr/bin/tool*=t", [FakePackages.Program("usr/bin/tool", "libz.so.1", "libc.so")])],
                ["zlib:main", .. Base]
            );

        var closure = Of(packages, "tool");

        Assert.Empty(closure.Faults);
        Assert.Equal(["filesystem:main", "musl:main", "tool:main", "zlib:main"], Names(closure));
        Assert.Equal(
            ["filesystem:main", "musl:main", "zlib:main"],
            closure.Outputs.Single(x => x.Name == "tool:main").Needs.Keys
        );
    }

    [Fact]
    public void The_program_of_a_script_is_found()
    {
        var packages = new FakePackages()
            .Add("busybox", "usr/bin/busybox*=b\nusr/bin/sh -> busybox")
            .Add("filesystem", Links)
            .Add(
                "script",
                [("main", "usr/bin/script*=s", [FakePackages.Script("usr/bin/script", "/bin/sh")])],
                ["busybox:main", "filesystem:main"]
            );

        Assert.Equal(["busybox:main", "filesystem:main", "script:main"], Names(Of(packages, "script")));
    }

    [Fact]
    public void A_soname_that_nothing_provides_names_file_soname_and_output()
    {
        var packages = Ground()
            .Add(
                "tool",
                [("main", "usr/bin/tool*=t", [FakePackages.Program("usr/bin/tool", "libz.so.1", "libc.so")])],
                Base
            );

        var closure = Of(packages, "tool");

        var fault = Assert.Single(closure.Faults);
        Assert.Equal(
            "tool:main: 'usr/bin/tool' needs libz.so.1, which no output in the graph of its build provides",
            fault.Message
        );
        Assert.Equal(FakePackages.Span, fault.Span);
        Assert.False(closure.IsWhole);
    }

    [Fact]
    public void A_library_in_a_folder_of_its_own_is_found_through_the_run_path_only()
    {
        var library = "usr/lib/private/libp.so*=p";
        var scan = FakePackages.Program("usr/bin/tool", "libp.so");
        var without = Ground().Add("tool", [("main", "usr/bin/tool*=t\n" + library, [scan])], Base);
        var with = Ground()
            .Add(
                "tool",
                [("main", "usr/bin/tool*=t\n" + library, [scan with { RunPath = ["$ORIGIN/../lib/private"] }])],
                Base
            );

        Assert.Equal(
            "tool:main: 'usr/bin/tool' needs libp.so, which the dynamic linker looks for in /lib, /usr/local/lib "
                + "and /usr/lib, and it lies in "
                + "'usr/lib/private/libp.so' of tool:main; link with -Wl,-rpath,/usr/lib/private, or install the "
                + "library in /usr/lib",
            Assert.Single(Of(without, "tool").Faults).Message
        );
        Assert.True(Of(with, "tool").IsWhole);
    }

    [Fact]
    public void The_run_path_of_a_program_brings_in_what_the_libraries_of_another_package_need()
    {
        var packages = Ground()
            .Add("inner", "usr/lib/private/libq.so*=q")
            .Add(
                "outer",
                [
                    (
                        "main",
                        "usr/lib/private/libp.so*=p",
                        [FakePackages.Library("usr/lib/private/libp.so", "libp.so", "libq.so")]
                    ),
                ],
                ["inner:main", .. Base]
            )
            .Add(
                "tool",
                [
                    (
                        "main",
                        "usr/bin/tool*=t",
                        [FakePackages.Program("usr/bin/tool", "libp.so") with { RunPath = ["/usr/lib/private"] }]
                    ),
                ],
                ["outer:main", "inner:main", .. Base]
            );

        Assert.Empty(Of(packages, "tool").Faults);
        Assert.Contains("inner:main", Names(Of(packages, "tool")));
        Assert.Equal(
            "outer:main: 'usr/lib/private/libp.so' needs libq.so, which the dynamic linker looks for in /lib, "
                + "/usr/local/lib and /usr/lib, and it "
                + "lies in 'usr/lib/private/libq.so' of inner:main; link with -Wl,-rpath,/usr/lib/private, or "
                + "install the library in /usr/lib",
            Assert.Single(Of(packages, "outer").Faults).Message
        );
    }

    /// <summary>
    /// A program of which only it itself has a run path, and its libraries, each of which needs the next.
    /// </summary>
    private static FakePackages App(string runPath, string more = "", params FileScan[] moreScans) =>
        Ground()
            .Add(
                "app",
                [
                    (
                        "main",
                        "usr/bin/app*=p\n" + more,
                        [FakePackages.Program("usr/bin/app", "liba.so") with { RunPath = [runPath] }, .. moreScans]
                    ),
                    (
                        "libs",
                        "usr/lib/app/liba.so*=a\nusr/lib/app/libb.so*=b\nusr/lib/app/libc_private.so*=c",
                        [
                            FakePackages.Library("usr/lib/app/liba.so", "liba.so", "libb.so"),
                            FakePackages.Library("usr/lib/app/libb.so", "libb.so", "libc_private.so"),
                            FakePackages.Library("usr/lib/app/libc_private.so", "libc_private.so"),
                        ]
                    ),
                ],
                Base
            );

    [Theory]
    [InlineData("$ORIGIN/../lib/app")]
    [InlineData("/usr/lib/app")]
    public void Private_libraries_find_each_other_through_the_run_path_of_their_program(string runPath)
    {
        var closure = Of(App(runPath), "app");

        Assert.Empty(closure.Faults);
        Assert.Contains("app:libs", Names(closure));
        // The order in which outputs are included says nothing about what loads what.
        Assert.Empty(Of(App(runPath), "app:libs", "app").Faults);
    }

    [Fact]
    public void Private_libraries_without_their_program_are_not_found() =>
        Assert.Equal(
            ["'usr/lib/app/liba.so' needs libb.so", "'usr/lib/app/libb.so' needs libc_private.so"],
            Of(App("$ORIGIN/../lib/app"), "app:libs").Faults.Select(WhatIsMissing)
        );

    [Fact]
    public void A_second_program_without_a_run_path_misses_what_the_first_one_finds() =>
        Assert.Equal(
            [
                "'usr/bin/direct' needs libb.so",
                "'usr/lib/app/libb.so' needs libc_private.so when 'usr/bin/linked' loads it",
            ],
            Of(
                App(
                    "$ORIGIN/../lib/app",
                    "usr/bin/direct*=d\nusr/bin/linked*=l\nusr/lib/libz.so -> app/libb.so",
                    FakePackages.Program("usr/bin/direct", "libb.so"),
                    FakePackages.Program("usr/bin/linked", "libz.so")
                ),
                "app"
            )
                .Faults.Select(WhatIsMissing)
        );

    [Fact]
    public void A_plugin_that_nothing_loads_does_not_lean_on_the_run_path_of_a_program()
    {
        static FakePackages With(params string[] runPath) =>
            App(
                "$ORIGIN/../lib/app",
                "usr/lib/app/plugins/x.so*=x",
                FakePackages.Library("usr/lib/app/plugins/x.so", "x.so", "libb.so") with
                {
                    RunPath = [.. runPath],
                }
            );

        Assert.Equal(
            "app:main: 'usr/lib/app/plugins/x.so' needs libb.so, which the dynamic linker looks for in /lib, "
                + "/usr/local/lib and /usr/lib, and it lies in 'usr/lib/app/libb.so' of app:libs; link with "
                + "-Wl,-rpath,/usr/lib/app, or install the library in /usr/lib",
            Assert.Single(Of(With(), "app").Faults).Message
        );
        Assert.Empty(Of(With("$ORIGIN/.."), "app").Faults);
    }

    private static string WhatIsMissing(Diagnostic fault) =>
        fault.Message.Split(": ", 2)[1].Split(", which the dynamic linker looks for in ")[0];

    [Fact]
    public void A_path_file_of_the_image_tells_the_linker_where_libraries_are()
    {
        var packages = Ground()
            .Add(
                "tool",
                [("main", "usr/bin/tool*=t\nopt/lib/libp.so*=p", [FakePackages.Program("usr/bin/tool", "libp.so")])],
                Base
            );
        var spec = FakePackages.Spec("tool");

        Assert.False(Of(packages, "tool").IsWhole);
        Assert.Empty(
            packages
                .Closure(
                    FakePackages.Image(
                        spec with
                        {
                            Files = [new("/etc/ld-musl-x86_64.path", null, "/opt/lib", 420, 0, 0, FakePackages.Span)],
                        }
                    )
                )
                .Faults
        );
    }

    [Fact]
    public void A_path_file_of_a_package_counts_as_well()
    {
        var packages = Ground()
            .Add("paths", "etc/ld-musl-x86_64.path=/opt/lib")
            .Add(
                "tool",
                [("main", "usr/bin/tool*=t\nopt/lib/libp.so*=p", [FakePackages.Program("usr/bin/tool", "libp.so")])],
                Base
            );

        Assert.True(Of(packages, "tool", "paths").IsWhole);
    }

    [Fact]
    public void A_long_chain_of_requirements_is_followed()
    {
        var packages = new FakePackages();
        for (var i = 0; i < 20_000; i++)
            packages.Add($"p{i}", [("main", "usr/share/x=x", [])], requires: i == 0 ? [] : [$"p{i - 1}:main"]);

        Assert.Equal(20_000, Of(packages, "p19999").Outputs.Length);
    }

    [Fact]
    public void A_waived_soname_is_no_fault()
    {
        var packages = Ground()
            .Add(
                "tool",
                [("main", "usr/bin/tool*=t", [FakePackages.Program("usr/bin/tool", "libgone.so")])],
                Base,
                change: x => x with { Waivers = [new("soname", "usr/bin/*", "loaded by hand")] }
            );

        Assert.True(Of(packages, "tool").IsWhole);
    }

    [Fact]
    public void What_stands_for_an_unbuilt_package_asks_for_it()
    {
        var packages = new FakePackages()
            .Add("filesystem", Links)
            .Add("native-musl", [("main", Musl, [])], change: x => StandsFor(x, "musl"))
            .Add(
                "tool",
                [("main", "usr/bin/tool*=t", [FakePackages.Program("usr/bin/tool", "libc.so")])],
                ["native-musl:main", "filesystem:main"]
            );

        var closure = Of(packages, "tool");

        Assert.Equal(["musl:main"], closure.Unbuilt.Keys);
        Assert.Empty(closure.Faults);
        Assert.True(Of(packages.Add("musl", Musl), "tool").IsWhole);
    }

    [Fact]
    public void An_included_output_that_is_not_built_is_asked_for() =>
        Assert.Equal(["tool:main"], Of(new FakePackages(), "tool").Unbuilt.Keys);

    [Fact]
    public void A_candidate_that_is_not_built_is_asked_for_before_anything_is_called_missing()
    {
        var packages = Ground()
            .Add(
                "tool",
                [("main", "usr/bin/tool*=t", [FakePackages.Program("usr/bin/tool", "libz.so.1")])],
                ["zlib:main", .. Base]
            );

        var closure = Of(packages, "tool");

        Assert.Equal(["zlib:main"], closure.Unbuilt.Keys);
        Assert.Empty(closure.Faults);
    }

    [Fact]
    public void Another_output_of_the_package_stood_for_may_provide_the_library()
    {
        var packages = new FakePackages()
            .Add("gcc", [("libs", "usr/lib/libgcc_s.so.1*=g", []), ("main", "usr/bin/gcc*=g", [])])
            .Add("native-gcc", [("main", "usr/lib/libgcc_s.so.1*=g", [])], change: x => StandsFor(x, "gcc"))
            .Add(
                "tool",
                [("main", "usr/lib/tool.so*=t", [FakePackages.Library("usr/lib/tool.so", "tool.so", "libgcc_s.so.1")])],
                ["native-gcc:main"]
            );

        Assert.Equal(["gcc:libs", "tool:main"], Names(Of(packages, "tool")));
    }

    [Fact]
    public void A_toolchain_output_that_nothing_stands_for_never_goes_in()
    {
        var packages = new FakePackages()
            .Add("seed-lib", [("main", "usr/lib/libseed.so*=s", [])], change: x => StandsFor(x, null))
            .Add(
                "tool",
                [("main", "usr/lib/tool.so*=t", [FakePackages.Library("usr/lib/tool.so", "tool.so", "libseed.so")])],
                ["seed-lib:main"]
            );

        Assert.Equal(
            "tool:main: 'usr/lib/tool.so' needs libseed.so, which only 'seed-lib:main' of the toolchain provides",
            Assert.Single(Of(packages, "tool").Faults).Message
        );
    }

    [Fact]
    public void An_image_cannot_include_the_toolchain() =>
        Assert.Equal(
            "'native-musl:main' belongs to the toolchain and never goes into an image; 'musl' is the package it "
                + "stands for",
            Assert.Single(Of(Ground(), "native-musl").Faults).Message
        );

    [Fact]
    public void An_output_that_a_package_does_not_have_is_a_fault_but_an_empty_default_is_not()
    {
        var packages = new FakePackages().Add("zlib", "usr/lib/libz.so.1*=z");

        Assert.Equal("'zlib' has no output 'server'", Assert.Single(Of(packages, "zlib:server").Faults).Message);
        Assert.True(Of(packages, "zlib", "zlib:doc").IsWhole);
    }

    [Fact]
    public void What_a_recipe_requires_comes_along()
    {
        var packages = new FakePackages()
            .Add("zones", "usr/share/zoneinfo/UTC=u")
            .Add("tool", [("main", "usr/bin/tool*=t", [])], requires: ["zones:main"]);

        var closure = Of(packages, "tool");

        Assert.Equal(["tool:main", "zones:main"], Names(closure));
        Assert.Equal(["zones:main"], closure.Outputs[0].Needs.Keys);
    }

    [Fact]
    public void Of_two_providers_the_included_one_counts_else_the_first_need()
    {
        static FakePackages Two() =>
            new FakePackages()
                .Add("one", "usr/lib/libx.so*=1")
                .Add("two", "usr/lib/libx.so*=2")
                .Add(
                    "tool",
                    [("main", "usr/lib/tool.so*=t", [FakePackages.Library("usr/lib/tool.so", "tool.so", "libx.so")])],
                    ["one:main", "two:main"]
                );

        Assert.Equal(["one:main", "tool:main"], Names(Of(Two(), "tool")));
        Assert.Equal(["tool:main", "two:main"], Names(Of(Two(), "tool", "two")));
        Assert.Equal(["tool:main", "two:main"], Names(Of(Two(), "two", "tool")));
    }

    [Fact]
    public void Outputs_that_need_each_other_are_no_cycle()
    {
        var packages = new FakePackages()
            .Add("a", [("main", "usr/lib/a.so*=a", [FakePackages.Library("usr/lib/a.so", "a.so", "b.so")])], ["b:main"])
            .Add(
                "b",
                [("main", "usr/lib/b.so*=b", [FakePackages.Library("usr/lib/b.so", "b.so", "a.so")])],
                ["a:main"]
            );

        Assert.Equal(["a:main", "b:main"], Names(Of(packages, "a")));
    }

    [Fact]
    public void Links_that_go_in_a_circle_provide_nothing()
    {
        var packages = new FakePackages().Add(
            "tool",
            [
                (
                    "main",
                    "usr/lib/x.so -> y.so\nusr/lib/y.so -> x.so\nusr/lib/t.so*=t",
                    [FakePackages.Library("usr/lib/t.so", "t.so", "x.so")]
                ),
            ]
        );

        Assert.Contains("needs x.so", Assert.Single(Of(packages, "tool").Faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_left_out_need_nothing_and_provide_nothing()
    {
        var packages = new FakePackages()
            .Add("zlib", "usr/lib/libz.so.1*=z")
            .Add(
                "tool",
                [
                    (
                        "main",
                        "usr/lib/a.so*=a\nusr/lib/b.so*=b",
                        [
                            FakePackages.Library("usr/lib/a.so", "a.so", "gone.so"),
                            FakePackages.Library("usr/lib/b.so", "b.so", "libz.so.1"),
                        ]
                    ),
                ],
                ["zlib:main"]
            );
        var spec = FakePackages.Spec("tool");

        Assert.True(packages.Closure(FakePackages.Image(spec with { Exclude = ["usr/lib/a.so"] })).IsWhole);
        Assert.Equal(
            "tool:main: 'usr/lib/b.so' needs libz.so.1, but exclude leaves 'usr/lib/libz.so.1' out",
            Assert
                .Single(packages.Closure(FakePackages.Image(spec with { Exclude = ["usr/lib/{a,libz}.*"] })).Faults)
                .Message
        );
    }
}
