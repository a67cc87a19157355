using System.Net.Sockets;
using Recipes.Integration.Tests.Docker;
using Xunit;

namespace Recipes.Integration.Tests.Servers;

[Collection(nameof(DockerDaemon))]
public sealed class MemcachedImageTests(DockerDaemon daemon) : ServerInDocker(daemon, "memcached-image")
{
    [Fact]
    public async Task It_keeps_values_as_a_plain_user_and_takes_flags()
    {
        await StartAsync(11211, ["--read-only", "--cap-drop", "ALL"], "-m", "16");

        Assert.Equal(
            "STORED\r\nVALUE a 0 3\r\nabc\r\nEND\r\n",
            await AnswerAsync(() => AskAsync("set a 0 0 3\r\nabc\r\nget a\r\nquit\r\n"))
        );
        Assert.Contains("STAT limit_maxbytes 16777216\r\n", await AskAsync("stats\r\nquit\r\n"));
        Assert.Equal("0", await StopAsync());
    }

    private async Task<string> AskAsync(string commands)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", Port, Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(commands), Token);
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(Token);
        return answer.Length > 0 ? answer : throw new IOException("nothing was answered");
    }
}
