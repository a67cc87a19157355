using Recipes.Cli.Output;
using Recipes.Engine.Images;
using Xunit;

namespace Recipes.Cli.Tests.Output;

public sealed class SizeViewTests
{
    private static readonly ImageSize Image = new(
        "app-image",
        "1",
        2000,
        [
            new("app", "1", 3, [new("usr/bin/app", 1500), new("usr/share/app", 100)]),
            new("libc", "2", 1, [new("usr/lib/libc.so", 400)]),
        ],
        []
    );

    [Fact]
    public void Packages_and_the_largest_files_are_listed_with_their_shares() =>
        Assert.Equal(
            """
            package  version  files  bytes   share
            app      1            3  1,600  80.0 %
            libc     2            1    400  20.0 %
            total                 4  2,000
            0 bytes below the limit of 2,000

            largest files    bytes   share  package
            usr/bin/app      1,500  75.0 %  app
            usr/lib/libc.so    400  20.0 %  libc

            """,
            Write(Image, 2)
        );

    [Fact]
    public void Above_the_limit_it_says_by_how_much() =>
        Assert.Contains(
            "\n500 bytes above the limit of 1,500\n",
            Write(Image with { Limit = 1500 }, 0),
            StringComparison.Ordinal
        );

    [Fact]
    public void No_files_are_listed_where_none_are_wanted() =>
        Assert.DoesNotContain("largest", Write(Image with { Limit = null }, 0), StringComparison.Ordinal);

    private static string Write(ImageSize image, int largest)
    {
        using var writer = new StringWriter();
        SizeView.Write(writer, image, largest);
        return writer.ToString();
    }
}
