using System.Text;
using MQTTnet;
using MQTTnet.Exceptions;
using Recipes.Integration.Tests.Docker;
using Xunit;

namespace Recipes.Integration.Tests.Servers;

[Collection(nameof(DockerDaemon))]
public sealed class MosquittoImageTests(DockerDaemon daemon) : ServerInDocker(daemon, "mosquitto-image")
{
    private readonly MqttClientFactory factory = new();

    [Theory]
    [InlineData("", "1883")]
    [InlineData("--user 1234:1234 --read-only", "1234")]
    public async Task It_keeps_what_is_retained_over_a_restart(string options, string user)
    {
        Configure("allow_anonymous true\n");
        await StartAsync(1883, [.. Configuration, .. Words(options)]);
        using (var client = await ConnectAsync())
            await client.PublishAsync(
                new MqttApplicationMessageBuilder()
                    .WithTopic("room/light")
                    .WithPayload("on")
                    .WithRetainFlag()
                    .WithQualityOfServiceLevel(MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce)
                    .Build(),
                Token
            );

        Assert.Equal("0", await StopAsync());
        await StartAgainAsync();

        using var again = await ConnectAsync();
        var message = new TaskCompletionSource<string>();
        again.ApplicationMessageReceivedAsync += x =>
        {
            message.TrySetResult($"{x.ApplicationMessage.Topic} {x.ApplicationMessage.ConvertPayloadToString()}");
            return Task.CompletedTask;
        };
        await again.SubscribeAsync("room/#", cancellationToken: Token);
        Assert.Equal("room/light on", await message.Task.WaitAsync(TimeSpan.FromSeconds(30), Token));
        Assert.Equal(user + "\n", await ExecAsync("stat", "-c", "%u", "/proc/1"));
    }

    [Fact]
    public async Task Only_who_knows_a_password_is_let_in()
    {
        Folder.Write("config/passwords", "");
        await RunAsync(
            ["-v", $"{Folder.Join("config")}:/mosquitto/config"],
            "mosquitto_passwd",
            "-b",
            "/mosquitto/config/passwords",
            "me",
            "secret"
        );
        File.SetUnixFileMode(Folder.Join("config", "passwords"), (UnixFileMode)0b110_100_100);
        Configure("password_file /mosquitto/config/passwords\n");
        await StartAsync(1883, Configuration);

        using (await ConnectAsync("secret"))
            await Assert.ThrowsAsync<MqttCommunicationException>(() => ConnectAsync("wrong"));
    }

    [Fact]
    public async Task Without_a_listener_it_says_that_it_answers_the_container_alone()
    {
        await StartAsync(1883, []);

        await AnswerAsync(async () =>
            (await LogAsync()).Contains("Starting in local only mode", StringComparison.Ordinal)
                ? true
                : throw new IOException("it does not say so")
        );
    }

    private string[] Configuration => ["-v", $"{Folder.Join("config")}:/mosquitto/config"];

    private void Configure(string access) =>
        Folder.Write(
            "config/mosquitto.conf",
            $"listener 1883\npersistence true\npersistence_location /mosquitto/data/\nlog_dest stdout\n{access}"
        );

    private async Task<IMqttClient> ConnectAsync(string? password = null)
    {
        var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", Port);
        if (password is not null)
            options = options.WithCredentials("me", Encoding.UTF8.GetBytes(password));
        return await AnswerAsync(async () =>
        {
            var client = factory.CreateMqttClient();
            try
            {
                var result = await client.ConnectAsync(options.Build(), Token);
                return result.ResultCode == MqttClientConnectResultCode.Success
                    ? client
                    : throw new MqttCommunicationException($"{result.ResultCode}");
            }
            catch (MqttCommunicationException e) when (e.InnerException is not null)
            {
                // Docker takes connections before the broker does, and closes them.
                client.Dispose();
                throw new IOException(e.Message, e);
            }
        });
    }
}
