using Recipes.Integration.Tests.Docker;
using Xunit;

namespace Recipes.Integration.Tests.Servers;

/// <summary>Images that are a command: arguments of the container are those of the program.</summary>
[Collection(nameof(DockerDaemon))]
public sealed class CurlImageTests(DockerDaemon daemon) : ServerInDocker(daemon, "curl-image")
{
    [Fact]
    public async Task It_transfers_what_a_URL_names_as_a_plain_user()
    {
        Assert.Contains("Protocols: ", await RunAsync([], "--version"));
        Assert.Contains(
            "curl:x:100:",
            await RunAsync(["--read-only", "--cap-drop", "ALL"], "-s", "file:///etc/passwd")
        );
    }
}

/// <inheritdoc cref="CurlImageTests"/>
[Collection(nameof(DockerDaemon))]
public sealed class JqImageTests(DockerDaemon daemon) : ServerInDocker(daemon, "jq-image")
{
    [Fact]
    public async Task It_filters() => Assert.Equal("7\n", await RunAsync(["--read-only"], "-n", "[1, 6] | add"));
}

/// <inheritdoc cref="CurlImageTests"/>
[Collection(nameof(DockerDaemon))]
public sealed class SqliteImageTests(DockerDaemon daemon) : ServerInDocker(daemon, "sqlite-image")
{
    [Fact]
    public async Task It_keeps_a_database_in_its_volume()
    {
        string[] volume = ["-v", $"{Folder.Join("data")}:/data"];

        await RunAsync(volume, "words.db", "create table words (word); insert into words values ('one')");

        Assert.Equal("one\n", await RunAsync(volume, "words.db", "select word from words"));
    }
}
