using Recipes.Integration.Tests.Docker;
using Renci.SshNet;
using Renci.SshNet.Common;
using Xunit;

namespace Recipes.Integration.Tests.Servers;

[Collection(nameof(DockerDaemon))]
public sealed class DropbearImageTests(DockerDaemon daemon) : ServerInDocker(daemon, "dropbear-image")
{
    [Fact]
    public async Task Who_has_the_key_gets_a_shell_of_a_plain_user_and_nobody_else()
    {
        var (key, stranger) = (await MakeKeyAsync("key"), await MakeKeyAsync("stranger"));
        using (key.File)
        using (stranger.File)
        {
            Folder.Write("public", key.Public);
            await StartAsync(
                2222,
                ["-v", $"{Folder.Join("public")}:/run/secrets/key:ro", "-e", "PUBLIC_KEY_FILE=/run/secrets/key"]
            );

            using var client = await AnswerAsync(() => ConnectAsync(key.File));
            using var whoami = client.RunCommand("id -u; echo \"${PUBLIC_KEY_FILE:-}\"");
            Assert.Equal("1000\n\n", whoami.Result);
            await Assert.ThrowsAsync<SshAuthenticationException>(() => ConnectAsync(stranger.File));
        }
    }

    [Fact]
    public async Task Its_own_keys_stay_what_they_are_over_a_restart()
    {
        var key = await MakeKeyAsync("key");
        using (key.File)
        {
            await StartAsync(2222, ["-e", $"PUBLIC_KEY={key.Public.Trim()}"]);
            var before = await FingerprintAsync();
            await StopAsync();
            await StartAgainAsync();
            Assert.Equal(before, await FingerprintAsync());

            async Task<string> FingerprintAsync()
            {
                var found = "";
                using var client = await AnswerAsync(() =>
                    ConnectAsync(key.File, x => found = $"{x.HostKeyName} {x.FingerPrintSHA256}")
                );
                return found;
            }
        }
    }

    [Theory]
    [InlineData("", "nobody can log in: set PUBLIC_KEY or PUBLIC_KEY_FILE, or mount /home/user/.ssh/authorized_keys\n")]
    [InlineData("PUBLIC_KEY=a PUBLIC_KEY_FILE=b", "PUBLIC_KEY and PUBLIC_KEY_FILE exclude each other\n")]
    public async Task What_is_missing_is_said(string environment, string message)
    {
        var run = await TryRunAsync(Variables(environment));

        Assert.Equal((1, message), (run.ExitCode, run.StandardError));
    }

    private async Task<(PrivateKeyFile File, string Public)> MakeKeyAsync(string name)
    {
        await Programs.RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Folder.Join(name));
        return (new(Folder.Join(name)), await File.ReadAllTextAsync(Folder.Join(name + ".pub"), Token));
    }

    private async Task<SshClient> ConnectAsync(PrivateKeyFile key, Action<HostKeyEventArgs>? seen = null)
    {
        var client = new SshClient("127.0.0.1", Port, "user", key);
        client.HostKeyReceived += (_, x) => seen?.Invoke(x);
        try
        {
            await client.ConnectAsync(Token);
            return client;
        }
        catch (SshConnectionException e)
        {
            client.Dispose();
            throw new IOException(e.Message, e);
        }
    }
}
