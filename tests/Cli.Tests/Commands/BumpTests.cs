using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Recipes.Cli.Tests.Commands;

public sealed partial class BumpTests : IDisposable
{
    private readonly SourceWorkspace workspace = new();

    public void Dispose() => workspace.Dispose();

    private async Task LockAsync()
    {
        workspace.WriteArchive("one\ntwo\n", "2");
        Assert.Equal(0, (await workspace.RunAsync("lock")).ExitCode);
    }

    [GeneratedRegex("[0-9a-f]{40,64}")]
    private static partial Regex Hash();

    [GeneratedRegex("[0-9]+ B$", RegexOptions.Multiline)]
    private static partial Regex Size();

    private static string Masked(string text) => Size().Replace(Hash().Replace(text, "HASH"), "SIZE");

    private const string Review = """
        Bump words from 1 to 2

        commit HASH → HASH
        from file:words-2.tar.gz
        sha256:HASH, SIZE
        pkgs/words/recipe.toml: version 1 → 2

        upstream: 1 file (1 changed), lines +1 -0
        licence files: unchanged

        nothing is built from it

        """;

    [Fact]
    public async Task A_dry_run_shows_the_review_and_changes_nothing()
    {
        await LockAsync();
        var (recipe, locked) = (workspace.Read("pkgs/words/recipe.toml"), workspace.Read("recipes.lock"));

        var run = await workspace.RunAsync("bump", "words", "--dry-run");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(Review + "nothing was changed\n", Masked(run.Out));
        Assert.Equal((recipe, locked), (workspace.Read("pkgs/words/recipe.toml"), workspace.Read("recipes.lock")));
    }

    [Fact]
    public async Task A_bump_moves_recipe_and_lock_and_is_then_at_the_newest()
    {
        await LockAsync();

        var run = await workspace.RunAsync("bump", "words");

        Assert.Equal(Review + "changed: recipe and lock\n", Masked(run.Out));
        Assert.Contains("version = \"2\"", workspace.Read("pkgs/words/recipe.toml"), StringComparison.Ordinal);
        Assert.Equal("words is at 2 already\n", (await workspace.RunAsync("bump", "words")).Out);
        Assert.Equal("recipes.lock covers every recipe\n", (await workspace.RunAsync("lock")).Out);
    }

    [Fact]
    public async Task The_review_is_data_too()
    {
        await LockAsync();

        var run = await workspace.RunAsync("bump", "words", "--dry-run", "--json");

        using var json = JsonDocument.Parse(run.Out);
        var root = json.RootElement;
        Assert.Equal(
            ("words", false),
            (root.GetProperty("recipe").GetString(), root.GetProperty("changed").GetBoolean())
        );
        Assert.Equal(
            ("1", "2"),
            (
                root.GetProperty("before").GetProperty("version").GetString(),
                root.GetProperty("after").GetProperty("version").GetString()
            )
        );
        Assert.Equal("words.txt", root.GetProperty("upstream").GetProperty("files")[0].GetProperty("path").GetString());
        Assert.Equal("version", root.GetProperty("edits")[0].GetProperty("key").GetString());
    }

    [Fact]
    public async Task Versions_are_listed_and_the_pinned_one_is_marked()
    {
        await LockAsync();

        var run = await workspace.RunAsync("bump", "words", "--list");

        Assert.Equal(
            "version          where\n2                file:words-2.tar.gz\n1        pinned  file:words-1.tar.gz\n",
            run.Out
        );
        using var json = JsonDocument.Parse((await workspace.RunAsync("bump", "words", "--list", "--json")).Out);
        Assert.Equal("2", json.RootElement.GetProperty("versions")[0].GetProperty("version").GetString());
    }

