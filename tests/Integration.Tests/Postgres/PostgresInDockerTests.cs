using System.IO.Compression;
using System.Text;
using DotNet.Testcontainers.Configurations;
using Npgsql;
using Recipes.Engine;
using Recipes.Engine.Content;
using Recipes.Engine.Daemons;
using Recipes.Engine.Images;
using Recipes.Engine.Model;
using Recipes.Engine.Sandboxes.Docker;
using Recipes.Integration.Tests.Docker;
using Testcontainers.PostgreSql;
using Xunit;

namespace Recipes.Integration.Tests.Postgres;

/// <summary>
/// The composed image in the place of the official one, through a client library and <c>docker</c> itself.
/// </summary>
[Collection(nameof(DockerDaemon))]
public sealed class PostgresInDockerTests(DockerDaemon daemon) : IAsyncLifetime
{
    private const string Image = "postgres-image:tested";
    private const string Password = "it's a \"secret\" $1";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory folder = new();
    private readonly string container = "pg-" + Guid.NewGuid().ToString("N");

    public async ValueTask InitializeAsync()
    {
        var endpoint = new DockerEndpoint(new(daemon.Host));
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
        await Programs.TryAsync("docker", "-H", daemon.Host, "rm", "-fv", container);
        folder.Dispose();
    }

    [Fact]
    public async Task A_client_gets_in_with_the_password_and_not_with_another()
    {
        await using var server = Server().WithDatabase("app").WithUsername("ada").Build();
        await server.StartAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("PostgreSQL 17.", await AskAsync(server, "select version()"), StringComparison.Ordinal);
        Assert.Equal(
            "ada app UTF8",
            await AskAsync(server, "select current_user || ' ' || current_database() || ' ' || getdatabaseencoding()")
        );
        var wrong = new NpgsqlConnectionStringBuilder(server.GetConnectionString())
        {
            Password = "wrong",
            Pooling = false,
        }.ConnectionString;
        await using var refused = new NpgsqlConnection(wrong);
        var fault = await Assert.ThrowsAsync<PostgresException>(() =>
            refused.OpenAsync(TestContext.Current.CancellationToken)
        );
        Assert.Equal(PostgresErrorCodes.InvalidPassword, fault.SqlState);
    }

