using Recipes.Integration.Tests.Docker;
using Xunit;

namespace Recipes.Integration.Tests.Postgres;

/// <summary>What lies in <c>/docker-entrypoint-initdb.d</c>.</summary>
[Collection(nameof(DockerDaemon))]
public sealed class PostgresScriptsTests(DockerDaemon daemon) : PostgresInDocker(daemon)
{
    private static readonly string[] Quick =
    [
        "--tmpfs",
        "/var/lib/postgresql/data",
        "-e",
        "POSTGRES_PASSWORD=x",
        "-e",
        "POSTGRES_DB=app",
    ];

    [Fact]
    public async Task Scripts_for_bash_run_in_sh_which_is_said()
    {
        WriteScript("1.sql", "create table steps (number serial, name text)");
        // The kind that the documentation of the official image shows.
        WriteScript(
            "2-env.sh",
            """
            #!/usr/bin/env bash
            set -e
            psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<-EOSQL
            	insert into steps (name) values ('env bash');
            EOSQL
            """,
            isExecutable: true
        );
        WriteScript(
            "3-path.sh",
            """
            #!/bin/bash -e
            function add() { local name=$1; psql -d app -c "insert into steps (name) values ('$name')"; }
            [[ $POSTGRES_DB == app ]] && case $- in *e*) add 'bash -e' ;; esac
            """,
            isExecutable: true
        );
        WriteScript("4-read.sh", "#!/bin/bash\nadded=\"read$undefined\"; export added; set +e; false");
        WriteScript("5-sh.sh", "#!/bin/sh\npsql -d app -c \"insert into steps (name) values ('$added')\"", true);

        var log = await StartAsync([.. Quick, .. Scripts]);

        Assert.Equal(
            "env bash, bash -e, read",
            await PsqlAsync("select string_agg(name, ', ' order by number) from steps", "-d", "app")
        );
        foreach (var name in (string[])["2-env.sh", "3-path.sh", "4-read.sh"])
            Assert.Contains($"{name} wants bash, which is not in this image: BusyBox's sh runs it", log, Ordinal);
        Assert.DoesNotContain("5-sh.sh wants", log, Ordinal);
    }

    [Theory]
    [InlineData("1.sh", "#!/usr/bin/env python3\n", "1.sh wants python3, which is not in this image")]
    [InlineData("1.sh", "#!/bin/sh\r\ntrue\r\n", "1.sh end as on Windows (CR LF)")]
    [InlineData("1.sql.xz", "", "this image has no program that unpacks /docker-entrypoint-initdb.d/1.sql.xz")]
    [InlineData("1.sql.zst", "", "this image has no program that unpacks /docker-entrypoint-initdb.d/1.sql.zst")]
    public async Task A_script_that_cannot_run_is_an_error_before_anything_is_made(
        string name,
        string text,
        string message
    )
    {
        WriteScript(name, text, isExecutable: true);
        Directory.CreateDirectory(Folder.Join("data"));

        var error = await FailsAsync([.. Quick[2..], .. Scripts, .. Data]);

        Assert.Contains(message, error, Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Folder.Join("data")));
    }

    [Fact]
    public async Task Scripts_that_the_server_may_not_read_are_an_error_and_run_once_it_may()
    {
        WriteScript("1.sql", "create table t (x int)");
        Directory.CreateDirectory(Folder.Join("init/2.sql"));
        Directory.CreateDirectory(Folder.Join("data"));
        string[] options = [.. Quick[2..], .. Scripts, .. Data];

        File.SetUnixFileMode(Folder.Join("init"), Closed);
        Assert.Contains("user 70 may not read the folder /docker-entry", await FailsAsync(options), Ordinal);
        File.SetUnixFileMode(Folder.Join("init"), Open);
        File.SetUnixFileMode(Folder.Join("init/1.sql"), UnixFileMode.UserRead);
        Assert.Contains("user 70 cannot read /docker-entrypoint-initdb.d/1.sql", await FailsAsync(options), Ordinal);
        File.SetUnixFileMode(Folder.Join("init/1.sql"), Open);
        Assert.Contains("/docker-entrypoint-initdb.d/2.sql is a folder", await FailsAsync(options), Ordinal);
        Directory.Delete(Folder.Join("init/2.sql"));

        await StartAsync(options);
        Assert.Equal("0", await PsqlAsync("select count(*) from t", "-d", "app"));
    }

    [Fact]
    public async Task A_script_that_ends_the_shell_ends_the_first_start_with_a_fault()
    {
        WriteScript("1.sh", "exit 0");

        Assert.Contains(
            "the first start broke off at: /docker-entrypoint-initdb.d/1.sh",
            await FailsAsync([.. Quick, .. Scripts]),
            Ordinal
        );
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;
    private const UnixFileMode Closed = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Open =
        Closed
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;
}
