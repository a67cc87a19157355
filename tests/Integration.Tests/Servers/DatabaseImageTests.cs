using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Npgsql;
using Recipes.Integration.Tests.Docker;
using Xunit;

namespace Recipes.Integration.Tests.Servers;

[Collection(nameof(DockerDaemon))]
public sealed class PostgresTlsImageTests(DockerDaemon daemon) : ServerInDocker(daemon, "postgres-tls-image")
{
    [Fact]
    public async Task Its_certificate_is_verified_by_a_client()
    {
        using var certificate = Certificate.Write(Folder.Join("tls"));
        await StartAsync(
            5432,
            ["-v", $"{Folder.Join("tls")}:/tls:ro", "-e", "POSTGRES_PASSWORD=secret"],
            "sh",
            "-ec",
            "cp /tls/* /tmp; chown postgres /tmp/key.pem; chmod 600 /tmp/key.pem; "
                + "exec docker-entrypoint postgres -c ssl=on -c ssl_cert_file=/tmp/cert.pem -c ssl_key_file=/tmp/key.pem"
        );
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Username = "postgres",
            Password = "secret",
            SslMode = SslMode.VerifyFull,
            RootCertificate = Folder.Join("tls", "cert.pem"),
            Pooling = false,
        };

        Assert.Equal(
            "TLSv1.3",
            await AnswerAsync(() =>
                Database.AskAsync(settings, "select version from pg_stat_ssl where pid = pg_backend_pid()")
            )
        );
        Certificate.Write(Folder.Join("other")).Dispose();
        settings.RootCertificate = Folder.Join("other", "cert.pem");
        await Assert.ThrowsAsync<NpgsqlException>(() => Database.AskAsync(settings, "select 'none'", retries: false));
    }
}

[Collection(nameof(DockerDaemon))]
public sealed class PostgresIcuImageTests(DockerDaemon daemon) : ServerInDocker(daemon, "postgres-icu-image")
{
    [Fact]
    public async Task It_sorts_as_a_language_does()
    {
        await StartAsync(
            5432,
            ["-e", "POSTGRES_PASSWORD=secret", "-e", "POSTGRES_INITDB_ARGS=--locale-provider=icu --icu-locale=sv-SE"]
        );
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Username = "postgres",
            Password = "secret",
            Pooling = false,
        };

        Assert.Equal(
            "az\u00f6",
            await AnswerAsync(() =>
                Database.AskAsync(
                    settings,
                    "select string_agg(x, '' order by x) from unnest(array['z', '\u00f6', 'a']) x"
                )
            )
        );
    }
}

[Collection(nameof(DockerDaemon))]
public sealed class PgbouncerImageTests(DockerDaemon daemon) : ServerInDocker(daemon, "pgbouncer-image")
{
    [Theory]
    [InlineData("")]
    [InlineData("--user 1234:1234")]
    public async Task Many_clients_share_a_connection_to_the_server_that_a_URL_names(string options)
    {
        // All that has a meaning in a URL, in an INI file or in SQL.
        const string password = "a%b/c:d@e'f\"g h";
        Folder.Write("url", $"postgres://postgres:{Uri.EscapeDataString(password)}@127.0.0.1:5432/postgres\n");
        await StartAsync(
            6432,
            [
                "-v",
                $"{Folder.Join("url")}:/run/secrets/url:ro",
                "-e",
                "DATABASE_URL_FILE=/run/secrets/url",
                "-e",
                "LISTEN_PORT=6432",
                "-e",
                "POOL_MODE=transaction",
                "-e",
                "DEFAULT_POOL_SIZE=1",
                .. Words(options),
            ]
        );
        await StartNeighbourAsync("postgres-image", ["-e", $"POSTGRES_PASSWORD={password}"]);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Username = "postgres",
            Password = password,
            Database = "postgres",
            Pooling = false,
            NoResetOnClose = true,
        };