    [Fact]
    public async Task A_second_start_keeps_the_data_and_runs_no_script_again()
    {
        WriteScript(
            "1-table.sql",
            "create table steps (number serial, name text); insert into steps (name) values ('sql');"
        );
        WriteScript(
            "2-more.sh",
            "psql -v ON_ERROR_STOP=1 -U \"$POSTGRES_USER\" -d \"$POSTGRES_DB\" -c \"insert into steps (name) values "
                + "('sh')\""
        );
        WriteZipped("3-last.sql.gz", "insert into steps (name) values ('sql.gz');");
        string log;
        await using (var first = OnFolders().Build())
        {
            await first.StartAsync(TestContext.Current.CancellationToken);
            Assert.Equal(
                "sql sh sql.gz",
                await AskAsync(first, "select string_agg(name, ' ' order by number) from steps")
            );
            await AskAsync(first, "insert into steps (name) values ('mine') returning name");
            await first.StopAsync(TestContext.Current.CancellationToken);
            log = (await first.GetLogsAsync(ct: TestContext.Current.CancellationToken)).Stdout;
        }
        await using var second = OnFolders().Build();
        await second.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            "sql sh sql.gz mine",
            await AskAsync(second, "select string_agg(name, ' ' order by number) from steps")
        );
        Assert.Contains("running /docker-entrypoint-initdb.d/2-more.sh", log, StringComparison.Ordinal);
        var again = await second.GetLogsAsync(ct: TestContext.Current.CancellationToken);
        Assert.DoesNotContain("running /docker-entrypoint-initdb.d", again.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_fails_ends_the_first_start_and_the_next_one_starts_over()
    {
        WriteScript("1.sql", "create table t (x int); select broken;");
        Directory.CreateDirectory(folder.Join("data"));
        string[] volumes =
        [
            "-v",
            $"{folder.Path}/data:/var/lib/postgresql/data",
            "-v",
            $"{folder.Path}/init:/docker-entrypoint-initdb.d",
            "-e",
            "POSTGRES_PASSWORD=x",
        ];

        var failed = await Programs.TryAsync("docker", ["-H", daemon.Host, "run", "--rm", .. volumes, Image]);
        WriteScript("1.sql", "create table t (x int);");
        var log = await StartAsync(volumes);

        Assert.NotEqual(0, failed.ExitCode);
        Assert.Contains("column \"broken\" does not exist", failed.StandardError, StringComparison.Ordinal);
        Assert.Contains("an earlier first start was cut off: starting over", log, StringComparison.Ordinal);
        Assert.Equal("0", await PsqlAsync("select count(*) from t"));
    }

    [Fact]
    public async Task Docker_stop_shuts_the_server_down_cleanly()
    {
        await StartAsync("-e", "POSTGRES_PASSWORD=x");

        await DockerAsync("stop", container);

        var log = await LogAsync();
        Assert.Contains("received fast shutdown request", log, StringComparison.Ordinal);
        Assert.EndsWith("database system is shut down", log.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal("0", (await DockerAsync("inspect", "-f", "{{.State.ExitCode}}", container)).Trim());
    }

    [Fact]
    public async Task The_healthcheck_of_the_image_makes_it_healthy()
    {
        Assert.Contains(
            "pg_isready",
            await DockerAsync("image", "inspect", "-f", "{{json .Config.Healthcheck}}", Image),
            StringComparison.Ordinal
        );

        await StartAsync("-e", "POSTGRES_PASSWORD=x", "--health-interval=500ms");

        for (var patience = 0; patience < 100 && await HealthAsync() == "starting"; patience++)
            await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.Equal("healthy", await HealthAsync());
    }

    [Fact]
    public async Task Options_after_the_image_are_the_servers()
    {
        await StartAsync(["-e", "POSTGRES_PASSWORD=x"], "-c", "max_connections=5");

        Assert.Equal("5", await PsqlAsync("show max_connections"));
    }

    [Fact]
    public async Task A_command_after_the_image_runs_in_place_of_the_server() =>
        Assert.StartsWith(
            "psql (PostgreSQL) 17.",
            await DockerAsync("run", "--rm", Image, "psql", "--version"),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Without_a_password_it_says_what_to_set()
    {
        var run = await Programs.TryAsync("docker", "-H", daemon.Host, "run", "--rm", Image);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE", run.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_runs_as_its_own_user_from_the_start()
    {
        await StartAsync("--user", "70:70", "--cap-drop", "ALL", "-e", "POSTGRES_PASSWORD=x");

        Assert.Equal("70", (await DockerAsync("exec", container, "stat", "-c", "%u", "/proc/1")).Trim());
        Assert.Equal("1", await PsqlAsync("select 1"));
    }

    [Fact]
    public async Task It_runs_on_a_root_that_cannot_be_written()
    {
        await StartAsync("--read-only", "--tmpfs", "/run/postgresql", "--tmpfs", "/tmp", "-e", "POSTGRES_PASSWORD=x");

        Assert.Equal("1", await PsqlAsync("select 1"));
        Assert.NotEqual(
            0,
            (await Programs.TryAsync("docker", "-H", daemon.Host, "exec", container, "touch", "/x")).ExitCode
        );
    }

    [Fact]
    public async Task The_data_may_be_elsewhere()
    {
        await StartAsync("-e", "POSTGRES_PASSWORD=x", "-e", "PGDATA=/srv/my data/17", "--tmpfs", "/srv");

        Assert.Equal("/srv/my data/17", await PsqlAsync("show data_directory"));
        Assert.Equal("70 700", (await DockerAsync("exec", container, "stat", "-c", "%u %a", "/srv/my data/17")).Trim());
    }

    [Fact]
    public async Task The_password_may_come_from_a_file()
    {
        var secret = folder.Join("secret");
        await File.WriteAllTextAsync(secret, Password + "\n", TestContext.Current.CancellationToken);

        await StartAsync("-e", "POSTGRES_PASSWORD_FILE=/run/secrets/pg", "-v", $"{secret}:/run/secrets/pg:ro");

        var asked = await DockerAsync(
            "exec",
            "-e",
            "PGPASSWORD=" + Password,
            container,
            "psql",
            "-h",
            "127.0.0.1",
            "-U",
            "postgres",
            "-AXtc",
            "select 1"
        );
        Assert.Equal("1\n", asked);
    }

    private PostgreSqlBuilder Server() =>
        new PostgreSqlBuilder(Image).WithDockerEndpoint(daemon.Host).WithPassword(Password);

    private PostgreSqlBuilder OnFolders()
    {
        Directory.CreateDirectory(folder.Join("data"));
        return Server()
            .WithBindMount(folder.Join("data"), "/var/lib/postgresql/data")
            .WithBindMount(folder.Join("init"), "/docker-entrypoint-initdb.d");
    }

    private static async Task<string> AskAsync(PostgreSqlContainer server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server.GetConnectionString());
        await using var command = source.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private void WriteScript(string name, string text)
    {
        Directory.CreateDirectory(folder.Join("init"));
        File.WriteAllText(folder.Join("init", name), text + "\n");
    }

    private void WriteZipped(string name, string text)
    {
        Directory.CreateDirectory(folder.Join("init"));
        using var zip = new GZipStream(File.Create(folder.Join("init", name)), CompressionLevel.Optimal);
        zip.Write(Encoding.UTF8.GetBytes(text + "\n"));
    }

    private Task<string> StartAsync(params string[] options) => StartAsync(options, []);

    /// <summary>
    /// Starts a server that is called <see cref="container"/>, and waits until it answers for good; its log.
    /// </summary>
    private async Task<string> StartAsync(string[] options, params string[] arguments)
    {
        await DockerAsync(["run", "-d", "--name", container, .. options, Image, .. arguments]);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        while (true)
        {
            var log = await LogAsync();
            var done = log.IndexOf("the first start is done", StringComparison.Ordinal);
            if (done >= 0 && log.IndexOf("ready to accept connections", done, StringComparison.Ordinal) >= 0)
                return log;
            Assert.True((await DockerAsync("inspect", "-f", "{{.State.Running}}", container)).Trim() == "true", log);
            await Task.Delay(100, limit.Token);
        }
    }

    // Two streams, whose order among each other is lost unless a shell joins them.
    private Task<string> LogAsync() =>
        Programs.RunAsync("sh", "-c", "docker -H \"$0\" logs \"$1\" 2>&1", daemon.Host, container);

    private async Task<string> HealthAsync() =>
        (await DockerAsync("inspect", "-f", "{{.State.Health.Status}}", container)).Trim();

    private async Task<string> PsqlAsync(string sql) =>
        (await DockerAsync("exec", container, "psql", "-U", "postgres", "-AXtc", sql)).Trim();

    private Task<string> DockerAsync(params string[] arguments) =>
        Programs.RunAsync("docker", ["-H", daemon.Host, .. arguments]);
}
