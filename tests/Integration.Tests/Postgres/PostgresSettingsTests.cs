using Recipes.Integration.Tests.Docker;
using Xunit;

namespace Recipes.Integration.Tests.Postgres;

/// <summary>What the environment and the arguments of the container say of the server and of its first start.</summary>
[Collection(nameof(DockerDaemon))]
public sealed class PostgresSettingsTests(DockerDaemon daemon) : PostgresInDocker(daemon)
{
    private static readonly string[] Quick = ["--tmpfs", "/var/lib/postgresql/data", "--health-interval=500ms"];
    private static readonly string[] WithPassword = [.. Quick, "-e", "POSTGRES_PASSWORD=x"];

    [Theory]
    [InlineData("postgres", "-p", "6542")]
    [InlineData("--port=6542", "-c", "listen_addresses=")]
    [InlineData("-c", "port=6542", "-c", "unix_socket_directories=/tmp")]
    public async Task The_first_start_its_scripts_and_the_healthcheck_follow_the_server(params string[] arguments)
    {
        WriteScript("1.sql", "create table steps (name text)");
        WriteScript("2.sh", "psql -d app -c \"insert into steps values ('sh')\"", isExecutable: true);

        await StartAsync([.. WithPassword, .. Scripts, "-e", "POSTGRES_DB=app"], arguments);

        await BecomesHealthyAsync();
        var socket = arguments.Contains("unix_socket_directories=/tmp") ? "/tmp" : "/run/postgresql";
        Assert.Equal("sh", await PsqlAsync("select name from steps", "-h", socket, "-p", "6542", "-d", "app"));
    }

    [Fact]
    public async Task A_port_of_the_environment_is_the_servers_and_a_database_that_is_there_is_taken()
    {
        await StartAsync([.. WithPassword, "-e", "POSTGRES_DB=template1", "-e", "PGPORT=6542"]);

        await BecomesHealthyAsync();
        Assert.Equal("6542", await PsqlAsync("show port"));
    }

    [Fact]
    public async Task The_socket_may_want_the_password()
    {
        var password = new string('p', 150) + "it's a \"secret\" $1";
        WriteScript("1.sql", "create table steps (name text)");
        WriteScript("2.sh", "psql -d app -c \"insert into steps values ('sh')\"", isExecutable: true);

        await StartAsync([
            .. Quick,
            .. Scripts,
            "-e",
            "POSTGRES_PASSWORD=" + password,
            "-e",
            "POSTGRES_DB=app",
            "-e",
            "POSTGRES_INITDB_ARGS=--auth-local=scram-sha-256",
        ]);

        await BecomesHealthyAsync();
        var refused = await TryAsync("exec", Container, "psql", "-U", "postgres", "-w", "-c", "select 1");
        Assert.Contains("no password supplied", refused.StandardError, StringComparison.Ordinal);
        Assert.Equal("sh", await WithPasswordAsync(password, "-d", "app", "-c", "select name from steps"));
    }

