using System.Net;
using Recipes.Integration.Tests.Docker;
using Xunit;

namespace Recipes.Integration.Tests.Servers;

[Collection(nameof(DockerDaemon))]
public sealed class WebhookImageTests(DockerDaemon daemon) : ServerInDocker(daemon, "webhook-image")
{
    [Theory]
    [InlineData("")]
    [InlineData("--user 1234:1234")]
    public async Task It_runs_what_a_mounted_file_says_and_nothing_else(string options)
    {
        Folder.Write(
            "hooks/hooks.json",
            """
            [{
                "id": "greet", "execute-command": "/usr/bin/echo", "include-command-output-in-response": true,
                "pass-arguments-to-command": [{ "source": "string", "name": "Hello" }, { "source": "url", "name": "who" }]
            }]
            """
        );
        await StartAsync(
            9000,
            ["-v", $"{Folder.Join("hooks")}:/etc/webhook:ro", "--read-only", "--cap-drop", "ALL", .. Words(options)]
        );
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{Port}") };

        Assert.Equal(
            "Hello you; rm -rf /\n",
            await AnswerAsync(() =>
                http.GetStringAsync(new Uri("/hooks/greet?who=you%3B+rm+-rf+/", UriKind.Relative), Token)
            )
        );
        using var other = await http.GetAsync(new Uri("/hooks/other", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);

        await StopAsync();
        Assert.Contains("greet got matched", await LogAsync());
    }
}
