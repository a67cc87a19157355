using CliWrap.Buffered;
using Xunit;

namespace Recipes.Integration.Tests.Sources;

/// <summary>
/// A workspace under git, and the real command line on it: <c>words</c> comes from an archive beside its recipe,
/// <c>tool</c> from an upstream repository with several tags, a renamed file, a link, an executable, and attributes
/// that change text.
/// </summary>
internal sealed class GitWorkspace : IDisposable
{
    private readonly WorkspaceFolder folder = new();

    public GitWorkspace(bool withGit = true)
    {
        Upstream = GitJudge.Init(folder.Beside("up stream"));
        folder.WriteBeside("up stream/src/main.c", "int main(void) { return 1; }\n");
        folder.WriteBeside("up stream/crlf.txt", "one\r\n$Id$\r\n");
        folder.WriteBeside("up stream/.gitattributes", "*.txt text ident\n");
        File.SetUnixFileMode(folder.WriteBeside("up stream/configure", "#!/bin/sh\n"), (UnixFileMode)0x1ed);
        File.CreateSymbolicLink(folder.Beside("up stream", "link"), "src/main.c");
        // The text is committed as it stands, as by someone who knew nothing of attributes.
        folder.WriteBeside("up stream/.git/info/attributes", "* -text -ident\n");
        Upstream.CommitAll();
        Upstream.Run("tag", "v1");
        Upstream.Run("mv", "src/main.c", "src/renamed.c");
        File.Delete(folder.Beside("up stream", "link"));
        File.CreateSymbolicLink(folder.Beside("up stream", "link"), "src/renamed.c");
        Upstream.CommitAll();
        Upstream.Run("tag", "-a", "-m", "two", "v2");

        WriteArchive("1", "one\n");
        WriteWords("1");
        WriteTool("1");
        if (!withGit)
            return;
        Git = GitJudge.Init(Root);
        Git.CommitAll();
    }

    public string Root => folder.Root;

    public GitJudge Upstream { get; }

    public GitJudge Git { get; } = null!;

    public string Path(string relative) => folder.Path(relative);

    public string Outside(string relative) => folder.Beside(relative);

    public string Write(string relative, string content) => folder.Write(relative, content);

    public string Read(string relative) => folder.Read(relative);

    public GitJudge Module(string name) => new(Path($"pkgs/{name}/source"));

    public void WriteWords(string version, string more = "") =>
        folder.WriteRecipe(
            "pkgs/words",
            $"version = \"{version}\"\nhomepage = \"https://words.example\"\n[source]\narchive = "
                + $"\"file:words-{{version}}.tar.gz\"\n{more}"
        );

    public void WriteTool(string version) =>
        folder.WriteRecipe(
            "pkgs/tool",
            $"version = \"{version}\"\n[source]\ngit = "
                + $"\"{new Uri(Upstream.Folder).AbsoluteUri}\"\ntag = \"v{{version}}\"\n"
        );

    public void WriteArchive(string version, string text)
    {
        var tar = new TarBuilder()
            .File("words/words.txt", text)
            .Program("words/configure")
            .Link("words/link", "words.txt")
            .File("words/a \"b\\c", "odd");
        folder.WriteBytes($"pkgs/words/words-{version}.tar.gz", tar.ToGzip());
    }

    public Task<BufferedCommandResult> RunAsync(params string[] arguments) => RunInAsync(Root, arguments);

    public Task<BufferedCommandResult> RunInAsync(string root, params string[] arguments) =>
        folder.RunAsync(arguments, root);

    /// <summary>Runs the command line, which must succeed, and tells what it answered.</summary>
    public async Task<string> SucceedAsync(params string[] arguments)
    {
        var run = await RunAsync(arguments);
        Assert.True(run.ExitCode == 0, run.StandardError + run.StandardOutput);
        return run.StandardOutput;
    }

    /// <summary>Runs the command line, which must end with 1, and tells all it said.</summary>
    public async Task<string> FailAsync(params string[] arguments)
    {
        var run = await RunAsync(arguments);
        Assert.Equal(1, run.ExitCode);
        return run.StandardOutput + run.StandardError;
    }

    public void Dispose() => folder.Dispose();
}
