using Recipes.Engine;
using Recipes.Engine.Bumping;
using Recipes.Engine.Sources;
using Recipes.Integration.Tests.Sources;
using Xunit;

namespace Recipes.Integration.Tests.Bumping;

/// <summary>What a bump finds, reviews and changes, with git as judge.</summary>
public sealed class BumpTests : IDisposable
{
    private readonly BumpFixture fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => fixture.Dispose();

    [Fact]
    public async Task The_newest_archive_is_reviewed_and_moves_recipe_lock_and_gitlink()
    {
        fixture.SmallSource();
        await fixture.CommitAsync();
        var (recipe, before) = (fixture.Read("pkgs/x/recipe.toml"), fixture.Everything());

        var bump = await fixture.PrepareAsync();
        Assert.Equal(before, fixture.Everything());
        Assert.Null(await bump.ApplyAsync(null, Token));

        Assert.Equal(
            recipe.Replace("\"1.0\"", "\"1.1\"", StringComparison.Ordinal),
            fixture.Read("pkgs/x/recipe.toml")
        );
        var pin = fixture.ReadLock().Sources["x"];
        Assert.Empty(LockCheck.Of(fixture.Load().Recipes.Values, fixture.ReadLock()));
        Assert.Equal(("1.1", pin.Commit, bump.Review.After.Commit), (pin.Version, fixture.Gitlink(), pin.Commit));
        Assert.Equal(
            ["M pkgs/x/recipe.toml", "M pkgs/x/source", "M recipes.lock"],
            fixture.Git.Run("diff", "HEAD", "--name-status").Split('\n').Select(x => x.Replace('\t', ' '))
        );
        Assert.Equal("", fixture.Git.Run("ls-files", "--others"));
        fixture.Git.Run("fsck", "--strict");
    }

    [Fact]
    public async Task All_archives_of_a_source_move_together_or_none_does()
    {
        fixture.SmallSource("[[source.also]]\narchive = \"file:data-{version}.tar\"\ninto = \"data\"");
        fixture.Archive("x", "data-1.0.tar", new TarBuilder().File("data-1.0/d", "old\n"));
        await fixture.CommitAsync();
        var (before, pinned) = (fixture.Everything(), fixture.ReadLock().Sources["x"]);

        var missing = await Assert.ThrowsAsync<EngineException>(() => fixture.PrepareAsync("1.1"));
        Assert.Contains("'x/data' could not be downloaded from any place", missing.Message, StringComparison.Ordinal);
        Assert.Equal(before, fixture.Everything());

        fixture.Archive("x", "data-1.1.tar", new TarBuilder().File("data-1.1/d", "new\n"));
        Assert.Null(await (await fixture.PrepareAsync("1.1")).ApplyAsync(null, Token));
        var pin = fixture.ReadLock().Sources["x"];
        Assert.Equal("file:data-1.1.tar", Assert.Single(pin.Also).Archive);
        Assert.NotEqual(pinned.Also[0].Digest, pin.Also[0].Digest);
        Assert.Equal(pin.Commit, fixture.Gitlink());
        Assert.Empty(LockCheck.Of(fixture.Load().Recipes.Values, fixture.ReadLock()));
    }

    [Fact]
    public async Task The_review_counts_what_upstream_changed_and_names_licence_files()
    {
        fixture.SmallSource();
        await fixture.CommitAsync();

        var review = (await fixture.PrepareAsync()).Review;

        Assert.Equal(
            [
                new("LICENSE", SourceChangeKind.Changed, 1, 1),
                new("a.c", SourceChangeKind.Changed, 2, 1),
                new("new.c", SourceChangeKind.Added, 2, 0),
                new("old.c", SourceChangeKind.Removed, 0, 1),
            ],
            review.Upstream!.Files
        );
        Assert.Equal((5, 3), (review.Upstream.LinesAdded, review.Upstream.LinesRemoved));
        Assert.Equal("LICENSE", Assert.Single(review.Upstream.Files, x => x.IsLicence).Path);
        Assert.Equal([new RecipeEdit("pkgs/x/recipe.toml", "version", "1.0", "1.1")], review.Edits);
        Assert.Equal("file:x-1.1.tar", review.Origin);
        Assert.Empty(review.Rebuilds);
    }

