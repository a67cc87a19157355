using Recipes.Cli.Output;
using Xunit;

namespace Recipes.Cli.Tests.Output;

public sealed class ProgramVersionTests
{
    private const string Commit = "1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d";

    [Theory]
    [InlineData("0.1.0", "0.1.0")]
    [InlineData("0.1.0+" + Commit, "0.1.0 (1a2b3c4d5e6f)")]
    [InlineData("0.1.0+" + Commit + ".modified", "0.1.0 (1a2b3c4d5e6f, modified)")]
    [InlineData("0.2.0-rc.1+" + Commit, "0.2.0-rc.1 (1a2b3c4d5e6f)")]
    public void It_has_the_commit_where_there_is_one(string written, string shown) =>
        Assert.Equal(shown, ProgramVersion.Parse(written).ToString());

    [Fact]
    public void The_commit_is_kept_in_full() => Assert.Equal(Commit, ProgramVersion.Parse("1.0.0+" + Commit).Commit);
}