    [Fact]
    public async Task A_patch_that_no_longer_applies_fails_with_the_review()
    {
        workspace.Write(
            "pkgs/words/recipe.toml",
            workspace.Read("pkgs/words/recipe.toml") + "patches = [\"p.patch\"]\n"
        );
        workspace.Write("pkgs/words/p.patch", "--- a/words.txt\n+++ b/words.txt\n@@ -1 +1 @@\n-one\n+1\n");
        await LockAsync();

        var run = await workspace.RunAsync("bump", "words");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            "patches that no longer apply:\n  words/p.patch: patch failed: words.txt:1; words.txt: patch does not "
                + "apply\n",
            run.Out,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "error: 1 patch no longer applies; nothing was changed. Fix or drop them for the new version, then run "
                + "the command again.\n",
            run.Error,
            StringComparison.Ordinal
        );
        Assert.Contains("version = \"1\"", workspace.Read("pkgs/words/recipe.toml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_given_archive_is_taken_with_a_warning()
    {
        await LockAsync();
        File.Move(Path.Join(workspace.Path, "pkgs/words/words-2.tar.gz"), Path.Join(workspace.Path, "words-3.tar.gz"));

        var run = await workspace.RunAsync("bump", "words", "--archive", "words-3.tar.gz");

        Assert.Contains("from words-3.tar.gz, given as a file\n", run.Out, StringComparison.Ordinal);
        Assert.Contains(
            "warning: the archive was given, and was not compared with file:words-3.tar.gz; where that has other "
                + "bytes, 'recipes fetch' will refuse them\n",
            run.Error,
            StringComparison.Ordinal
        );
        Assert.Contains("version = \"3\"", workspace.Read("pkgs/words/recipe.toml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lower_version_names_the_flag_that_allows_it()
    {
        await LockAsync();
        await workspace.RunAsync("bump", "words");

        var run = await workspace.RunAsync("bump", "words", "1");

        Assert.Equal(
            (1, "error: 1 is lower than 2, which 'words' is at; if that is meant, add --allow-downgrade\n"),
            (run.ExitCode, run.Error)
        );
        Assert.Equal(0, (await workspace.RunAsync("bump", "words", "1", "--allow-downgrade")).ExitCode);
    }

    [Fact]
    public async Task A_commit_needs_a_repository()
    {
        await LockAsync();

        var run = await workspace.RunAsync("bump", "words", "--commit");

        Assert.Equal(
            (
                1,
                $"error: '{workspace.Path}' is in no git repository, so that nothing can be committed; leave out "
                    + $"--commit\n"
            ),
            (run.ExitCode, LastLine(run.Error))
        );
    }

    [Fact]
    public async Task What_was_broken_off_is_brought_back_with_a_notice()
    {
        await LockAsync();
        var text = Convert.ToBase64String(
            await File.ReadAllBytesAsync(
                Path.Join(workspace.Path, "pkgs/words/recipe.toml"),
                TestContext.Current.CancellationToken
            )
        );
        workspace.Write(
            ".recipes-bump",
            $$"""{"Files":[{"Path":"pkgs/words/recipe.toml","Content":"{{text}}"}],"Link":{"Path":"pkgs/words/source"} }"""
        );
        workspace.Write("pkgs/words/recipe.toml", "half");

        var run = await workspace.RunAsync("bump", "words", "--dry-run");

        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith(
            "warning: an earlier change was interrupted; the workspace has been restored\n",
            run.Error,
            StringComparison.Ordinal
        );
        Assert.Contains("version = \"1\"", workspace.Read("pkgs/words/recipe.toml"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bump words --archive a --tag b", "--archive and --tag exclude each other")]
    [InlineData("bump words --dry-run --commit", "--dry-run changes nothing, so that there is nothing for --commit")]
    [InlineData("bump words 2 --list", "--list shows all versions; give neither VERSION nor --archive nor --tag")]
    [InlineData("bump", "recipes bump needs NAME")]
    [InlineData("bump wrods", "did you mean 'words'?")]
    [InlineData("outdated wrods", "did you mean 'words'?")]
    public async Task Wrong_usage_is_told(string line, string message)
    {
        var run = await workspace.RunAsync(line.Split(' '));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outdated_sources_are_told_with_the_command_that_bumps_them()
    {
        await LockAsync();

        var run = await workspace.RunAsync("outdated");

        Assert.Equal(
            (0, "source  pinned  newest\nwords   1       2       recipes bump words\n", ""),
            (run.ExitCode, run.Out, run.Error)
        );
        using var json = JsonDocument.Parse((await workspace.RunAsync("outdated", "--json")).Out);
        Assert.True(json.RootElement.GetProperty("sources")[0].GetProperty("outdated").GetBoolean());
    }

    [Fact]
    public async Task An_upstream_that_cannot_be_asked_has_a_line_and_fails()
    {
        workspace.Write(
            "pkgs/gone/recipe.toml",
            "name = \"gone\"\nversion = \"1\"\nsummary = \"x\"\nlicense = \"MIT\"\n[source]\narchive = "
                + "\"https://nowhere.invalid/gone-{version}.tar\"\n"
        );

        var run = await workspace.RunAsync("outdated");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("source  pinned  newest\nwords   1       1\n", run.Out, StringComparison.Ordinal);
        Assert.Equal(
            "warning: gone: https://nowhere.invalid/gone-{version}.tar could not be reached: cannot resolve the host "
                + "'nowhere.invalid'\n"
                + "error: gone: no version of it was found anywhere\n",
            run.Error
        );
    }

    [Fact]
    public async Task A_place_that_many_ask_in_vain_has_one_line()
    {
        foreach (var name in (string[])["one", "two"])
            workspace.Write(
                $"pkgs/{name}/recipe.toml",
                $"name = \"{name}\"\nversion = \"1\"\nsummary = \"x\"\nlicense = \"MIT\"\n[source]\narchive = "
                    + "\"https://nowhere.invalid/all-{version}.tar\"\n"
            );

        var run = await workspace.RunAsync("outdated", "one", "two");

        Assert.Equal(
            "warning: https://nowhere.invalid/all-{version}.tar could not be reached, for 2 recipes: cannot resolve the "
                + "host 'nowhere.invalid'\n"
                + "error: one: no version of it was found anywhere\n"
                + "error: two: no version of it was found anywhere\n",
            run.Error
        );
    }

    private static string LastLine(string text) => text[(text.TrimEnd('\n').LastIndexOf('\n') + 1)..];
}
