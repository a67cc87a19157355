using CliWrap.Buffered;
using DotNet.Testcontainers.Configurations;
using Recipes.Engine;
using Recipes.Engine.Content;
using Recipes.Engine.Daemons;
using Recipes.Engine.Images;
using Recipes.Engine.Model;
using Recipes.Engine.Sandboxes.Docker;
using Recipes.Integration.Tests.Docker;
using Xunit;

namespace Recipes.Integration.Tests.Postgres;

/// <summary>
/// A container of the composed image in a daemon of the tests' own.
/// </summary>
public abstract class PostgresInDocker(DockerDaemon daemon) : IAsyncLifetime
{
    protected const string Image = "postgres-image:tested";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>The daemon's endpoint.</summary>
    protected string Host => daemon.Host;

    /// <summary>The name of the container of this test.</summary>
    protected string Container { get; } = "pg-" + Guid.NewGuid().ToString("N");

    /// <summary>Of this test, on the host.</summary>
    private protected TemporaryDirectory Folder { get; } = new();

    /// <summary>Options that take the scripts that <see cref="WriteScript"/> wrote.</summary>
    protected string[] Scripts => ["-v", $"{Folder.Join("init")}:/docker-entrypoint-initdb.d"];

    /// <summary>Options that keep the data on the host, in <c>data</c>.</summary>
    protected string[] Data => ["-v", $"{Folder.Join("data")}:/var/lib/postgresql/data"];

    public async ValueTask InitializeAsync()
    {
        var endpoint = new DockerEndpoint(new(Host));
        var image = await BuiltImage.RequireAsync("postgres-image");
        using var connection = await DockerConnection.OpenAsync(endpoint, TestContext.Current.CancellationToken);
        // Testcontainers asks for the newest API that it knows, and for a helper image from Docker Hub.
        Environment.SetEnvironmentVariable("DOCKER_API_VERSION", connection.Api.ToString());
        TestcontainersSettings.ResourceReaperEnabled = false;
        var load = new DaemonLoad(connection, ContentStore.Open(ContentStore.DefaultRoot), SilentObserver.Instance);
        await load.LoadAsync(image, [ImageName.Parse(Image)], TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await TryAsync("rm", "-fv", Container);
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Writes a file of the folder of the first start.</summary>
    protected void WriteScript(string name, string text, bool isExecutable = false)
    {
        Directory.CreateDirectory(Folder.Join("init"));
        var path = Folder.Join("init", name);
        File.WriteAllText(path, text + "\n");
        File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(isExecutable ? "755" : "644", 8));
    }

    /// <summary>Starts a server that is to end by itself, with a fault.</summary>
    /// <returns>What it wrote.</returns>
    protected async Task<string> FailsAsync(params string[] options)
    {
        await DockerAsync(["run", "-d", "--name", Container, .. options, Image]);
        using var limit = Limit();
        try
        {
            while (await AskAsync("{{.State.Running}}") == "true")
                await Task.Delay(100, limit.Token);
            Assert.NotEqual("0", await AskAsync("{{.State.ExitCode}}"));
            return await LogAsync();
        }
        finally
        {
            await TryAsync("rm", "-fv", Container);
        }
    }

    /// <inheritdoc cref="StartAsync(string[], string[])"/>
    protected Task<string> StartAsync(params string[] options) => StartAsync(options, []);

    /// <summary>
    /// Starts a server that is called <see cref="Container"/>, and waits until it answers for good; its log.
    /// </summary>
    protected async Task<string> StartAsync(string[] options, params string[] arguments)
    {
        await DockerAsync(["run", "-d", "--name", Container, .. options, Image, .. arguments]);
        using var limit = Limit();
        while (true)
        {
            var log = await LogAsync();
            var done = log.IndexOf("the first start is done", StringComparison.Ordinal);
            if (done >= 0 && log.IndexOf("ready to accept connections", done, StringComparison.Ordinal) >= 0)
                return log;
            if (await AskAsync("{{.State.Running}}") != "true")
                Assert.Fail(await LogAsync());
            await Task.Delay(100, limit.Token);
        }
    }

    /// <summary>
    /// What the container wrote: two streams, whose order among each other is lost unless a shell joins them.
    /// </summary>
    protected Task<string> LogAsync() =>
        Programs.RunAsync("sh", "-c", "docker -H \"$0\" logs \"$1\" 2>&1", Host, Container);

    /// <summary>Waits until the healthcheck of the image says that the server is up.</summary>
    protected async Task BecomesHealthyAsync()
    {
        using var limit = Limit();
        while (true)
        {
            var state = await AskAsync("{{.State.Status}} {{.State.Health.Status}}");
            if (state == "running healthy")
                return;
            if (state != "running starting")
                Assert.Fail($"{state}\n{await LogAsync()}");
            await Task.Delay(100, limit.Token);
        }
    }

    /// <summary>Asks the server over its socket, from inside of the container.</summary>
    protected async Task<string> PsqlAsync(string sql, params string[] options) =>
        (await DockerAsync(["exec", Container, "psql", "-U", "postgres", .. options, "-AXtc", sql])).Trim();

    /// <summary>Asks the daemon, which may refuse.</summary>
    private protected Task<BufferedCommandResult> TryAsync(params string[] arguments) =>
        Programs.TryAsync("docker", ["-H", Host, .. arguments]);

    /// <summary>Asks the daemon, which must succeed.</summary>
    protected Task<string> DockerAsync(params string[] arguments) =>
        Programs.RunAsync("docker", ["-H", Host, .. arguments]);

    private async Task<string> AskAsync(string format) =>
        (await DockerAsync("inspect", "-f", format, Container)).Trim();

    private static CancellationTokenSource Limit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        return limit;
    }
}
