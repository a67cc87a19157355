using Recipes.Engine.Sources.Trees;
using Xunit;

namespace Recipes.Engine.Tests.Sources;

public sealed class WantedPathsTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("lib/**", "", true)]
    [InlineData("lib/sub/a.c", "", true)]
    [InlineData("**/*.c", "", true)]
    [InlineData("src/**", "", false)]
    [InlineData("lib/submarine/**", "", false)]
    [InlineData("lib/sub", "", false)]
    [InlineData("", "lib/sub", false)]
    [InlineData("", "lib/sub/**", false)]
    [InlineData("", "lib/**", false)]
    [InlineData("", "**", false)]
    [InlineData("", "lib/sub/*", true)]
    [InlineData("", "lib/sub/a/**", true)]
    [InlineData("", "**/*.c", true)]
    public void Below_a_folder_nothing_is_wanted_where_no_name_could_be(string only, string except, bool isWanted) =>
        Assert.Equal(
            isWanted,
            new WantedPaths(only.Length == 0 ? [] : [only], except.Length == 0 ? [] : [except]).WantsBelow("lib/sub")
        );
}
