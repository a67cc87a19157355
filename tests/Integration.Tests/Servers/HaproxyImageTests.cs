using System.Net;
using Recipes.Integration.Tests.Docker;
using Xunit;

namespace Recipes.Integration.Tests.Servers;

[Collection(nameof(DockerDaemon))]
public sealed class HaproxyImageTests(DockerDaemon daemon) : ServerInDocker(daemon, "haproxy-image")
{
    [Fact]
    public async Task It_takes_a_mounted_configuration_as_a_plain_user_and_stops_cleanly()
    {
        using var certificate = Certificate.Write(Folder.Join("tls"));
        await File.WriteAllTextAsync(
            Folder.Join("tls", "both.pem"),
            string.Concat(new[] { "cert.pem", "key.pem" }.Select(x => File.ReadAllText(Folder.Join("tls", x)) + "\n")),
            Token
        );
        Folder.Write(
            "haproxy.cfg",
            """
            global
                log stdout format raw local0
            defaults
                mode http
                log global
                option httplog
                timeout connect 5s
                timeout client 5s
                timeout server 5s
            frontend all
                bind :8443 ssl crt /tls/both.pem alpn h2,http/1.1
                http-request return status 200 content-type text/plain string "hello from haproxy" if { path / }
                default_backend none
            backend none

            """
        );
        await StartAsync(
            8443,
            [
                "-v",
                $"{Folder.Join("tls")}:/tls:ro",
                "-v",
                $"{Folder.Join("haproxy.cfg")}:/etc/haproxy/haproxy.cfg:ro",
                "--read-only",
                "--cap-drop",
                "ALL",
            ]
        );
        using var handler = Certificate.Handler(certificate);
        using var http = Certificate.Client(handler, Port);

        Assert.Equal(
            "hello from haproxy",
            await AnswerAsync(() => http.GetStringAsync(new Uri("/", UriKind.Relative), Token))
        );
        using var missing = await http.GetAsync(new Uri("/none", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, missing.StatusCode);

        Assert.Equal("0", await StopAsync());
        Assert.Contains("\"GET https://127.0.0.1", await LogAsync());
    }

    [Fact]
    public async Task Flags_as_the_first_argument_are_haproxys() =>
        Assert.Contains("HAProxy version 3", await RunAsync([], "-v"));

    [Fact]
    public async Task A_fault_of_the_configuration_is_told_with_its_place()
    {
        Folder.Write("haproxy.cfg", "frontend all\n    bind nowhere\n");

        var run = await TryRunAsync(["-v", $"{Folder.Join("haproxy.cfg")}:/etc/haproxy/haproxy.cfg:ro"]);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("[/etc/haproxy/haproxy.cfg:2]", run.StandardError);
    }
}
