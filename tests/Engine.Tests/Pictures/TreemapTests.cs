using CsCheck;
using Recipes.Engine.Pictures;
using Xunit;

namespace Recipes.Engine.Tests.Pictures;

public class TreemapTests
{
    private static readonly Rectangle Places = new(10, 20, 400, 300);

    [Fact]
    public void Parts_are_as_large_as_their_weights_and_fill_the_place_without_overlap() =>
        Gen.Double[0.5, 1000]
            .Array[1, 40]
            .Sample(weights =>
            {
                Array.Sort(weights, (a, b) => b.CompareTo(a));
                var parts = Treemap.Divide(weights, Places);
                var scale = Places.Area / weights.Sum();
                for (var i = 0; i < parts.Length; i++)
                {
                    Assert.Equal(weights[i] * scale, parts[i].Area, 1e-3);
                    Assert.InRange(parts[i].X, Places.X - 1e-6, Places.X + Places.Width - parts[i].Width + 1e-6);
                    Assert.InRange(parts[i].Y, Places.Y - 1e-6, Places.Y + Places.Height - parts[i].Height + 1e-6);
                    Assert.All(parts[..i], x => Assert.True(Overlap(x, parts[i]) < 1e-3));
                }
            });

    [Fact]
    public void Equal_weights_in_a_square_are_squares() =>
        Assert.All(Treemap.Divide([1, 1, 1, 1], new(0, 0, 100, 100)), x =>
            Assert.Equal((50.0, 50.0), (x.Width, x.Height))
        );

    [Fact]
    public void Nothing_is_divided_into_nothing() => Assert.Empty(Treemap.Divide([], Places));

    [Theory]
    [InlineData("busybox", "busybox")]
    [InlineData("information_schema.sql", "informati…")]
    [InlineData("WWWWWWWWWWWW", "WWWW…")]
    public void A_text_that_is_too_long_is_cut(string text, string expected) =>
        Assert.Equal(expected, TextWidth.Fit(text, 11, 62));

    [Fact]
    public void What_would_be_next_to_nothing_is_left_out() => Assert.Null(TextWidth.Fit("WWWWWWWWWWWW", 11, 40));

    private static double Overlap(Rectangle a, Rectangle b) =>
        Math.Max(0, Math.Min(a.X + a.Width, b.X + b.Width) - Math.Max(a.X, b.X))
        * Math.Max(0, Math.Min(a.Y + a.Height, b.Y + b.Height) - Math.Max(a.Y, b.Y));
}
