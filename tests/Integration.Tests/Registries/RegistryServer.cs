using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Recipes.Engine.Sandboxes;
using Xunit;

namespace Recipes.Integration.Tests.Registries;

/// <summary>
/// Debian's docker-registry with its own data, on a free port of 127.0.0.1; it ends with the test, also where that is
/// killed.
/// </summary>
internal sealed class RegistryServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory folder = new();
    private readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly Process process;

    private RegistryServer(string? accounts)
    {
        Host = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePort.Next()}");
        var program = HostPrograms.Find("docker-registry");
        Assert.True(program is not null, "These tests need Debian's docker-registry: apt-get install docker-registry");
        var authorization = "";
        if (accounts is not null)
        {
            File.WriteAllText(At("accounts"), accounts);
            authorization = "auth: {htpasswd: {realm: tests, path: \"" + At("accounts") + "\"}}";
        }
        File.WriteAllText(
            At("config.yml"),
            $"""
            version: 0.1
            log:
              level: info
            storage:
              filesystem:
                rootdirectory: "{At("data")}"
            http:
              addr: "{Host}"
            {authorization}
            """
        );
        // The pipe to the shell ends with this process, however it ends.
        process = Process.Start(
            new ProcessStartInfo(
                "sh",
                [
                    "-c",
                    "trap '' INT TERM; \"$@\" > \"$0\" 2>&1 & read -r _; kill $!; wait",
                    At("log"),
                    program,
                    "serve",
                    At("config.yml"),
                ]
            )
            {
                RedirectStandardInput = true,
            }
        )!;
    }

    /// <summary>Host and port.</summary>
    public string Host { get; }

    /// <summary>One line each: method, path and status of every request so far.</summary>
    public string Log => File.ReadAllText(At("log"));

    /// <summary>Starts one that lets everybody push, or those of a htpasswd file (bcrypt) alone.</summary>
    public static async Task<RegistryServer> StartAsync(string? accounts = null)
    {
        var server = new RegistryServer(accounts);
        for (
            var clock = Stopwatch.StartNew();
            clock.Elapsed < Patience && !server.process.HasExited;
            await Task.Delay(30)
        )
        {
            try
            {
                using var answer = await server.client.GetAsync(
                    new Uri($"http://{server.Host}/v2/"),
                    TestContext.Current.CancellationToken
                );
                return server;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }
        }
        var log = server.Log;
        await server.DisposeAsync();
        Assert.Fail($"docker-registry did not start:\n{log}");
        throw new UnreachableException();
    }

    /// <summary>The digest of a manifest, as skopeo sees it.</summary>
    public async Task<string> DigestAsync(string image) =>
        (
            await Programs.RunAsync(
                "skopeo",
                "inspect",
                "--tls-verify=false",
                "--format",
                "{{.Digest}}",
                $"docker://{Host}/{image}"
            )
        ).Trim();

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(limit.Token);
        process.Dispose();
        client.Dispose();
        folder.Dispose();
    }

    private string At(string name) => folder.Join(name);
}
