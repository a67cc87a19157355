using Recipes.Engine.Images;
using Recipes.Engine.Model;
using Xunit;

namespace Recipes.Engine.Tests.Images;

public sealed class ImageNameTests
{
    [Theory]
    [InlineData("app", "app", "latest")]
    [InlineData("app:1.0", "app", "1.0")]
    [InlineData("team/app", "team/app", "latest")]
    [InlineData("localhost/app:x", "localhost/app", "x")]
    [InlineData("Registry.example:5000/team/app:x", "Registry.example:5000/team/app", "x")]
    public void A_name_is_repository_and_tag(string text, string repository, string tag)
    {
        var name = ImageName.Parse(text);

        Assert.Equal((repository, tag), (name.Repository, name.Tag));
        Assert.Equal($"{repository}:{tag}", name.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("App")]
    [InlineData("a b")]
    [InlineData("app:")]
    [InlineData("app:-x")]
    [InlineData("app@sha256:00")]
    [InlineData("registry.example:5000/")]
    [InlineData("https://registry.example/app")]
    public void Anything_else_is_refused(string text)
    {
        var fault = Assert.Throws<FormatException>(() => ImageName.Parse(text));

        Assert.StartsWith(
            $"'{text}' is not a name for an image ([HOST[:PORT]/]REPOSITORY[:TAG]): ",
            fault.Message,
            StringComparison.Ordinal
        );
    }
}