    [Fact]
    public async Task The_newest_tag_counts_by_number_and_a_candidate_is_no_release()
    {
        var upstream = GitJudge.Init(fixture.Beside("up stream"));
        File.WriteAllText(
            Path.Join(upstream.Folder, "name.c"),
            string.Concat(Enumerable.Range(0, 30).Select(x => $"line {x}\n"))
        );
        foreach (var tag in (string[])["v1.9", "v1.10", "v2.0-rc1", "other"])
        {
            upstream.CommitAll(tag);
            upstream.Run("tag", tag);
            if (tag == "v1.9")
                File.Move(Path.Join(upstream.Folder, "name.c"), Path.Join(upstream.Folder, "renamed.c"));
        }
        fixture.Recipe("x", "1.9", $"git = \"{new Uri(upstream.Folder).AbsoluteUri}\"\ntag = \"v{{version}}\"");
        await fixture.CommitAsync();

        var bump = await fixture.PrepareAsync();
        await bump.ApplyAsync(null, Token);

        Assert.Equal(upstream.Run("rev-parse", "v1.10"), fixture.Gitlink());
        Assert.Equal([new SourceChange("renamed.c", SourceChangeKind.Renamed, 0, 0)], bump.Review.Upstream!.Files);
        Assert.Contains(
            "version   = \"1.10\" # the version",
            fixture.Read("pkgs/x/recipe.toml"),
            StringComparison.Ordinal
        );

        var candidate = await fixture.TryPrepareAsync(new() { Recipe = "x", Tag = "v2.0-rc1" });
        Assert.Equal("2.0-rc1", candidate!.Review.After.Version);
        Assert.DoesNotContain(candidate.Review.Edits, x => x.Key == "tag");
    }

    [Fact]
    public async Task A_tag_that_the_template_does_not_yield_is_written_down()
    {
        var upstream = GitJudge.Init(fixture.Beside("upstream"));
        foreach (var tag in (string[])["v1.0", "release-1.1"])
        {
            upstream.CommitAll(tag);
            upstream.Run("tag", tag);
        }
        fixture.Recipe("x", "1.0", $"git = \"{new Uri(upstream.Folder).AbsoluteUri}\"\ntag = \"v{{version}}\"");
        await fixture.CommitAsync();

        var unclear = await Assert.ThrowsAsync<EngineException>(() =>
            fixture.TryPrepareAsync(new() { Recipe = "x", Tag = "release-1.1" })
        );
        Assert.Equal("the name 'release-1.1' does not show which version it is; name the version", unclear.Message);
        var bump = await fixture.TryPrepareAsync(
            new()
            {
                Recipe = "x",
                Version = "1.1",
                Tag = "release-1.1",
            }
        );
        await bump!.ApplyAsync(null, Token);

        Assert.Contains("tag = \"release-{version}\"", fixture.Read("pkgs/x/recipe.toml"), StringComparison.Ordinal);
        Assert.Equal(upstream.Run("rev-parse", "release-1.1"), fixture.Gitlink());
    }

    [Fact]
    public async Task Those_that_build_from_the_source_follow_its_version()
    {
        fixture.SmallSource();
        fixture.Write(
            "pkgs/y/recipe.toml",
            "name = \"y\"\nversion = \"1.0\"\nsummary = \"x\"\nlicense = \"MIT\"\n[source]\nfrom = \"x\"\npatches = "
                + "[\"y.patch\"]\n"
        );
        fixture.Write("pkgs/y/y.patch", "--- a/a.c\n+++ b/a.c\n@@ -3,3 +3,3 @@\n three\n-four\n+4\n five\n");
        fixture.Write(
            "pkgs/other/recipe.toml",
            "name = \"other\"\nversion = \"7\"\nsummary = \"x\"\nlicense = \"MIT\"\n[source]\nfrom = \"x\"\n"
        );
        await fixture.CommitAsync();

        var bump = await fixture.PrepareAsync();
        await bump.ApplyAsync(null, Token);

        Assert.Empty(bump.Review.FailedPatches);
        Assert.Equal(["x", "y"], fixture.Load().Recipes.Values.Where(x => x.Version == "1.1").Select(x => x.Name));
        Assert.Equal("7", fixture.Load().Recipes["other"].Version);
    }

