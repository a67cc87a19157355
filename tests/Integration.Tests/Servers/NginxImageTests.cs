using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Recipes.Integration.Tests.Docker;
using Xunit;

namespace Recipes.Integration.Tests.Servers;

[Collection(nameof(DockerDaemon))]
public sealed class NginxImageTests(DockerDaemon daemon) : ServerInDocker(daemon, "nginx-image")
{
    [Theory]
    [InlineData("")]
    [InlineData("--user 1234:1234")]
    [InlineData("--user 1234:0 --read-only --tmpfs /run/nginx --tmpfs /var/cache/nginx")]
    public async Task It_serves_files_logs_to_docker_and_stops_cleanly(string options)
    {
        await StartAsync(80, Words(options));
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{Port}") };

        Assert.Contains("Welcome to nginx!", await AnswerAsync(() => GetAsync(http, "/")));
        using var missing = await http.GetAsync(new Uri("/none", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);

        Assert.Equal("0", await StopAsync());
        var log = await LogAsync();
        Assert.Contains("\"GET / HTTP/1.1\" 200", log);
        Assert.Contains("/none\" failed (2: No such file or directory)", log);
    }

    [Fact]
    public async Task It_speaks_TLS_1_3_and_HTTP_2_and_compresses()
    {
        using var certificate = Certificate.Write(Folder.Join("tls"));
        Directory.CreateDirectory(Folder.Join("conf.d"));
        Folder.Write(
            "conf.d/tls.conf",
            """
            server {
                listen 8443 ssl;
                http2 on;
                ssl_certificate /tls/cert.pem;
                ssl_certificate_key /tls/key.pem;
                gzip on;
                gzip_min_length 1;
                brotli on;
                brotli_min_length 1;
                location /proxied/ { proxy_pass https://127.0.0.1:8443/; }
                location / { default_type text/html; return 200 "hello from nginx\n"; }
            }
            """
        );
        await StartAsync(
            8443,
            ["-v", $"{Folder.Join("tls")}:/tls:ro", "-v", $"{Folder.Join("conf.d")}:/etc/nginx/conf.d:ro"]
        );
        using var handler = Certificate.Handler(certificate);
        using var http = Certificate.Client(handler, Port);

        Assert.Equal("hello from nginx\n", await AnswerAsync(() => GetAsync(http, "/")));
        Assert.Equal("hello from nginx\n", await GetAsync(http, "/proxied/x"));
        foreach (var coding in (string[])["gzip", "br"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Version = HttpVersion.Version20 };
            request.Headers.AcceptEncoding.ParseAdd(coding);
            using var packed = await http.SendAsync(request, Token);
            Assert.Equal(coding, Assert.Single(packed.Content.Headers.ContentEncoding));
        }

        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", Port, Token);
        await using var secure = new SslStream(client.GetStream(), false, (_, found, _, _) =>
            Certificate.IsSame(certificate, found)
        );
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, Token);
        Assert.Equal("Tls13", $"{secure.SslProtocol}");
    }

    [Fact]
    public async Task Templates_are_filled_in_from_the_environment_and_nginxs_own_variables_stay()
    {
        Directory.CreateDirectory(Folder.Join("templates"));
        Folder.Write(
            "templates/default.conf.template",
            """
            server {
                listen ${PORT};
                location / { default_type text/plain; return 200 "$GREETING $uri ${NOT_SET}\n"; }
            }

            """.Replace("${NOT_SET}", "", StringComparison.Ordinal)
        );
        await StartAsync(
            8080,
            [
                "-v",
                $"{Folder.Join("templates")}:/etc/nginx/templates:ro",
                "-e",
                "PORT=8080",
                "-e",
                "GREETING=a & b \\\\1",
            ]
        );
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{Port}") };

        Assert.Equal("a & b \\1 /x \n", await AnswerAsync(() => GetAsync(http, "/x")));
        Assert.Contains(
            "made /etc/nginx/conf.d/default.conf of /etc/nginx/templates/default.conf.template",
            await LogAsync()
        );
    }

    [Fact]
    public async Task Another_command_is_run_as_it_is() =>
        Assert.Equal("x\n", await RunAsync([], "sh", "-c", "echo x"));

    private static Task<string> GetAsync(HttpClient http, string path) =>
        http.GetStringAsync(new Uri(path, UriKind.Relative), Token);
}
