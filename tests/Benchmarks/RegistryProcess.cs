using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Recipes.Benchmarks;

/// <summary>Debian's docker-registry with data of its own, on a free port of 127.0.0.1.</summary>
internal sealed class RegistryProcess : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("recipes-registry-").FullName;
    private readonly Process process;

    private RegistryProcess()
    {
        Host = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePort()}");
        var config = Path.Join(folder, "config.yml");
        File.WriteAllText(
            config,
            $"version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: {folder}/data\nhttp:\n  addr: {Host}\n"
        );
        var program = Programs.Find("docker-registry")
            ?? throw new InvalidOperationException("'docker-registry' is needed.");
        // The pipe to the shell ends with this process, however it ends.
        process = Process.Start(
            new ProcessStartInfo(
                "sh",
                ["-c", "\"$@\" > /dev/null 2>&1 & read -r _; kill $!; wait", "sh", program, "serve", config]
            )
            {
                RedirectStandardInput = true,
            }
        )!;
    }

    /// <summary>Host and port.</summary>
    public string Host { get; }

    public static async Task<RegistryProcess> StartAsync()
    {
        var registry = new RegistryProcess();
        using var client = new HttpClient();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri($"http://{registry.Host}/v2/"));
                return registry;
            }
            catch (HttpRequestException) when (attempt < 300)
            {
                await Task.Delay(100);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
