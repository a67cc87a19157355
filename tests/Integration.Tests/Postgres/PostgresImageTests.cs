using System.Globalization;
using System.Text;
using CliWrap;
using CliWrap.Buffered;
using Recipes.Engine.Content;
using Xunit;

namespace Recipes.Integration.Tests.Postgres;

/// <summary>PostgreSQL from the composed image, as a user of <c>recipes run</c> meets it.</summary>
public sealed class PostgresImageTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    [Fact]
    public async Task The_image_keeps_its_limit()
    {
        var image = await BuiltImage.RequireAsync("postgres-image");

        Assert.InRange(image.FileBytes, 1, 15_820_000);
    }

    [Fact]
    public async Task A_first_start_without_a_password_says_what_to_set()
    {
        await BuiltImage.RequireAsync("postgres-image");

        var run = await RunAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE", run.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_runs_in_place_of_the_server()
    {
        await BuiltImage.RequireAsync("postgres-image");

        var run = await RunAsync("--", "psql", "--version");

        Assert.StartsWith("psql (PostgreSQL) 17.", run.StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_answers_keeps_its_data_and_stops_cleanly()
    {
        await BuiltImage.RequireAsync("postgres-image");
        Directory.CreateDirectory(folder.Join("init"));
        File.WriteAllText(folder.Join("init/1.sql"), "create table t (x int); insert into t values (41);");
        File.WriteAllText(folder.Join("init/2.sh"), "echo 'update t set x = x + 1' | psql -U postgres -d app");
        // Under root, what is root's on this machine is nobody's in the image.
        if (StoreOwner.Find() is { } owner)
            await Programs.RunAsync(
                "chown",
                "-R",
                owner.First.ToString(CultureInfo.InvariantCulture),
                folder.Join("init")
            );

        var first = await WhileServingAsync(
            async () =>
            {
                Assert.Contains("PostgreSQL 17.", await AskAsync("select version()"), StringComparison.Ordinal);
                Assert.Equal("42", await AskAsync("select x from t"));
                Assert.Equal("UTF8", await AskAsync("show server_encoding"));
                Assert.Equal("scram-sha-256", await AskAsync("show password_encryption"));
                Assert.Equal("*", await AskAsync("show listen_addresses"));
                Assert.Equal(
                    "t",
                    await AskAsync("select '2026-07-01 12:00 Europe/Vienna'::timestamptz = '2026-07-01 10:00Z'")
                );
            },
            "-e",
            "POSTGRES_PASSWORD=secret",
            "-e",
            "POSTGRES_DB=app",
            "--data",
            $"{folder.Path}/init:/docker-entrypoint-initdb.d"
        );
        Assert.Contains("database system is shut down", first, StringComparison.Ordinal);

        var second = await WhileServingAsync(async () => Assert.Equal("42", await AskAsync("select x from t")));
        Assert.DoesNotContain("running /docker-entrypoint-initdb.d", second, StringComparison.Ordinal);
    }

    private Task<BufferedCommandResult> RunAsync(params string[] arguments) =>
        Recipes(["run", "postgres-image", .. arguments]).ExecuteBufferedAsync(TestContext.Current.CancellationToken);

    private Command Recipes(string[] arguments) =>
        CliWrap
            .Cli.Wrap("dotnet")
            .WithArguments([Path.Join(AppContext.BaseDirectory, "recipes.dll"), .. arguments])
            .WithWorkingDirectory(Checkout.Root)
            .WithValidation(CommandResultValidation.None);

    private string[] Mounts =>
        ["--data", $"{folder.Path}/data:/var/lib/postgresql/data", "--data", $"{folder.Path}/socket:/run/postgresql"];

    /// <summary>Starts the server, does something when it answers, stops it by SIGINT, and returns its log.</summary>
    private async Task<string> WhileServingAsync(Func<Task> act, params string[] arguments)
    {
        var log = new StringBuilder();
        var target = PipeTarget.ToDelegate(line =>
        {
            lock (log)
                log.AppendLine(line);
        });
        var isFirst = !Directory.Exists(folder.Join("data"));
        using var interrupt = new CancellationTokenSource();
        var server = Recipes(["run", "postgres-image", .. Mounts, .. arguments])
            .WithStandardOutputPipe(target)
            .WithStandardErrorPipe(target)
            .ExecuteAsync(TestContext.Current.CancellationToken, interrupt.Token);
        while (!server.Task.IsCompleted && !IsReady(log, isFirst))
            await Task.Delay(100, TestContext.Current.CancellationToken);
        try
        {
            Assert.False(server.Task.IsCompleted, log.ToString());
            await act();
        }
        finally
        {
            await interrupt.CancelAsync();
            try
            {
                await server;
            }
            catch (OperationCanceledException)
            {
                // It was asked to end.
            }
        }
        return log.ToString();
    }

    private async Task<string> AskAsync(string sql)
    {
        var database = Directory.Exists(folder.Join("init")) ? "app" : "postgres";
        var run = await RunAsync([
            .. Mounts,
            "--",
            "psql",
            "-h",
            "/run/postgresql",
            "-U",
            "postgres",
            "-d",
            database,
            "-AXtc",
            sql,
        ]);
        Assert.True(run.ExitCode == 0, run.StandardError);
        return run.StandardOutput.Trim();
    }

    // A first start runs a server of its own before the real one.
    private static bool IsReady(StringBuilder log, bool isFirst)
    {
        lock (log)
        {
            var text = log.ToString();
            var from = isFirst ? text.IndexOf("the first start is done", StringComparison.Ordinal) : 0;
            return from >= 0 && text.IndexOf("ready to accept connections", from, StringComparison.Ordinal) >= 0;
        }
    }

    public void Dispose() => folder.Dispose();
}
