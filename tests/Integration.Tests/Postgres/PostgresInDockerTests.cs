using System.IO.Compression;
using System.Text;
using Npgsql;
using Recipes.Integration.Tests.Docker;
using Testcontainers.PostgreSql;
using Xunit;

namespace Recipes.Integration.Tests.Postgres;

/// <summary>
/// The composed image in the place of the official one, through a client library and <c>docker</c> itself.
/// </summary>
[Collection(nameof(DockerDaemon))]
public sealed class PostgresInDockerTests(DockerDaemon daemon) : PostgresInDocker(daemon)
{
    private const string Password = "it's a \"secret\" $1";

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
        Directory.CreateDirectory(Folder.Join("data"));
        string[] volumes =
        [
            "-v",
            $"{Folder.Path}/data:/var/lib/postgresql/data",
            "-v",
            $"{Folder.Path}/init:/docker-entrypoint-initdb.d",
            "-e",
            "POSTGRES_PASSWORD=x",
        ];

        var failed = await Programs.TryAsync("docker", ["-H", Host, "run", "--rm", .. volumes, Image]);
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

        await DockerAsync("stop", Container);

        var log = await LogAsync();
        Assert.Contains("received fast shutdown request", log, StringComparison.Ordinal);
        Assert.EndsWith("database system is shut down", log.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal("0", (await DockerAsync("inspect", "-f", "{{.State.ExitCode}}", Container)).Trim());
    }

    [Fact]
    public async Task The_healthcheck_of_the_image_makes_it_healthy()
    {
        Assert.Contains(
            "docker-healthcheck",
            await DockerAsync("image", "inspect", "-f", "{{json .Config.Healthcheck}}", Image),
            StringComparison.Ordinal
        );

        await StartAsync("-e", "POSTGRES_PASSWORD=x", "--health-interval=500ms");

        await BecomesHealthyAsync();
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
        var run = await Programs.TryAsync("docker", "-H", Host, "run", "--rm", Image);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE", run.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_runs_as_its_own_user_from_the_start()
    {
        await StartAsync("--user", "70:70", "--cap-drop", "ALL", "-e", "POSTGRES_PASSWORD=x");

        Assert.Equal("70", (await DockerAsync("exec", Container, "stat", "-c", "%u", "/proc/1")).Trim());
        Assert.Equal("1", await PsqlAsync("select 1"));
    }

    [Fact]
    public async Task It_runs_on_a_root_that_cannot_be_written()
    {
        await StartAsync("--read-only", "--tmpfs", "/run/postgresql", "--tmpfs", "/tmp", "-e", "POSTGRES_PASSWORD=x");

        Assert.Equal("1", await PsqlAsync("select 1"));
        Assert.NotEqual(0, (await Programs.TryAsync("docker", "-H", Host, "exec", Container, "touch", "/x")).ExitCode);
    }

    [Fact]
    public async Task The_data_may_be_elsewhere()
    {
        await StartAsync("-e", "POSTGRES_PASSWORD=x", "-e", "PGDATA=/srv/my data/17", "--tmpfs", "/srv");

        Assert.Equal("/srv/my data/17", await PsqlAsync("show data_directory"));
        Assert.Equal("70 700", (await DockerAsync("exec", Container, "stat", "-c", "%u %a", "/srv/my data/17")).Trim());
    }

    [Fact]
    public async Task The_password_may_come_from_a_file()
    {
        var secret = Folder.Join("secret");
        await File.WriteAllTextAsync(secret, Password + "\n", TestContext.Current.CancellationToken);

        await StartAsync("-e", "POSTGRES_PASSWORD_FILE=/run/secrets/pg", "-v", $"{secret}:/run/secrets/pg:ro");

        var asked = await DockerAsync(
            "exec",
            "-e",
            "PGPASSWORD=" + Password,
            Container,
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

    private PostgreSqlBuilder Server() => new PostgreSqlBuilder(Image).WithDockerEndpoint(Host).WithPassword(Password);

    private PostgreSqlBuilder OnFolders()
    {
        Directory.CreateDirectory(Folder.Join("data"));
        return Server()
            .WithBindMount(Folder.Join("data"), "/var/lib/postgresql/data")
            .WithBindMount(Folder.Join("init"), "/docker-entrypoint-initdb.d");
    }

    private static async Task<string> AskAsync(PostgreSqlContainer server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server.GetConnectionString());
        await using var command = source.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private void WriteZipped(string name, string text)
    {
        Directory.CreateDirectory(Folder.Join("init"));
        using var zip = new GZipStream(File.Create(Folder.Join("init", name)), CompressionLevel.Optimal);
        zip.Write(Encoding.UTF8.GetBytes(text + "\n"));
    }
}