        var one = await AnswerAsync(() => Database.AskAsync(settings, "select pg_backend_pid()::text"));
        Assert.Equal(one, await AnswerAsync(() => Database.AskAsync(settings, "select pg_backend_pid()::text")));
        settings.Password = "wrong";
        await Assert.ThrowsAnyAsync<NpgsqlException>(() =>
            Database.AskAsync(settings, "select 'none'", retries: false)
        );
        Assert.Equal("0", await StopAsync());
    }

    [Theory]
    [InlineData("", "pgbouncer: set DATABASE_URL or DATABASE_URL_FILE, or mount /etc/pgbouncer/pgbouncer.ini\n")]
    [InlineData(
        "DATABASE_URL=a DATABASE_URL_FILE=b",
        "pgbouncer: DATABASE_URL and DATABASE_URL_FILE exclude each other\n"
    )]
    [InlineData(
        "DATABASE_URL=db",
        "pgbouncer: DATABASE_URL is not a URL, as postgres://USER:PASSWORD@HOST:PORT/NAME is\n"
    )]
    [InlineData("DATABASE_URL=postgres://db/x", "pgbouncer: DATABASE_URL names no user\n")]
    [InlineData("DATABASE_URL=postgres://me@/x", "pgbouncer: DATABASE_URL names no host\n")]
    public async Task What_is_missing_is_said(string environment, string message)
    {
        var run = await TryRunAsync(Variables(environment));

        Assert.Equal((1, message), (run.ExitCode, run.StandardError));
    }
}

[Collection(nameof(DockerDaemon))]
public sealed partial class AdminerImageTests(DockerDaemon daemon) : ServerInDocker(daemon, "adminer-image")
{
    [Fact]
    public async Task Who_logs_in_sees_the_tables_of_the_database_beside_it()
    {
        await StartAsync(8080, ["-e", "ADMINER_DEFAULT_SERVER=127.0.0.1"]);
        await StartNeighbourAsync("postgres-image", ["-e", "POSTGRES_PASSWORD=secret", "-e", "POSTGRES_DB=shop"]);
        using var handler = new SocketsHttpHandler { CookieContainer = new() };
        using var http = new HttpClient(handler) { BaseAddress = new($"http://127.0.0.1:{Port}") };

        var form = await AnswerAsync(() => http.GetStringAsync(new Uri("/", UriKind.Relative), Token));
        Assert.Contains("name=\"auth[server]\" value=\"127.0.0.1\"", form);
        Assert.Matches(Chosen(), form);
        var page = await AnswerAsync(async () =>
        {
            using var login = new FormUrlEncodedContent([
                new("auth[driver]", "pgsql"),
                new("auth[server]", "127.0.0.1"),
                new("auth[username]", "postgres"),
                new("auth[password]", "secret"),
                new("auth[db]", "shop"),
            ]);
            using var answer = await http.PostAsync(new Uri("/", UriKind.Relative), login, Token);
            var text = await answer.Content.ReadAsStringAsync(Token);
            return
                text.Contains("Connection refused", StringComparison.Ordinal)
                || text.Contains("starting up", StringComparison.Ordinal)
                ? throw new IOException(text)
                : text;
        });
        Assert.Contains("Tables and views", page);
        Assert.Contains("Create table", page);
        using var script = await http.GetAsync(new Uri("/adminer/static/functions.js", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.OK, script.StatusCode);
    }

    [GeneratedRegex("<option value=[\"']pgsql[\"'] selected")]
    private static partial Regex Chosen();
}

/// <summary>One question to a server that may not be up yet.</summary>
internal static class Database
{
    /// <summary>The first value of the answer; while nobody answers, what a test tries again for.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "What is asked is written in the tests.")]
    public static async Task<string> AskAsync(NpgsqlConnectionStringBuilder settings, string sql, bool retries = true)
    {
        var token = TestContext.Current.CancellationToken;
        try
        {
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync(token);
            await using var command = new NpgsqlCommand(sql, connection);
            return (string)(await command.ExecuteScalarAsync(token))!;
        }
        catch (NpgsqlException e)
            when (retries
                && (
                    e.InnerException is SocketException or IOException or TimeoutException
                    || e.SqlState is "57P03" or "08P01"
                )
            )
        {
            throw new IOException(e.Message, e);
        }
    }
}
