using Recipes.Engine.Sources.Git;
using Xunit;

namespace Recipes.Engine.Tests.Sources;

public sealed class SubmoduleUrlTests
{
    private const string Parent = "https://example.org/group/x.git";

    [Theory]
    [InlineData("../sub.git", "https://example.org/group/sub.git")]
    [InlineData("../../other/sub.git", "https://example.org/other/sub.git")]
    [InlineData("./sub.git", "https://example.org/group/x.git/sub.git")]
    [InlineData(".././../other/sub", "https://example.org/other/sub")]
    [InlineData("https://example.com/sub.git", "https://example.com/sub.git")]
    [InlineData("git@example.com:group/sub.git", "ssh://git@example.com/group/sub.git")]
    [InlineData("example.com:/group/sub.git", "ssh://example.com/group/sub.git")]
    [InlineData("../../../sub", null)]
    [InlineData("../../../../sub", null)]
    [InlineData("/srv/sub.git", null)]
    [InlineData("file:///srv/sub.git", null)]
    [InlineData("ext::sh -c 'touch x'", null)]
    [InlineData("fd::17", null)]
    [InlineData("--upload-pack=touch x:y", null)]
    [InlineData("sub", null)]
    [InlineData("", null)]
    public void Of_a_server_it_is_relative_to_it_or_another_server(string url, string? fetched) =>
        Assert.Equal(fetched, SubmoduleUrl.Resolve(Parent, url));

    [Theory]
    [InlineData("../sub", "file:///srv/sub")]
    [InlineData("/srv/sub", "file:///srv/sub")]
    [InlineData("file:///srv/sub", "file:///srv/sub")]
    public void Of_a_local_repository_it_may_be_local(string url, string fetched) =>
        Assert.Equal(fetched, SubmoduleUrl.Resolve("file:///srv/x/", url));
}
