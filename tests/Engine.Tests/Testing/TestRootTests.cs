using Recipes.Engine.Testing;
using Recipes.Engine.Tests.Images;
using Xunit;

namespace Recipes.Engine.Tests.Testing;

/// <summary>What a test sees.</summary>
public sealed class TestRootTests : IDisposable
{
    private readonly TestedPackages packages = new();

    public TestRootTests()
    {
        packages.Recipe("busybox");
        packages.Recipe("filesystem");
        packages.Built("busybox", "usr/bin/sh*=sh");
        packages.Built("filesystem", "bin -> usr/bin\nusr/bin/");
    }

    public void Dispose() => packages.Dispose();

    [Fact]
    public void The_outputs_of_its_package_with_a_shell_and_without_headers_and_manuals()
    {
        packages.Recipe("tool", more: "[outputs]\nserver = [\"usr/sbin/**\"]");
        packages.Built(
            "tool",
            ("main", "usr/bin/tool*=x", []),
            ("server", "usr/sbin/toold*=x", []),
            ("dev", "usr/include/tool.h=x", []),
            ("doc", "usr/share/man/tool.1=x", [])
        );

        var root = packages.Root("tool");

        Assert.Equal(
            ["busybox:main", "filesystem:main", "tool:main", "tool:server"],
            root.Trees.Select(x => x.Owner).Order(StringComparer.Ordinal)
        );
        Assert.Equal(packages.Tree("tool"), root.Trees.Single(x => x.Owner == "tool:main").Tree);
        Assert.Empty(root.Unbuilt);
        Assert.Null(root.Problem);
    }

    [Fact]
    public void What_the_test_needs_is_there_as_well()
    {
        packages.Recipe("other");
        packages.Recipe("tool", "script = \"true\"\nneeds = [\"other\"]");
        packages.Built("tool", "usr/bin/tool*=x");
        packages.Built("other", "usr/bin/other*=x");

        Assert.Contains("other:main", packages.Root("tool").Trees.Select(x => x.Owner));
        Assert.Equal(
            ["busybox", "filesystem", "other", "tool"],
            TestRoot.Targets(packages.Tested("tool"), packages.Load()).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_need_that_is_not_built_is_asked_for_first()
    {
        packages.Recipe("other");
        packages.Recipe("tool", "script = \"true\"\nneeds = [\"other\"]");
        packages.Built("tool", "usr/bin/tool*=x");

        var root = packages.Root("tool");

        Assert.Equal(["other"], root.Unbuilt);
        Assert.Empty(root.Trees);
    }

    [Fact]
    public void So_is_the_package_itself()
    {
        packages.Recipe("tool");

        Assert.Equal(["tool"], packages.Root("tool").Unbuilt);
    }

    [Fact]
    public void A_library_that_nothing_provides_is_named_with_the_file_that_asks()
    {
        packages.Recipe("tool");
        packages.Built("tool", "usr/bin/tool*=x", FakePackages.Program("usr/bin/tool", "libgone.so.1"));

        var root = packages.Root("tool");

        var problem = $"{root.Problem}";
        Assert.StartsWith("tool:main: 'usr/bin/tool' needs ", problem, StringComparison.Ordinal);
        Assert.Contains("libgone.so.1", problem, StringComparison.Ordinal);
        Assert.Empty(root.Trees);
    }

    [Fact]
    public void A_compiler_of_the_toolchain_comes_where_the_test_needs_it()
    {
        packages.Recipe("cc");
        packages.Recipe("tool", "script = \"true\"\nneeds = [\"cc\"]");
        packages.Built("tool", "usr/bin/tool*=x");
        packages.Built("cc", "usr/bin/cc*=x");

        Assert.Equal(
            ["busybox:main", "cc:main", "filesystem:main", "tool:main"],
            packages.Root("tool").Trees.Select(x => x.Owner)
        );
    }

    [Fact]
    public void An_image_without_a_shell_gets_one_and_with_a_shell_stays_alone()
    {
        packages.Recipe("tool");
        packages.Image("tool-image", "include = [\"tool\"]");
        packages.Built("tool", "usr/bin/tool*=x");

        var bare = packages.ImageRoot("tool-image", packages.Tree("tool"));
        packages.Built("shelled", "bin/sh*=x");
        var shelled = packages.ImageRoot("tool-image", packages.Tree("shelled"));

        Assert.Equal(["tool-image", "busybox:main", "filesystem:main"], bare.Trees.Select(x => x.Owner));
        Assert.Equal([("tool-image", packages.Tree("shelled"))], shelled.Trees);
    }
}
