using System.Net;
using System.Net.Sockets;
using CliWrap;
using CliWrap.Buffered;
using Recipes.Engine.Content;
using Recipes.Integration.Tests.Postgres;
using Recipes.Integration.Tests.Sources;
using Xunit;

namespace Recipes.Integration.Tests.Examples;

/// <summary>
/// <c>examples/guestbook</c>, and the same in Python, each copied out into a repository of its own, with this one as
/// its submodule.
/// </summary>
public sealed class GuestbookTests : IDisposable
{
    private const string Password = "secret";

    private readonly TemporaryDirectory folder = new();

    private string Root => folder.Join("guestbook");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("guestbook")]
    [InlineData("guestbook-python")]
    public async Task It_is_a_workspace_without_a_fault(string example)
    {
        CopyOut(example);

        Assert.EndsWith(" recipes, 0 faults\n", await AnswerAsync("check"));
        var list = await AnswerAsync("list", "guestbook");
        Assert.Contains("guestbook-image", list);
        var wrapper = await File.ReadAllTextAsync(Path.Join(Root, "recipes"), Token);
        Assert.Equal(
            "exec \"$(dirname -- \"$(readlink -f -- \"$0\")\")/collections/base/recipes\" \"$@\"",
            wrapper.Split('\n')[2]
        );
    }

    [Theory]
    [InlineData("guestbook")]
    [InlineData("guestbook-python", "postgres-tls-image", "python-image")]
    public async Task Beside_postgres_it_keeps_what_was_written_and_stops_cleanly(
        string example,
        params string[] builtWith
    )
    {
        foreach (var image in (string[])["postgres-image", .. builtWith])
            await BuiltImage.RequireAsync(image);
        var (port, databasePort) = (FreePort.Next(), FreePort.Next());
        CopyOut(example, ("pkgs/guestbook-image/recipe.toml", "8080", $"{port}"));
        await AnswerAsync("test", "guestbook");
        await AnswerAsync("compose", "guestbook-image");
        await AnswerAsync("compose", "postgres-image");
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };
        string[] guestbook =
        [
            "run",
            "guestbook-image",
            "-p",
            $"{port}",
            "-e",
            $"DATABASE_URL=postgresql://postgres:{Password}@127.0.0.1:{databasePort}/postgres",
        ];

        string log;
        await using (var lonely = Start(guestbook))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, await AskAsync(http, "/health"));
            await using var database = Start(
                "run",
                "postgres-image",
                "-p",
                $"{databasePort}:5432",
                "-e",
                $"POSTGRES_PASSWORD={Password}"
            );
            while (await AskAsync(http, "/health") != HttpStatusCode.OK)
                await Task.Delay(200, Token);
            using var form = new FormUrlEncodedContent([new("name", "Ada"), new("words", "<b> & \u00e4")]);
            using var written = await http.PostAsync(new Uri("/", UriKind.Relative), form, Token);
            Assert.Equal(HttpStatusCode.OK, written.StatusCode);
            log = await lonely.StopAsync();
            Assert.Contains("POST / 303", log);
            Assert.EndsWith("stopped\n", log);

            await using var again = Start(guestbook);
            await AskAsync(http, "/health");
            var page = await http.GetStringAsync(new Uri("/", UriKind.Relative), Token);
            Assert.Contains("<p><b>Ada</b> &lt;b&gt; &amp; \u00e4 <small>", page);
            Assert.EndsWith("stopped\n", await again.StopAsync());
        }
    }

    public void Dispose() => folder.Dispose();

    /// <summary>The status of an answer; waits until somebody listens.</summary>
    private static async Task<HttpStatusCode> AskAsync(HttpClient http, string path)
    {
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Token);
                return answer.StatusCode;
            }
            catch (HttpRequestException e) when (e.InnerException is SocketException)
            {
                await Task.Delay(200, Token);
            }
        }
    }

    private void CopyOut(string example, params ReadOnlySpan<(string File, string Before, string After)> edits)
    {
        var folderOfExample = Path.Join(Checkout.Root, "examples", example);
        foreach (var file in Directory.EnumerateFiles(folderOfExample, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Join(Root, Path.GetRelativePath(folderOfExample, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        foreach (var (file, before, after) in edits)
        {
            var path = Path.Join(Root, file);
            File.WriteAllText(path, File.ReadAllText(path).Replace(before, after, StringComparison.Ordinal));
        }
        var git = GitJudge.Init(Root);
        git.Run("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", Checkout.Root, "collections/base");
        git.CommitAll();
    }

    private Command Recipes(params string[] arguments) =>
        CliWrap
            .Cli.Wrap(WorkspaceFolder.Program)
            .WithArguments(arguments)
            .WithWorkingDirectory(Root)
            .WithEnvironmentVariables(x => x.Set("RECIPES_STORE", ContentStore.DefaultRoot))
            .WithValidation(CommandResultValidation.None);

    private async Task<string> AnswerAsync(params string[] arguments)
    {
        var run = await Recipes(arguments).ExecuteBufferedAsync(Token);
        Assert.True(run.ExitCode == 0, run.StandardError);
        return run.StandardOutput;
    }

    private Running Start(params string[] arguments) => new(Recipes(arguments));

    /// <summary>A program that runs until it is told to stop.</summary>
    private sealed class Running(Command command) : IAsyncDisposable
    {
        private readonly CommandTask<BufferedCommandResult> task = command.ExecuteBufferedAsync();

        /// <summary>Sends SIGTERM, and tells what it wrote by its end.</summary>
        public async Task<string> StopAsync()
        {
            if (!task.Task.IsCompleted)
                await CliWrap
                    .Cli.Wrap("kill")
                    .WithArguments($"-TERM {task.ProcessId}")
                    .WithValidation(CommandResultValidation.None)
                    .ExecuteAsync();
            return (await task).StandardOutput;
        }

        public async ValueTask DisposeAsync() => await StopAsync();
    }
}
