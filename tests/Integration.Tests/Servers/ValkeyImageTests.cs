using System.Net.Security;
using Recipes.Integration.Tests.Docker;
using StackExchange.Redis;
using Xunit;

namespace Recipes.Integration.Tests.Servers;

[Collection(nameof(DockerDaemon))]
public sealed class ValkeyImageTests(DockerDaemon daemon) : ServerInDocker(daemon, "valkey-image")
{
    [Theory]
    [InlineData("", "999")]
    [InlineData("--user 1234:1234", "1234")]
    public async Task It_keeps_what_was_written_over_a_restart(string options, string user)
    {
        await StartAsync(6379, Words(options));
        await using (var redis = await ConnectAsync())
        {
            await redis.GetDatabase().StringSetAsync("a", 41);
            Assert.Equal(42, await redis.GetDatabase().StringIncrementAsync("a"));
        }

        Assert.Equal("0", await StopAsync());
        await StartAgainAsync();

        await using var again = await ConnectAsync();
        Assert.Equal(42, await again.GetDatabase().StringGetAsync("a"));
        Assert.Equal(user + "\n", await ExecAsync("stat", "-c", "%u", "/proc/1"));
    }

    [Fact]
    public async Task Flags_as_the_first_argument_are_the_servers()
    {
        await StartAsync(
            6379,
            ["-e", "VALKEY_EXTRA_FLAGS=--databases 3"],
            "--requirepass",
            "secret",
            "--appendonly",
            "yes"
        );

        await using var redis = await ConnectAsync(x => x.Password = "secret");

        Assert.Equal(3, redis.GetServer($"127.0.0.1:{Port}").DatabaseCount);
        Assert.Contains("appendonlydir", await ExecAsync("ls", "/data"), StringComparison.Ordinal);
        Assert.Contains("NOAUTH", await ExecAsync("valkey-cli", "get", "a"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_speaks_TLS()
    {
        using var certificate = Certificate.Write(Folder.Join("tls"));
        await StartAsync(
            6380,
            ["-v", $"{Folder.Join("tls")}:/tls:ro"],
            "--tls-port",
            "6380",
            "--port",
            "0",
            "--tls-cert-file",
            "/tls/cert.pem",
            "--tls-key-file",
            "/tls/key.pem",
            "--tls-ca-cert-file",
            "/tls/cert.pem",
            "--tls-auth-clients",
            "no"
        );

        await using var redis = await ConnectAsync(x =>
        {
            x.Ssl = true;
            x.CertificateValidation += (_, found, _, _) =>
                found?.GetCertHashString() == certificate.GetCertHashString();
        });

        Assert.True(await redis.GetDatabase().PingAsync() > TimeSpan.Zero);
    }

    private async Task<ConnectionMultiplexer> ConnectAsync(Action<ConfigurationOptions>? change = null)
    {
        var options = new ConfigurationOptions
        {
            EndPoints = { { "127.0.0.1", Port } },
            AllowAdmin = true,
            ConnectTimeout = 5000,
        };
        change?.Invoke(options);
        return await AnswerAsync(async () =>
        {
            try
            {
                return await ConnectionMultiplexer.ConnectAsync(options);
            }
            catch (RedisConnectionException e)
            {
                throw new IOException(e.Message, e);
            }
        });
    }
}
