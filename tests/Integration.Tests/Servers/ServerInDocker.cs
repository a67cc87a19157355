using CliWrap.Buffered;
using Recipes.Engine;
using Recipes.Engine.Content;
using Recipes.Engine.Daemons;
using Recipes.Engine.Model;
using Recipes.Engine.Sandboxes.Docker;
using Recipes.Integration.Tests.Docker;
using Recipes.Integration.Tests.Postgres;
using Xunit;

namespace Recipes.Integration.Tests.Servers;

/// <summary>A container of an image of this checkout, in a daemon of the tests' own.</summary>
public abstract class ServerInDocker(DockerDaemon daemon, string image) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Options as one writes them, without blanks inside of one; none where there is nothing.</summary>
    private protected static string[] Words(string options) =>
        options.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The options of <c>docker run</c> that set these variables, <c>A=1 B=2</c>.</summary>
    private protected static string[] Variables(string environment) =>
        [.. Words(environment).SelectMany(x => new[] { "-e", x })];

    private static string Tested(string image) => $"{image}:tested";

    /// <summary>The name of the container of this test.</summary>
    private string Container { get; } = "server-" + Guid.NewGuid().ToString("N");

    /// <summary>Of this test, on the host.</summary>
    private protected TemporaryDirectory Folder { get; } = new();

    /// <summary>On the host, for the port of the server.</summary>
    protected int Port { get; } = FreePort.Next();

    private string Neighbour => Container + "-neighbour";

    public async ValueTask InitializeAsync() => await LoadAsync(image);

    public async ValueTask DisposeAsync()
    {
        await TryAsync("rm", "-fv", Neighbour, Container);
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts the server; does not wait until it answers.</summary>
    /// <param name="inside">Its port in the container.</param>
    /// <param name="options">Of <c>docker run</c>.</param>
    /// <param name="arguments">Of the image.</param>
    protected Task StartAsync(int inside, string[] options, params string[] arguments) =>
        DockerAsync([
            "run",
            "-d",
            "--name",
            Container,
            "-p",
            $"127.0.0.1:{Port}:{inside}",
            .. options,
            Tested(image),
            .. arguments,
        ]);

    /// <summary>
    /// Starts a server of another image in the same network, after this one: each finds the other at 127.0.0.1.
    /// </summary>
    /// <param name="other">Its image.</param>
    /// <param name="options">Of <c>docker run</c>.</param>
    /// <param name="arguments">Of the image.</param>
    protected async Task StartNeighbourAsync(string other, string[] options, params string[] arguments)
    {
        await LoadAsync(other);
        await DockerAsync([
            "run",
            "-d",
            "--name",
            Neighbour,
            "--network",
            $"container:{Container}",
            .. options,
            Tested(other),
            .. arguments,
        ]);
    }

    /// <summary>Runs the image to its end; what it wrote.</summary>
    protected Task<string> RunAsync(string[] options, params string[] arguments) =>
        DockerAsync(["run", "--rm", .. options, Tested(image), .. arguments]);

    /// <summary>Runs the image to its end; what it wrote, and how it ended.</summary>
    private protected Task<BufferedCommandResult> TryRunAsync(string[] options, params string[] arguments) =>
        TryAsync(["run", "--rm", .. options, Tested(image), .. arguments]);

    /// <summary>Tries again while the server does not answer yet; where it has ended, its log is the fault.</summary>
    protected async Task<T> AnswerAsync<T>(Func<Task<T>> ask)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Patience);
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Exception e) when (e is HttpRequestException or IOException or System.Net.Sockets.SocketException)
            {
                if (await AskAsync("{{.State.Running}}") != "true" || limit.IsCancellationRequested)
                    Assert.Fail($"{e.Message}\n{await LogAsync()}");
                await Task.Delay(100, Token);
            }
        }
    }

    /// <summary>Ends the server as <c>docker stop</c> does; its exit code.</summary>
    protected async Task<string> StopAsync()
    {
        await DockerAsync("stop", "-t", "20", Container);
        return await AskAsync("{{.State.ExitCode}}");
    }

    /// <summary>Starts it again after a stop.</summary>
    protected Task StartAgainAsync() => DockerAsync("start", Container);

    /// <summary>Runs a program in the container.</summary>
    protected Task<string> ExecAsync(params string[] arguments) => DockerAsync(["exec", Container, .. arguments]);

    /// <summary>What the container wrote.</summary>
    protected Task<string> LogAsync() =>
        Programs.RunAsync("sh", "-c", "docker -H \"$0\" logs \"$1\" 2>&1", daemon.Host, Container);

    private async Task LoadAsync(string name)
    {
        var result = await BuiltImage.RequireAsync(name);
        using var connection = await DockerConnection.OpenAsync(new(new(daemon.Host)), Token);
        var load = new DaemonLoad(connection, ContentStore.Open(ContentStore.DefaultRoot), SilentObserver.Instance);
        await load.LoadAsync(result, [ImageName.Parse(Tested(name))], Token);
    }

    private async Task<string> AskAsync(string format) =>
        (await DockerAsync("inspect", "-f", format, Container)).Trim();

    private protected Task<BufferedCommandResult> TryAsync(params string[] arguments) =>
        Programs.TryAsync("docker", ["-H", daemon.Host, .. arguments]);

    private Task<string> DockerAsync(params string[] arguments) =>
        Programs.RunAsync("docker", ["-H", daemon.Host, .. arguments]);
}
