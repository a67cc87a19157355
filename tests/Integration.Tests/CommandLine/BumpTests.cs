using System.Text.Json;
using Recipes.Integration.Tests.Sources;
using Xunit;

namespace Recipes.Integration.Tests.CommandLine;

/// <summary>
/// The whole way of a maintainer: a source with two releases, an image that holds it, and git as judge.
/// </summary>
public sealed class BumpTests(SmallWorkspace workspace) : IClassFixture<SmallWorkspace>
{
    [Fact]
    public async Task A_bump_is_built_compared_and_committed()
    {
        Directory.CreateDirectory(Path.Join(workspace.Root, "pkgs", "speech"));
        foreach (
            var (version, script) in (ReadOnlySpan<(string, string)>)
                [("1.9", "echo old"), ("1.10", "echo new and longer")]
        )
        {
            var archive = new TarBuilder()
                .File($"speech-{version}/speech", $"#!/usr/bin/sh\n{script}\n")
                .File($"speech-{version}/note", version);
            File.WriteAllBytes(Path.Join(workspace.Root, "pkgs", "speech", $"speech-{version}.tar"), archive.ToTar());
        }
        workspace.Write(
            "pkgs/speech/recipe.toml",
            """
            name    = "speech"
            version = "1.9"   # of upstream
            summary = "Speaks"
            license = "MIT"
            homepage = "https://speech.org"
            [source]
            archive = "file:speech-{version}.tar"
            [build]
            system = "none"
            strip  = false
            [build.steps]
            install = '''
            mkdir -p /stage/usr/bin
            cp speech /stage/usr/bin/speech
            chmod 755 /stage/usr/bin/speech
            cp note /stage/usr/bin/speech-$(cat note)
            '''
            """
        );
        workspace.Write(
            "pkgs/speech-image/recipe.toml",
            """
            name         = "speech-image"
            version-from = "speech"
            summary      = "Speaks"
            [image]
            include = ["speech", "hello"]
            cmd     = ["/usr/bin/speech"]
            """
        );
        var git = GitJudge.Init(workspace.Root);
        git.Run("config", "user.name", "A Maintainer");
        git.Run("config", "user.email", "maintainer@localhost");
        await SucceedAsync("lock");
        await SucceedAsync("compose", "speech-image", "--output", "speech.tar");
        git.CommitAll("Begin");

        var review = await SucceedAsync("bump", "speech", "--build", "--commit");

        var lines = review.Split('\n');
        Assert.Equal("Bump speech from 1.9 to 1.10", lines[0]);
        Assert.Contains("pkgs/speech/recipe.toml: version 1.9 → 1.10", lines);
        Assert.Contains("upstream: 2 files (2 changed), lines +2 -2", lines);
        Assert.Contains("images: speech-image", lines);
        Assert.Contains("  - usr/bin/speech-1.9  3 B", lines);
        Assert.Contains("  + usr/bin/speech-1.10  4 B", lines);
        Assert.Contains(lines, x =>
            x.StartsWith("image speech-image: files ", StringComparison.Ordinal)
            && x.Contains("(+12 B), compressed ", StringComparison.Ordinal)
        );
        Assert.Equal($"committed as {git.Run("rev-parse", "HEAD")}", lines[^2]);
        // The review is the message, word for word.
        Assert.Equal(string.Join('\n', lines[..^2]), git.Run("log", "-1", "--format=%B").TrimEnd('\n'));
        Assert.Equal(
            "pkgs/speech/recipe.toml\npkgs/speech/source\nrecipes.lock",
            git.Run("show", "--format=", "--name-only")
        );
        Assert.Equal("", git.Run("status", "--porcelain", "--untracked-files=no"));
        Assert.StartsWith("-", git.Run("submodule", "status"), StringComparison.Ordinal);
        git.Run("fsck", "--strict");
        Assert.Contains("agree", await SucceedAsync("lock", "--check"), StringComparison.Ordinal);
        // What the bump built is what the workspace needs now.
        using var json = JsonDocument.Parse(await SucceedAsync("build", "speech", "--json"));
        Assert.All(json.RootElement.GetProperty("packages").EnumerateArray(), x =>
            Assert.Equal("cached", x.GetProperty("state").GetString())
        );
    }

    private async Task<string> SucceedAsync(params string[] arguments)
    {
        var run = await workspace.RunAsync(arguments);
        Assert.True(run.ExitCode == 0, run.StandardError + run.StandardOutput);
        return run.StandardOutput;
    }
}
