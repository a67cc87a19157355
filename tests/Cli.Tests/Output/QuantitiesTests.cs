using Recipes.Cli.Output;
using Xunit;

namespace Recipes.Cli.Tests.Output;

public sealed class QuantitiesTests
{
    [Theory]
    [InlineData(0, "0.0 s")]
    [InlineData(9.94, "9.9 s")]
    [InlineData(9.96, "9 s")]
    [InlineData(59.9, "59 s")]
    [InlineData(60, "1 min 00 s")]
    [InlineData(185, "3 min 05 s")]
    [InlineData(3720, "1 h 02 min")]
    [InlineData(90_000, "25 h 00 min")]
    public void Durations_read_well(double seconds, string expected) =>
        Assert.Equal(expected, Quantities.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0.9, "0 s")]
    [InlineData(9.96, "9 s")]
    [InlineData(185, "3 min 05 s")]
    public void A_time_that_goes_on_has_whole_seconds(double seconds, string expected) =>
        Assert.Equal(expected, Quantities.WholeSeconds(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(1, "5 s", "0 s")]
    [InlineData(42, "40 s", "40 s")]
    [InlineData(44, "45 s", "40 s")]
    [InlineData(59, "1 min", "55 s")]
    [InlineData(725, "12 min", "12 min")]
    [InlineData(3590, "1 h 00 min", "59 min")]
    [InlineData(7900, "2 h 10 min", "2 h 10 min")]
    public void An_estimate_is_no_finer_than_it_is_sure(double seconds, string expected, string bound)
    {
        Assert.Equal(expected, Quantities.Rough(TimeSpan.FromSeconds(seconds)));
        Assert.Equal(bound, Quantities.Rough(TimeSpan.FromSeconds(seconds), down: true));
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(345_800, "345.8 kB")]
    [InlineData(15_820_000, "15.82 MB")]
    [InlineData(86_080_000_000, "86.08 GB")]
    [InlineData(1_000_000_000_000_000, "1000 TB")]
    public void Sizes_read_well(long bytes, string expected) => Assert.Equal(expected, Quantities.Size(bytes));

    [Fact]
    public void Nouns_follow_their_number()
    {
        Assert.Equal("1 package", Quantities.Count(1, "package"));
        Assert.Equal("0 packages", Quantities.Count(0, "package"));
    }
}
