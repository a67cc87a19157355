using Recipes.Engine.Content;
using Recipes.Engine.Images;
using Recipes.Engine.Model;
using Xunit;

namespace Recipes.Engine.Tests.Images;

public sealed class ImageSizeTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    [Fact]
    public void The_largest_package_comes_first_links_weigh_nothing_and_the_accounts_are_files_too()
    {
        var size = Size(FakePackages.Spec("tool", "musl"));

        Assert.Equal(
            ["musl 100 2", "tool 53 3", "test-image 40 2"],
            size.Packages.Select(x => $"{x.Name} {x.Bytes} {x.Entries}")
        );
        Assert.Equal(
            ["usr/bin/tool 50", "usr/share/doc/README 3"],
            size.Packages[1].Files.Where(x => x.Bytes > 0).Select(x => $"{x.Path} {x.Bytes}")
        );
        Assert.Equal(193, size.Bytes);
        Assert.Empty(size.Faults);
    }

    [Fact]
    public void What_the_image_leaves_out_is_not_weighed_and_its_own_files_are()
    {
        var spec = FakePackages.Spec("tool") with
        {
            Exclude = ["usr/share/**"],
            Files = [new("/etc/motd", null, "hello\n", Convert.ToInt32("644", 8), 0, 0, FakePackages.Span)],
        };

        var size = Size(spec);

        Assert.Equal(["tool 50", "test-image 46"], size.Packages.Select(x => $"{x.Name} {x.Bytes}"));
    }

    [Fact]
    public void An_image_above_its_limit_is_weighed_too()
    {
        var size = Size(FakePackages.Spec("tool") with { SizeLimit = 40 });

        Assert.Equal((93, 40L), (size.Bytes, size.Limit));
        Assert.Contains(
            "93 bytes, 53 more than its limit of 40",
            Assert.Single(size.Faults).Message,
            StringComparison.Ordinal
        );
    }

    public void Dispose() => directory.Dispose();

    private ImageSize Size(ImageSpec spec)
    {
        var store = ContentStore.Open(directory.Join("store"));
        var packages = new FakePackages(store)
            .Add("musl", [("main", "usr/lib/libc.so*=100B\nusr/lib/ld.so -> libc.so", [])])
            .Add("tool", [("main", "usr/bin/tool*=50B\nusr/share/doc/README=abc\nusr/share/empty=", [])]);
        var image = FakePackages.Image(spec);
        return ImageSize.Of(image, packages.Closure(image), store);
    }
}
