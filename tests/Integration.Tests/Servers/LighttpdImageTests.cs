using System.Net;
using Recipes.Integration.Tests.Docker;
using Xunit;

namespace Recipes.Integration.Tests.Servers;

[Collection(nameof(DockerDaemon))]
public sealed class LighttpdImageTests(DockerDaemon daemon) : ServerInDocker(daemon, "lighttpd-image")
{
    [Theory]
    [InlineData("")]
    [InlineData("--user 1234:1234")]
    public async Task It_serves_and_compresses_what_is_mounted_and_logs_to_docker(string options)
    {
        Folder.Write("www/index.html", $"<p>{new string('x', 2000)}</p>\n");
        await StartAsync(
            8080,
            ["-v", $"{Folder.Join("www")}:/var/www:ro", "--read-only", "--cap-drop", "ALL", .. Words(options)]
        );
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{Port}") };

        Assert.StartsWith(
            "<p>xxx",
            await AnswerAsync(() => http.GetStringAsync(new Uri("/", UriKind.Relative), Token))
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.AcceptEncoding.ParseAdd("br");
        using var packed = await http.SendAsync(request, Token);
        Assert.Equal("br", Assert.Single(packed.Content.Headers.ContentEncoding));
        using var missing = await http.GetAsync(new Uri("/none", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);

        Assert.Equal("0", await StopAsync());
        Assert.Contains("\"GET /none HTTP/1.1\" 404", await LogAsync());
    }
}
