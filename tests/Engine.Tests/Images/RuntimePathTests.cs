using System.Collections.Immutable;
using Recipes.Engine.Images;
using Recipes.Engine.Model;
using Xunit;

namespace Recipes.Engine.Tests.Images;

public sealed class RuntimePathTests
{
    private readonly FakePackages packages = new FakePackages()
        .Add(
            "libz",
            [
                (
                    "main",
                    "usr/lib/libz.so.1.3*=z\nusr/lib/libz.so.1 -> libz.so.1.3",
                    [FakePackages.Library("usr/lib/libz.so.1.3", "libz.so.1")]
                ),
            ]
        )
        .Add("data", "usr/share/data=d")
        .Add(
            "tool",
            [("main", "usr/bin/tool*=t", [FakePackages.Library("usr/bin/tool", "tool", "libz.so.1")])],
            ["libz:main"],
            ["data:main"]
        );

    [Theory]
    [InlineData("usr/lib/libz.so.1.3", "usr/lib/libz.so.1.3")]
    [InlineData("/usr/lib/libz.so.1", "usr/lib/libz.so.1")]
    [InlineData("libz.so.1", "usr/lib/libz.so.1.3")]
    [InlineData("libz.so.1.3", "usr/lib/libz.so.1.3")]
    public void A_library_is_there_because_a_file_names_its_soname(string what, string path)
    {
        var found = Assert.Single(Find(FakePackages.Spec("tool"), what));

        Assert.Equal(("libz:main", path), (found.Output, found.Path));
        Assert.Equal(
            [
                new RuntimeHop("test-image", "tool:main", null, null),
                new RuntimeHop("tool:main", "libz:main", "usr/bin/tool", "libz.so.1"),
            ],
            found.Hops
        );
    }

    [Fact]
    public void What_a_recipe_requires_is_there_without_a_file()
    {
        var found = Assert.Single(Find(FakePackages.Spec("tool"), "data:main"));

        Assert.Equal(new RuntimeHop("tool:main", "data:main", null, null), found.Hops[^1]);
        Assert.Null(found.Path);
    }

    [Fact]
    public void What_is_left_out_is_not_there()
    {
        Assert.Empty(Find(FakePackages.Spec("tool") with { Exclude = ["usr/share"] }, "usr/share/data"));
        Assert.Empty(Find(FakePackages.Spec("tool"), "usr/share/other"));
    }

    [Fact]
    public void The_image_holds_its_own_files()
    {
        var spec = FakePackages.Spec("tool") with
        {
            Files = [new("/etc/own", null, "own", 420, 0, 0, FakePackages.Span)],
        };

        var found = Assert.Single(Find(spec, "/etc/own"));

        Assert.Equal(("test-image", "etc/own"), (found.Output, found.Path));
    }

    private ImmutableArray<RuntimePath> Find(ImageSpec spec, string what)
    {
        var image = FakePackages.Image(spec);
        var closure = packages.Closure(image);
        Assert.True(closure.IsWhole, string.Join('\n', closure.Faults));
        return RuntimePath.Find(image, closure, packages, what);
    }
}