    [Fact]
    public async Task What_is_meant_for_clients_steers_only_scripts_that_are_programs()
    {
        WriteScript("1.sql", "create table steps (name text)");
        WriteScript("2.sh", "env", isExecutable: true);

        var log = await StartAsync([
            .. WithPassword,
            .. Scripts,
            .. Variables(
                "POSTGRES_DB=app",
                "PGHOST=db.example",
                "PGHOSTADDR=192.0.2.1",
                "PGUSER=nobody",
                "PGDATABASE=nowhere",
                "PGPASSFILE=/nowhere",
                "PGSERVICE=nowhere",
                "PGSSLMODE=require",
                "PGREQUIREAUTH=md5",
                "PGTARGETSESSIONATTRS=standby",
                "PGOPTIONS=-c default_transaction_read_only=on"
            ),
        ]);

        await BecomesHealthyAsync();
        // As in the official image: the environment as it was given, and the password besides.
        foreach (var line in (string[])["PGHOST=db.example", "PGUSER=nobody", "PGPASSWORD=x", "POSTGRES_DB=app"])
            Assert.Contains(line, log.Split('\n'));
        Assert.Contains("HOME=/var/lib/postgresql", log.Split('\n'));
        var server = await DockerAsync("exec", "-u", "postgres", Container, "cat", "/proc/1/environ");
        Assert.DoesNotContain("PGPASSWORD", server, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--encoding=LATIN1 --locale=C", "LATIN1 C")]
    [InlineData("-E LATIN1", "LATIN1 C")]
    [InlineData("--no-locale", "SQL_ASCII C")]
    [InlineData("--encoding UTF-8 --data-checksums", "UTF8 C.UTF-8")]
    public async Task Another_encoding_or_locale_takes_the_place_of_the_images(string arguments, string expected)
    {
        await StartAsync([.. WithPassword, "-e", "POSTGRES_INITDB_ARGS=" + arguments]);

        Assert.Equal(
            expected,
            await PsqlAsync(
                "select getdatabaseencoding() || ' ' || coalesce(datlocale, datctype) from pg_database "
                    + "where datname = current_database()"
            )
        );
    }

    [Fact]
    public async Task The_method_for_hosts_is_that_of_the_passwords_unless_it_is_said()
    {
        await StartAsync([.. WithPassword], "-c", "password_encryption=md5");

        Assert.Equal(
            "{all} md5",
            await PsqlAsync("select user_name, auth_method from pg_hba_file_rules where address = 'all'", "-F", " ")
        );
    }

    [Fact]
    public async Task A_variable_that_nothing_reads_is_named()
    {
        WriteScript("1.sh", "echo \"many: $POSTGRES_MANY\"");

        var error = await FailsAsync([
            .. Scripts,
            .. Variables(
                "POSTGRES_PASWORD=x",
                "POSTGRES_MANY=a,b",
                "POSTGRES_SERVICE_HOST=192.0.2.1",
                "POSTGRES_PORT=tcp://192.0.2.1:5432",
                "POSTGRES_PORT_5432_TCP_ADDR=192.0.2.1"
            ),
        ]);

        Assert.Contains("nothing reads the variable POSTGRES_PASWORD", error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n'), x => x.Contains("nothing reads", StringComparison.Ordinal));
        Assert.Contains("set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_may_be_readable_by_root_alone()
    {
        var secret = Folder.Write("secret", "from root\n");
        File.SetUnixFileMode(secret, UnixFileMode.UserRead);

        await StartAsync([.. Quick, "-e", "POSTGRES_PASSWORD_FILE=/secret", "-v", $"{secret}:/secret:ro"]);

        Assert.Equal("1", await WithPasswordAsync("from root", "-h", "127.0.0.1", "-c", "select 1"));
    }

    [Fact]
    public async Task A_secret_that_cannot_be_read_is_an_error()
    {
        Directory.CreateDirectory(Folder.Join("secret"));

        Assert.Contains(
            "/secret, which POSTGRES_PASSWORD_FILE names, is a folder",
            await FailsAsync("-e", "POSTGRES_PASSWORD_FILE=/secret", "-v", $"{Folder.Join("secret")}:/secret"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "user 70 cannot read /nowhere, which POSTGRES_PASSWORD_FILE names",
            await FailsAsync("-e", "POSTGRES_PASSWORD_FILE=/nowhere"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "POSTGRES_PASSWORD and POSTGRES_PASSWORD_FILE are both set",
            await FailsAsync("-e", "POSTGRES_PASSWORD=x", "-e", "POSTGRES_PASSWORD_FILE=/etc/passwd"),
            StringComparison.Ordinal
        );
    }

    private async Task<string> WithPasswordAsync(string password, params string[] options) =>
        (
            await DockerAsync([
                "exec",
                "-e",
                "PGPASSWORD=" + password,
                Container,
                "psql",
                "-U",
                "postgres",
                "-wAXt",
                .. options,
            ])
        ).Trim();

    private static IEnumerable<string> Variables(params string[] variables) =>
        variables.SelectMany(x => (string[])["-e", x]);
}