    [Fact]
    public async Task Patches_that_no_longer_apply_are_named_and_nothing_changes()
    {
        fixture.SmallSource();
        fixture.Recipe(
            "x",
            "1.0",
            "archive = \"file:x-{version}.tar\"\npatches = [\"good.patch\", \"bad.patch\", \"done.patch\"]"
        );
        fixture.Write("pkgs/x/good.patch", "--- a/a.c\n+++ b/a.c\n@@ -3,3 +3,3 @@\n three\n-four\n+4\n five\n");
        fixture.Write("pkgs/x/bad.patch", "--- a/old.c\n+++ b/old.c\n@@ -1 +1 @@\n-old\n+older\n");
        fixture.Write("pkgs/x/done.patch", "--- a/a.c\n+++ b/a.c\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n");
        await fixture.CommitAsync();
        var before = fixture.Everything();

        var bump = await fixture.PrepareAsync();

        Assert.Equal(["bad.patch", "done.patch"], bump.Review.FailedPatches.Select(x => x.File));
        Assert.Equal([false, true], bump.Review.FailedPatches.Select(x => x.IsUpstream));
        Assert.Contains(
            "old.c: No such file or directory",
            bump.Review.FailedPatches[0].Reason,
            StringComparison.Ordinal
        );
        var fault = await Assert.ThrowsAsync<EngineException>(() => bump.ApplyAsync(null, Token));
        Assert.Equal("'bad.patch', 'done.patch' of 'x' no longer apply; nothing was changed", fault.Message);
        Assert.Equal(before, fixture.Everything());
    }

    [Fact]
    public async Task A_lower_version_has_to_be_allowed()
    {
        fixture.SmallSource();
        fixture.Archive("x", "x-0.9.tar", new TarBuilder().File("x-0.9/a.c", "zero\n"));
        await fixture.CommitAsync();

        var fault = await Assert.ThrowsAsync<EngineException>(() => fixture.PrepareAsync("0.9"));
        Assert.Equal("0.9 is lower than 1.0, which 'x' is at; if that is meant, allow a downgrade", fault.Message);
        var bump = await fixture.TryPrepareAsync(
            new()
            {
                Recipe = "x",
                Version = "0.9",
                AllowDowngrade = true,
            }
        );

        Assert.Equal("0.9", bump!.Review.After.Version);
    }

    [Fact]
    public async Task At_the_newest_version_there_is_nothing_to_do()
    {
        fixture.SmallSource();
        await fixture.CommitAsync();
        File.Delete(Path.Join(fixture.Root, "pkgs/x/x-1.1.tar"));

        Assert.Null(await fixture.TryPrepareAsync(new() { Recipe = "x" }));
        Assert.Null(await fixture.TryPrepareAsync(new() { Recipe = "x", Version = "1.0" }));
    }

