using Recipes.Engine.Registries;
using Xunit;

namespace Recipes.Engine.Tests.Registries;

public sealed class RegistryReferenceTests
{
    [Theory]
    [InlineData("registry.example/app", "registry.example", "app", null)]
    [InlineData("registry.example:5000/a/b-c/d_e:1.0_x-y", "registry.example:5000", "a/b-c/d_e", "1.0_x-y")]
    [InlineData("localhost/a.b__c---d:latest", "localhost", "a.b__c---d", "latest")]
    [InlineData("[::1]:5000/app:t", "[::1]:5000", "app", "t")]
    [InlineData("docker.io/user/app", "docker.io", "user/app", null)]
    [InlineData("docker.io/app:1", "docker.io", "library/app", "1")]
    public void A_reference_is_host_repository_and_tag(string text, string host, string repository, string? tag)
    {
        var reference = RegistryReference.Parse(text);

        Assert.Equal((host, repository, tag), (reference.Host, reference.Repository, reference.Tag));
        Assert.Equal(reference, RegistryReference.Parse(reference.ToString()));
    }

    [Theory]
    [InlineData("app", "the registry is missing; of Docker Hub it would be docker.io/USER/app")]
    [InlineData("user/app:1", "the registry is missing; of Docker Hub it would be docker.io/user/app:1")]
    [InlineData("https://registry.example/app", "leave out 'https://'")]
    [InlineData("registry.example/app@sha256:00", "an image is pushed to a tag, not to a digest")]
    [InlineData("registry..example_/app", "'registry..example_' is not of the form HOST[:PORT]")]
    [InlineData("registry.example:x/app", "'registry.example:x' is not of the form HOST[:PORT]")]
    [InlineData("registry.example/", "'' is not a repository name: ")]
    [InlineData("registry.example/App", "'App' is not a repository name: a repository has lower case letters, ")]
    [InlineData("registry.example/a//b", "'a//b' is not a repository name: ")]
    [InlineData("registry.example/a..b", "'a..b' is not a repository name: ")]
    [InlineData("registry.example/app\n", "'app\n' is not a repository name: ")]
    [InlineData("registry.example/app:", "'' is not a tag: ")]
    [InlineData("registry.example/app:.x", "'.x' is not a tag: ")]
    [InlineData("registry.example/app:a:b", "'a:b' is not a tag: ")]
    public void Anything_else_is_refused_with_a_reason(string text, string reason)
    {
        var fault = Assert.Throws<FormatException>(() => RegistryReference.Parse(text));

        Assert.StartsWith(
            $"'{text}' is not a place for an image (REGISTRY/REPOSITORY[:TAG]): {reason}",
            fault.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Names_and_tags_have_a_longest_form()
    {
        Assert.Throws<FormatException>(() => RegistryReference.Parse("registry.example/" + new string('a', 239)));
        Assert.Throws<FormatException>(() => RegistryReference.Parse("registry.example/a:" + new string('a', 129)));
        Assert.Equal(128, RegistryReference.Parse("registry.example/a:" + new string('a', 128)).Tag!.Length);
    }

    [Theory]
    [InlineData("localhost:5000/a", true)]
    [InlineData("cache.localhost/a", true)]
    [InlineData("127.0.0.1/a", true)]
    [InlineData("127.9.9.9:1/a", true)]
    [InlineData("[::1]/a", true)]
    [InlineData("registry.example/a", false)]
    [InlineData("localhost.example/a", false)]
    [InlineData("10.0.0.1:5000/a", false)]
    public void This_machine_is_known_by_its_names(string text, bool isLoopback) =>
        Assert.Equal(isLoopback, RegistryReference.Parse(text).IsLoopback);

    [Fact]
    public void Docker_Hub_answers_under_another_name_and_is_known_to_docker_login_by_a_third()
    {
        var reference = RegistryReference.Parse("docker.io/user/app");

        Assert.Equal("registry-1.docker.io", reference.Endpoint);
        Assert.Equal("https://index.docker.io/v1/", reference.CredentialServer);
    }
}
