using System.Globalization;
using Recipes.Integration.Tests.Docker;
using Xunit;

namespace Recipes.Integration.Tests.Postgres;

/// <summary>Whose the folders of the server are, who it runs as, and what it may.</summary>
[Collection(nameof(DockerDaemon))]
public sealed class PostgresFoldersTests(DockerDaemon daemon) : PostgresInDocker(daemon)
{
    private static readonly string[] Settings = ["-e", "POSTGRES_PASSWORD=x", "--health-interval=500ms"];

    [Fact]
    public async Task A_data_folder_that_was_opened_is_closed_at_the_next_start()
    {
        Directory.CreateDirectory(Folder.Join("data"));
        await StartAsync([.. Settings, .. Data]);
        foreach (var (mode, expected) in ((string, string)[])[("2770", "700"), ("777", "700"), ("750", "750")])
        {
            await DockerAsync("stop", Container);
            File.SetUnixFileMode(Folder.Join("data"), (UnixFileMode)Convert.ToInt32(mode, 8));

            await DockerAsync("start", Container);

            await BecomesHealthyAsync();
            Assert.Equal(expected, await InContainerAsync("stat", "-c", "%a", "/var/lib/postgresql/data"));
        }
        Assert.Contains("holds a cluster: POSTGRES_… variables and", await LogAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_user_may_run_it()
    {
        WriteScript("1.sh", "createdb made", isExecutable: true);
        await StartAsync([.. Settings, .. Scripts, "--user", "1234:0", "--cap-drop", "ALL"]);
        await BecomesHealthyAsync();

        Assert.Equal("1234", await InContainerAsync("stat", "-c", "%u", "/proc/1"));
        Assert.Equal("made", await PsqlAsync("select datname from pg_database where datname = 'made'"));
        await DockerAsync("restart", Container);
        await BecomesHealthyAsync();
        Assert.Contains(
            "/var/lib/postgresql/data belongs to user 70, not to user 1234: the data folder is "
                + "/var/lib/postgresql/data/pgdata",
            await LogAsync(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Any_user_may_run_it_in_a_folder_of_its_own_and_not_in_one_it_may_not_write_to()
    {
        var data = Directory.CreateDirectory(Folder.Join("data")).FullName;
        string[] options = [.. Settings, .. Data, "--user", "1234:5678"];

        Assert.Contains(
            "user 1234 may not write to the data folder /var/lib/postgresql/data",
            await FailsAsync(options),
            StringComparison.Ordinal
        );
        await Programs.RunAsync("chown", "1234:5678", data);
        await StartAsync(options);

        await BecomesHealthyAsync();
        Assert.True(File.Exists(Path.Join(data, "PG_VERSION")));
    }

    [Fact]
    public async Task Root_needs_few_capabilities()
    {
        await StartAsync([.. Settings, "--cap-drop=ALL", "--cap-add=CHOWN", "--cap-add=SETUID", "--cap-add=SETGID"]);
        await DockerAsync("restart", Container);

        await BecomesHealthyAsync();
    }

    [Fact]
    public async Task The_write_ahead_log_may_be_elsewhere_also_after_a_first_start_that_was_cut_off()
    {
        WriteScript("1.sql", "select broken");
        Directory.CreateDirectory(Folder.Join("data"));
        Directory.CreateDirectory(Folder.Join("wal"));
        string[] options =
        [
            .. Settings,
            .. Scripts,
            .. Data,
            "-v",
            $"{Folder.Join("wal")}:/wal",
            "-e",
            "POSTGRES_INITDB_WALDIR=/wal/of/17",
        ];
        var error = await FailsAsync(options);
        Assert.Contains("broke off at: /docker-entrypoint-initdb.d/1.sql", error, StringComparison.Ordinal);
        WriteScript("1.sql", "select 1");

        await StartAsync(options);

        await BecomesHealthyAsync();
        Assert.Equal("/wal/of/17", await InContainerAsync("readlink", "/var/lib/postgresql/data/pg_wal"));
        Assert.Equal("70 700", await InContainerAsync("stat", "-c", "%u %a", "/wal/of/17"));
        Assert.InRange(
            int.Parse(await PsqlAsync("select count(*) from pg_ls_waldir()"), CultureInfo.InvariantCulture),
            1,
            9
        );
    }

    private async Task<string> InContainerAsync(params string[] arguments) =>
        (await DockerAsync(["exec", Container, .. arguments])).Trim();
}
