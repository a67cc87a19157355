using System.Text.Json;
using Xunit;

namespace Recipes.Integration.Tests.CommandLine;

/// <summary><c>build NAME --source DIR</c>, and what may become of it.</summary>
public sealed class UnpinnedTests(SmallWorkspace workspace) : IClassFixture<SmallWorkspace>
{
    private string WorkTree => Path.Join(workspace.Root, "my words");

    /// <summary>A package with a source, one that copies what that installed, and an image of both.</summary>
    private async Task PrepareAsync()
    {
        workspace.Write(
            "pkgs/words/recipe.toml",
            """
            name    = "words"
            version = "1"
            [source]
            archive = "file:words.tar.gz"
            [build]
            system = "none"
            strip  = false
            [build.steps]
            install = "mkdir -p /stage/usr/share && cp words.txt /stage/usr/share/words.txt"
            """
        );
        await File.WriteAllBytesAsync(
            Path.Join(workspace.Root, "pkgs/words/words.tar.gz"),
            new TarBuilder().File("words/words.txt", "pinned\n").ToGzip(),
            TestContext.Current.CancellationToken
        );
        workspace.WritePackage(
            "copy",
            "mkdir -p /stage/usr/share && cat /usr/share/words.txt > /stage/usr/share/copy.txt",
            "\"words\""
        );
        workspace.Write(
            "pkgs/words-image/recipe.toml",
            """
            name         = "words-image"
            version-from = "words"
            [image]
            include    = ["hello", "copy"]
            entrypoint = ["/usr/bin/sh", "-c", "cat /usr/share/copy.txt"]
            """
        );
        workspace.Write("my words/words.txt", "mine\n");
        workspace.Write("my words/.git/config", "of no matter");
        Assert.Equal(0, (await workspace.RunAsync("lock")).ExitCode);
        await workspace.RunAsync("build", "words");
    }

    [Fact]
    public async Task No_image_holds_what_is_not_pinned_unless_it_is_allowed()
    {
        await PrepareAsync();
        var pinned = await workspace.RunAsync("run", "words-image");
        Assert.Equal("pinned\n", pinned.StandardOutput);

        var built = await workspace.RunAsync("build", "words", "--source", "my words");

        Assert.True(built.ExitCode == 0, built.StandardError);
        Assert.Contains(
            "not pinned: words; no image takes that without --allow-unpinned\n",
            built.StandardOutput,
            StringComparison.Ordinal
        );
        foreach (var command in (string[])["compose", "run"])
        {
            var refused = await workspace.RunAsync(command, "words-image");
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains(
                $"error: words-image would not hold what was built last: words from '{WorkTree}', which is not pinned; "
                    + "either allow that with --allow-unpinned, or to go back to the pin, run: recipes build words\n",
                refused.StandardError,
                StringComparison.Ordinal
            );
        }
        var allowed = await workspace.RunAsync("run", "words-image", "--allow-unpinned");
        Assert.Equal("mine\n", allowed.StandardOutput);
        Assert.Contains(
            $"warning: words-image is not pinned: words is built from '{WorkTree}'\n",
            allowed.StandardError,
            StringComparison.Ordinal
        );
        Assert.Equal(0, (await workspace.RunAsync("compose", "hello-image", "--output", "h.tar")).ExitCode);

        await workspace.RunAsync("build", "words");
        Assert.Equal("pinned\n", (await workspace.RunAsync("run", "words-image")).StandardOutput);
    }

    [Fact]
    public async Task The_mark_spreads_to_what_is_built_from_it_and_to_nothing_else()
    {
        await PrepareAsync();

        var run = await workspace.RunAsync("build", "copy", "hello", "--source", "words=my words", "--json");

        using var json = JsonDocument.Parse(run.StandardOutput);
        var unpinned = json
            .RootElement.GetProperty("packages")
            .EnumerateArray()
            .ToDictionary(
                x => x.GetProperty("name").GetString()!,
                x => x.GetProperty("unpinned").EnumerateArray().Select(y => y.GetString()).ToArray()
            );
        Assert.Equal(["words"], unpinned["words"]);
        Assert.Equal(["words"], unpinned["copy"]);
        Assert.Empty(unpinned["hello"]);
        Assert.Equal(1, (await workspace.RunAsync("compose", "words-image")).ExitCode);
        // A build without the option starts from the pin.
        var again = await workspace.RunAsync("build", "copy", "--json");
        using var pinned = JsonDocument.Parse(again.StandardOutput);
        Assert.All(pinned.RootElement.GetProperty("packages").EnumerateArray(), x =>
            Assert.Empty(x.GetProperty("unpinned").EnumerateArray())
        );
    }

    [Fact]
    public async Task A_dirty_work_tree_takes_no_part_in_a_build()
    {
        await PrepareAsync();
        workspace.Write("pkgs/words/source/words.txt", "dirty\n");

        var run = await workspace.RunAsync("run", "words-image");

        Assert.Equal("pinned\n", run.StandardOutput);
        Directory.Delete(Path.Join(workspace.Root, "pkgs/words/source"), recursive: true);
    }

    [Fact]
    public async Task What_no_source_may_hold_is_refused_here_too()
    {
        await PrepareAsync();
        var link = Path.Join(WorkTree, "evil");
        File.CreateSymbolicLink(link, "/etc/passwd");

        var run = await workspace.RunAsync("build", "words", "--source", "my words");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            $"error: Cannot build from '{WorkTree}': the link 'evil' leads outside the tree, to '/etc/passwd'; 'except' in "
                + "[source] leaves it out\n",
            run.StandardError
        );
        File.Delete(link);
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [link]))
            mkfifo.WaitForExit();
        run = await workspace.RunAsync("build", "words", "--source", "my words");
        Assert.Equal(
            $"error: Cannot build from '{WorkTree}': 'evil' is not a regular file; 'except' in [source] leaves it out\n",
            run.StandardError
        );
        File.Delete(link);
    }

    [Theory]
    [InlineData(
        "build words hello --source there",
        "--source there: say whose source that is, such as --source words=there"
    )]
    [InlineData("build words --source nowhere", "--source nowhere: there is no directory '")]
    [InlineData("build hello --source pkgs", "'hello' has no source (pkgs/hello/recipe.toml has no [source])")]
    public async Task A_source_has_to_belong_to_a_package(string line, string message)
    {
        await PrepareAsync();

        var run = await workspace.RunAsync(line.Split(' '));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("error: " + message, run.StandardError, StringComparison.Ordinal);
    }
}
