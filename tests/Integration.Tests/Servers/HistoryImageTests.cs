using Recipes.Integration.Tests.Docker;
using Xunit;

namespace Recipes.Integration.Tests.Servers;

[Collection(nameof(DockerDaemon))]
public sealed class GitImageTests(DockerDaemon daemon) : ServerInDocker(daemon, "git-image")
{
    [Fact]
    public async Task It_keeps_a_history_in_a_folder_of_the_host()
    {
        Folder.Write("work/file", "text\n");
        string[] options =
        [
            "-v",
            $"{Folder.Join("work")}:/git",
            "-e",
            "GIT_AUTHOR_NAME=A",
            "-e",
            "GIT_COMMITTER_NAME=A",
        ];
        options = [.. options, "-e", "GIT_AUTHOR_EMAIL=a@localhost", "-e", "GIT_COMMITTER_EMAIL=a@localhost"];

        await RunAsync(options, "init", "-q", "-b", "main");
        await RunAsync(options, "add", "file");
        await RunAsync(options, "commit", "-q", "-m", "First");

        Assert.Equal("First\n", await RunAsync(options, "log", "--format=%s"));
        // Whose the folder is makes no difference, and neither does who runs it.
        Assert.Equal("text\n", await RunAsync([.. options, "--user", "1234:1234"], "show", "main:file"));
        var run = await TryRunAsync([], "ls-remote", "ssh://user@127.0.0.1:1/x");
        Assert.Contains("dbclient: Connection to user@127.0.0.1:1 exited: Connect failed", run.StandardError);
        run = await TryRunAsync([], "ls-remote", "https://127.0.0.1:1/x");
        Assert.Contains("Failed to connect to 127.0.0.1 port 1", run.StandardError);
    }
}

[Collection(nameof(DockerDaemon))]
public sealed class MercurialImageTests(DockerDaemon daemon) : ServerInDocker(daemon, "mercurial-image")
{
    [Fact]
    public async Task It_serves_the_repositories_of_its_volume()
    {
        var volume = Directory.CreateDirectory(Folder.Join("repositories")).FullName;
        File.SetUnixFileMode(volume, (UnixFileMode)0b111_111_111);
        string[] options = ["-v", $"{volume}:/repositories"];
        await RunAsync(options, "init", "one");
        await RunAsync([.. options, "--entrypoint", "/bin/sh"], "-c", "echo text > one/file");
        await RunAsync(options, "commit", "-R", "one", "-A", "-q", "-u", "a", "-m", "First");

        await StartAsync(8000, options);
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{Port}") };

        Assert.Contains(
            "First",
            await AnswerAsync(() => http.GetStringAsync(new Uri("/one", UriKind.Relative), Token))
        );
        await ExecAsync("hg", "clone", "-q", "http://127.0.0.1:8000/one", "/tmp/two");
        Assert.Equal("First file", await ExecAsync("hg", "log", "-R", "/tmp/two", "-T", "{desc} {files}"));
        Assert.Contains("\"GET /one HTTP/1.1\" 200", await LogAsync());
    }
}