    [Fact]
    public async Task A_version_that_is_not_there_is_told_with_what_was_tried_and_how_to_go_on()
    {
        fixture.SmallSource();
        await fixture.CommitAsync();
        var before = fixture.Everything();

        var fault = await Assert.ThrowsAsync<EngineException>(() => fixture.PrepareAsync("3.0"));

        Assert.Contains("/x-3.0.tar: there is no such file", fault.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            "'x' stays at 1.0; nothing was changed.\nTo see what there is, list the versions of 'x'; if you "
                + "have it from elsewhere, name an archive.",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(before, fixture.Everything());
        var wrong = await Assert.ThrowsAsync<EngineException>(() => fixture.PrepareAsync("1/2"));
        Assert.StartsWith(
            "'1/2' is not a version: versions have letters, digits",
            wrong.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_given_archive_needs_no_download()
    {
        fixture.SmallSource();
        await fixture.CommitAsync();
        var given = fixture.Beside("x-1.2.tar");
        File.WriteAllBytes(given, new TarBuilder().File("x-1.2/a.c", "given\n").ToTar());

        var bump = await fixture.TryPrepareAsync(new() { Recipe = "x", Archive = given });
        await bump!.ApplyAsync(null, Token);

        Assert.True(bump.Review.IsGiven);
        Assert.Equal(("1.2", "x-1.2.tar"), (fixture.Load().Recipes["x"].Version, bump.Review.Origin));
        Assert.Equal(fixture.ReadLock().Sources["x"].Commit, fixture.Gitlink());
        var nameless = fixture.Beside("download");
        File.Copy(given, nameless);
        var fault = await Assert.ThrowsAsync<EngineException>(() =>
            fixture.TryPrepareAsync(new() { Recipe = "x", Archive = nameless })
        );
        Assert.Equal($"the name '{nameless}' does not show which version it is; name the version", fault.Message);
        Assert.Equal(
            $"there is no file '{given}x'",
            (
                await Assert.ThrowsAsync<EngineException>(() =>
                    fixture.TryPrepareAsync(new() { Recipe = "x", Archive = given + "x" })
                )
            ).Message
        );
    }

    [Fact]
    public async Task A_folder_named_by_the_series_moves_with_it()
    {
        fixture.Recipe("x", "1.0.1", "archive = \"file:1.0/x-1/x-{version}.tar\"");
        fixture.Archive("x", "1.0/x-1/x-1.0.1.tar", new TarBuilder().File("x/a", "1"));
        fixture.Archive("x", "2.1/x-2/x-2.1.0.tar", new TarBuilder().File("x/a", "2"));
        await fixture.CommitAsync();

        var bump = await fixture.PrepareAsync("2.1.0");

        Assert.Equal(
            new RecipeEdit(
                "pkgs/x/recipe.toml",
                "archive",
                "file:1.0/x-1/x-{version}.tar",
                "file:2.1/x-2/x-{version}.tar"
            ),
            bump.Review.Edits[1]
        );
    }

    [Fact]
    public async Task A_version_written_out_in_the_places_is_exchanged_there()
    {
        fixture.Recipe(
            "x",
            "1.0",
            "archive = \"file:x-1.0.tar\"\nmirrors = [\"https://nowhere.invalid/v1.0/x-1.0.tar\"]"
        );
        fixture.Archive("x", "x-1.0.tar", new TarBuilder().File("x/a", "1"));
        fixture.Archive("x", "x-1.1.tar", new TarBuilder().File("x/a", "2"));
        await fixture.CommitAsync();

        await (await fixture.PrepareAsync("1.1")).ApplyAsync(null, Token);

        Assert.Contains(
            "archive = \"file:x-1.1.tar\"\nmirrors = [\"https://nowhere.invalid/v1.1/x-1.1.tar\"]",
            fixture.Read("pkgs/x/recipe.toml"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_old_source_that_is_gone_does_not_keep_one_at_it()
    {
        fixture.SmallSource();
        await fixture.CommitAsync();
        File.Delete(Path.Join(fixture.Root, "pkgs/x/x-1.0.tar"));
        Directory.Delete(Path.Join(fixture.Store.Root, "blobs"), recursive: true);
        Directory.Delete(fixture.Store.TreePath(fixture.ReadLock().Sources["x"].Tree), recursive: true);
        Directory.CreateDirectory(Path.Join(fixture.Store.Root, "blobs"));

        var review = (await fixture.PrepareAsync()).Review;

        Assert.Null(review.Upstream);
        Assert.Contains(
            "x-1.0.tar: there is no such file",
            review.UpstreamUnknown?.ToString(),
            StringComparison.Ordinal
        );
        Assert.Equal("1.1", review.After.Version);
    }

    [Fact]
    public async Task Only_a_source_of_its_own_can_be_bumped()
    {
        fixture.SmallSource();
        fixture.Write(
            "pkgs/y/recipe.toml",
            "name = \"y\"\nversion = \"1.0\"\nsummary = \"x\"\nlicense = \"MIT\"\n[source]\nfrom = \"x\"\n"
        );
        await fixture.CommitAsync();

        Assert.Equal("'y' builds from the source of 'x'; name that recipe", await FaultAsync(new() { Recipe = "y" }));
        Assert.Equal(
            "'x' comes from an archive and has no tag; name an archive",
            await FaultAsync(new() { Recipe = "x", Tag = "v1" })
        );
    }

    [Fact]
    public async Task A_source_that_is_not_locked_as_its_recipe_says_is_locked_first()
    {
        fixture.SmallSource();
        await fixture.CommitAsync();
        fixture.Recipe("x", "1.0", "archive = \"file:x-{version}.tar\"\nonly = [\"*.c\"]");

        Assert.Contains("lock the sources", await FaultAsync(new() { Recipe = "x" }), StringComparison.Ordinal);
    }

    private async Task<string> FaultAsync(BumpRequest request) =>
        (await Assert.ThrowsAsync<EngineException>(() => fixture.TryPrepareAsync(request))).Message;
}
