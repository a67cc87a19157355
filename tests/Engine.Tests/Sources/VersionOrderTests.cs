using CsCheck;
using Recipes.Engine.Sources.Releases;
using Xunit;

namespace Recipes.Engine.Tests.Sources;

public class VersionOrderTests
{
    private static readonly Gen<string> Version = Gen.OneOf(
            "0",
            "1",
            "01",
            "9",
            "10",
            "20260617",
            "a",
            "b",
            "rc",
            "beta",
            "p",
            "dfsg",
            ".",
            "-",
            "+",
            "~",
            "_"
        )
        .Array[1, 6]
        .Select(string.Concat);

    [Theory]
    [InlineData("1.9", "1.10")]
    [InlineData("1.2.5", "1.2.6")]
    [InlineData("1.2", "1.2.0")]
    [InlineData("9", "10")]
    [InlineData("2.46.50.20260617", "2.47")]
    [InlineData("1.3-rc1", "1.3")]
    [InlineData("1.3rc1", "1.3rc2")]
    [InlineData("1.3beta", "1.3rc1")]
    [InlineData("1.3-alpha.2", "1.3-beta.1")]
    [InlineData("3.13.0a7", "3.13.0b1")]
    [InlineData("3.13.0b4", "3.13.0rc1")]
    [InlineData("3.13.0rc1", "3.13.0")]
    [InlineData("1.3~git1", "1.3")]
    [InlineData("1.2", "1.3-pre1")]
    [InlineData("1.1.1", "1.1.1a")]
    [InlineData("1.1.1a", "1.1.1b")]
    [InlineData("1.1.1w", "1.1.2")]
    [InlineData("1.0.2b", "1.0.2z")]
    [InlineData("9.9", "9.9p1")]
    [InlineData("9.9p2", "9.10p1")]
    [InlineData("0.99999999999999999999", "0.100000000000000000000")]
    public void The_first_comes_before_the_second(string first, string second)
    {
        Assert.True(VersionOrder.Instance.Compare(first, second) < 0);
        Assert.True(VersionOrder.Instance.Compare(second, first) > 0);
    }

    [Theory]
    [InlineData("1.3-rc1", true)]
    [InlineData("2.0.0b1", true)]
    [InlineData("1.3~git1", true)]
    [InlineData("2.46.50.20260617", true)]
    [InlineData("20260617", false)]
    [InlineData("1.1.1b", false)]
    [InlineData("9.9p1", false)]
    [InlineData("6.12.107", false)]
    [InlineData("1.20261399", false)]
    public void What_precedes_a_release_is_known(string version, bool expected) =>
        Assert.Equal(expected, VersionOrder.IsPrerelease(version));

    [Fact]
    public void It_is_an_order() =>
        Gen.Select(Version, Version, Version)
            .Sample(
                (a, b, c) =>
                {
                    var order = VersionOrder.Instance;
                    Assert.Equal(0, order.Compare(a, a));
                    Assert.Equal(a == b, order.Compare(a, b) == 0);
                    Assert.Equal(Math.Sign(order.Compare(a, b)), -Math.Sign(order.Compare(b, a)));
                    if (order.Compare(a, b) <= 0 && order.Compare(b, c) <= 0)
                        Assert.True(order.Compare(a, c) <= 0);
                },
                iter: 20_000
            );

    [Fact]
    public void The_newest_release_is_taken_unless_one_is_at_a_prerelease_already()
    {
        UpstreamAnswer answer = new([new("2.0-rc1", "x"), new("1.10", "x"), new("1.9", "x")], []);

        Assert.Equal("1.10", answer.Newest("1.9"));
        Assert.Equal("2.0-rc1", answer.Newest("2.0-beta1"));
        Assert.Null(new UpstreamAnswer([new("2.0-rc1", "x")], []).Newest("1.9"));
    }
}
