using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Downloads;
using Recipes.Engine.Sources.Git;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Sources.Trees;
using Xunit;

namespace Recipes.Engine.Tests.Sources;

public sealed class FetchAndLockTests : IDisposable
{
    private readonly SourceFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SourceRecipe Local(string name, string content = "1", string version = "1.0")
    {
        fixture.WriteArchive(
            $"{name}-{version}.tar.gz",
            new TarBuilder().File($"{name}/a", content).Program($"{name}/run").ToGzip()
        );
        return fixture.Archive(name, $"file:{name}-{version}.tar.gz", version);
    }

    private async Task<LockResult> RelockAsync(LockFile current, params Recipe[] recipes)
    {
        using var locker = fixture.NewLocker();
        return await locker.LockAsync(recipes, current, Token);
    }

    [Fact]
    public async Task Two_machines_agree_on_every_name()
    {
        var recipe = Local("zlib");
        var first = await fixture.LockAsync(recipe);
        using var elsewhere = new SourceFixture();
        File.Copy(fixture.Folder.Join("zlib-1.0.tar.gz"), elsewhere.Folder.Join("zlib-1.0.tar.gz"));
        var second = await elsewhere.LockAsync(elsewhere.Archive("zlib", "file:zlib-1.0.tar.gz"));

        Assert.Equal(first.ToText(), second.ToText());
        Assert.Equal(first.Sources["zlib"].Tree, fixture.Store.ReadTree(first.Sources["zlib"].Tree).Digest);
    }

    [Fact]
    public async Task Renewing_pins_what_is_named_and_touches_no_other_pin()
    {
        var (zlib, other) = (Local("zlib"), Local("other"));
        var pins = await fixture.LockAsync(zlib, other);
        using var locker = fixture.NewLocker();

        var same = await locker.RenewAsync([zlib], pins, Token);
        Assert.Equal((pins.ToText(), 0), (same.Lock.ToText(), same.Changes.Length));

        Local("zlib", "changed");
        Local("other", "changed");
        var renewed = await locker.RenewAsync([zlib], pins, Token);
        Assert.Equal(["zlib"], renewed.Changes.Select(x => x.Recipe));
        Assert.NotEqual(pins.Sources["zlib"].Tree, renewed.Lock.Sources["zlib"].Tree);
        Assert.Same(pins.Sources["other"], renewed.Lock.Sources["other"]);

        fixture.WriteArchive("zlib-1.0.tar.gz", [1, 2, 3]);
        var failed = await locker.RenewAsync([zlib], pins, Token);
        Assert.Equal(pins.ToText(), failed.Lock.ToText());
        Assert.Equal("zlib", Assert.Single(failed.Failures).Recipe);
    }

    [Fact]
    public void A_folder_is_named_as_it_is_copied()
    {
        fixture.Folder.Write("made/sub/a", "a");
        fixture.Folder.Write("made/b", new string('b', 3 << 20));
        File.CreateSymbolicLink(fixture.Folder.Join("made/link"), "sub/a");
        Directory.CreateDirectory(fixture.Folder.Join("made/empty"));
        var copy = Directory.CreateDirectory(fixture.Folder.Join("copy")).FullName;
        var spec = SourceFixture.Source(null);
        var before = Directory.GetFileSystemEntries(fixture.Folder.Path, "*", SearchOption.AllDirectories).Order();

        var found = DirectoryImport.Look(fixture.Folder.Join("made"), spec, Token);

        Assert.Equal(
            before,
            Directory.GetFileSystemEntries(fixture.Folder.Path, "*", SearchOption.AllDirectories).Order()
        );
        var copied = DirectoryImport.Run(fixture.Folder.Join("made"), copy, spec, Token);
        Assert.Equal((copied.Tree.Digest, copied.GitTree, 3), (found.Tree.Digest, found.GitTree, found.Files));
    }

    [Fact]
    public async Task Each_archive_of_a_source_is_pinned_and_verified()
    {
        var recipe = WithData("data");
        var pins = await fixture.LockAsync(recipe);
        var pin = pins.Sources["zlib"];
        Assert.Equal(("file:data.tar.gz", "data"), (pin.Also[0].Archive, pin.Also[0].Into));
        Assert.NotNull(fixture.Store.ReadTree(pin.Tree).Find("data/a"));
        Assert.NotNull(fixture.Store.ReadTree(pin.Tree).Find("a"));
        Assert.Equal(ImportCommit.Of(pin).Id, pin.Commit);
        Assert.True(LockCheck.IsCovered(recipe, pins));

        // Another machine, and without unpacking at first.
        var other = fixture.OtherStore();
        using var fetcher = fixture.NewFetcher(other);
        await fetcher.FetchAsync([recipe], pins, unpack: false, Token);
        Assert.All(pin.ArchiveDigests, x => Assert.NotNull(other.FindBlob(x)));
        Assert.False(other.HasTree(pin.Tree));
        await fetcher.FetchAsync([recipe], pins, unpack: true, Token);
        Assert.True(other.HasTree(pin.Tree));
        await fetcher.VerifyOriginsAsync(recipe.RequireSource(), pin, Token);

        // The second archive is replaced, and nothing of it gets in.
        WriteData("other data");
        Assert.Contains(
            $"recipes.lock pins another 'zlib': 'file:data.tar.gz' is another file than was pinned (",
            LockCheck.Of([recipe], pins).Single().Message,
            StringComparison.Ordinal
        );
        var empty = ContentStore.Open(fixture.Folder.Join("third store"), cancellationToken: Token);
        using var later = fixture.NewFetcher(empty);
        var refused = await Assert.ThrowsAsync<EngineException>(() =>
            later.EnsureTreeAsync(recipe.RequireSource(), pin, Token)
        );
        Assert.Contains(
            "'zlib/data' could not be downloaded from any place",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.False(empty.HasTree(pin.Tree));

        var renewed = await RelockAsync(pins, recipe);
        Assert.Equal(["zlib"], renewed.Changes.Select(x => x.Recipe));
        Assert.NotEqual(pin.Commit, renewed.Lock.Sources["zlib"].Commit);
        Assert.Equal(pin.ArchiveDigest, renewed.Lock.Sources["zlib"].ArchiveDigest);
        Assert.Equal(
            "its also was 'data: file:data.tar.gz', the recipe says nothing",
            PinDifference.Of((recipe with { Source = recipe.Source with { Also = [] } }).OwnSource!, pin)
        );
    }

    private void WriteData(string content) =>
        fixture.WriteArchive("data.tar.gz", new TarBuilder().File("zlib-data/a", content).ToGzip());

    private SourceRecipe WithData(string content)
    {
        Local("zlib");
        WriteData(content);
        var recipe = fixture.Archive("zlib", "file:zlib-1.0.tar.gz");
        return recipe with { Source = recipe.Source with { Also = [new("file:data.tar.gz", [], "data")] } };
    }

    [Fact]
    public async Task A_recipe_may_set_limits_of_its_own()
    {
        var recipe = Local("zlib", new string('x', 20_000));
        Recipe Limited(SourceLimits limits) => recipe with { Source = recipe.Source with { Limits = limits } };

        Assert.Equal(
            "Cannot import 'zlib-1.0.tar.gz': it unpacks to more than 9000 bytes; [source.limits] size allows more. "
                + "Nothing was imported.",
            await fixture.FailureAsync(Limited(new(Bytes: 9000)))
        );
        Assert.Equal(
            "Cannot import 'zlib-1.0.tar.gz': it holds more than 1 entries; [source.limits] entries allows more. "
                + "Nothing was imported.",
            await fixture.FailureAsync(Limited(new(Entries: 1)))
        );
        Assert.Empty(fixture.TreesInStore());
        Assert.Equal(
            (await fixture.LockAsync(recipe)).ToText(),
            (await fixture.LockAsync(Limited(new(1 << 20, 100)))).ToText()
        );
    }

    [Fact]
    public async Task A_locked_source_comes_into_an_empty_store_and_is_verified()
    {
        var recipe = Local("zlib");
        var pins = await fixture.LockAsync(recipe);
        var store = fixture.OtherStore();
        using var fetcher = fixture.NewFetcher(store);

        var tree = await fetcher.EnsureTreeAsync(recipe.RequireSource(), pins.Sources["zlib"], Token);

        Assert.Equal(pins.Sources["zlib"].Tree, tree);
        Assert.Equal("1", File.ReadAllText(Path.Join(store.TreePath(tree), "a")));
    }

    [Fact]
    public async Task After_a_fetch_the_origins_may_be_gone()
    {
        var recipe = Local("zlib");
        var pins = await fixture.LockAsync(recipe);
        var store = fixture.OtherStore();
        using (var fetcher = fixture.NewFetcher(store))
            await fetcher.FetchAsync([recipe, fixture.Image("image")], pins, unpack: false, Token);
        Assert.False(store.HasTree(pins.Sources["zlib"].Tree));
        File.Delete(fixture.Folder.Join("zlib-1.0.tar.gz"));

        using var later = fixture.NewFetcher(store);
        await later.EnsureTreeAsync(recipe.RequireSource(), pins.Sources["zlib"], Token);

        Assert.True(store.HasTree(pins.Sources["zlib"].Tree));
    }

    [Fact]
    public async Task A_fetch_may_unpack_too()
    {
        var recipe = Local("zlib");
        var pins = await fixture.LockAsync(recipe);
        var store = fixture.OtherStore();
        using var fetcher = fixture.NewFetcher(store);

        await fetcher.FetchAsync([recipe], pins, unpack: true, Token);

        Assert.True(store.HasTree(pins.Sources["zlib"].Tree));
    }

    [Fact]
    public async Task A_source_that_many_want_at_once_is_unpacked_once()
    {
        var recipe = Local("zlib");
        var pins = await fixture.LockAsync(recipe);
        var before = fixture.Events.Of<SourceUnpacked>().Length;
        using var fetcher = fixture.NewFetcher(fixture.OtherStore());

        await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ =>
                    Task.Run(() => fetcher.EnsureTreeAsync(recipe.RequireSource(), pins.Sources["zlib"], Token))
                )
        );

        Assert.Equal(before + 1, fixture.Events.Of<SourceUnpacked>().Length);
    }

    [Fact]
    public async Task Another_archive_than_the_locked_one_is_not_used()
    {
        var pins = await fixture.LockAsync(Local("zlib"));
        var recipe = Local("zlib", "2");
        using var fetcher = fixture.NewFetcher(fixture.OtherStore());

        var fault = await Assert.ThrowsAsync<EngineException>(() =>
            fetcher.FetchAsync([recipe], pins, unpack: false, Token)
        );

        Assert.Contains(
            "recipes.lock pins another 'zlib': 'file:zlib-1.0.tar.gz' is another file than was pinned (sha256:",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.Contains($", not {pins.Sources["zlib"].ArchiveDigest.Oci})", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_tree_that_is_not_the_locked_one_is_not_imported(bool isGit)
    {
        var recipe = Local("zlib");
        var pin = (await fixture.LockAsync(recipe)).Sources["zlib"];
        var other = Digest.Of("other"u8);
        var wrong = isGit ? pin with { GitTree = other.Hash[..40], Tree = other } : pin with { Tree = other };
        var store = fixture.OtherStore();
        using var fetcher = fixture.NewFetcher(store);

        var fault = await Assert.ThrowsAsync<EngineException>(() =>
            fetcher.EnsureTreeAsync(recipe.RequireSource(), wrong, Token)
        );

        var (expected, got) = isGit
            ? ($"git tree {other.Hash[..40]}", pin.GitTree)
            : ($"tree {other.OciWithSize}", pin.Tree.OciWithSize);
        Assert.Equal(
            $"The source of 'zlib' is not what recipes.lock says: expected {expected}, got {got}. Nothing was "
                + $"imported. "
                + "If the lock is wrong, pin 'zlib' anew.",
            fault.Message
        );
        Assert.False(store.HasTree(pin.Tree));
        // A failure is not remembered.
        Assert.Equal(pin.Tree, await fetcher.EnsureTreeAsync(recipe.RequireSource(), pin, Token));
    }

    [Fact]
    public async Task What_the_lock_covers_is_not_touched_though_its_origin_is_gone()
    {
        var recipe = Local("zlib");
        var pins = await fixture.LockAsync(recipe);
        File.Delete(fixture.Folder.Join("zlib-1.0.tar.gz"));

        var result = await RelockAsync(pins, recipe, Local("new"));

        Assert.Equal([new LockChange("new", LockChangeKind.Added, "pinned at 1.0")], result.Changes);
        Assert.Same(pins.Sources["zlib"], result.Lock.Sources["zlib"]);
    }

    [Fact]
    public async Task A_changed_recipe_is_pinned_anew_and_a_removed_one_is_dropped()
    {
        var stays = Local("stays");
        var pins = await fixture.LockAsync(Local("zlib"), Local("old"), stays);

        var result = await RelockAsync(pins, Local("zlib", "2", "2.0"), stays);

        Assert.Equal(
            [
                new LockChange("old", LockChangeKind.Removed, "no recipe asks for it"),
                new LockChange("zlib", LockChangeKind.Changed, "its version was '1.0', the recipe says '2.0'"),
            ],
            result.Changes
        );
        Assert.Equal(["stays", "zlib"], result.Lock.Sources.Keys);
        Assert.NotEqual(pins.Sources["zlib"].Tree, result.Lock.Sources["zlib"].Tree);
    }

    [Fact]
    public async Task A_recipe_that_fails_keeps_its_old_pin_and_stops_no_other()
    {
        var pins = await fixture.LockAsync(Local("zlib"));
        var gone = fixture.Archive("zlib", "file:none.tar.gz", "2.0");

        var result = await RelockAsync(pins, gone, Local("new"));

        Assert.Equal("zlib", Assert.Single(result.Failures).Recipe);
        Assert.EndsWith(
            "none.tar.gz: there is no such file",
            result.Failures[0].Message.ToString(),
            StringComparison.Ordinal
        );
        Assert.Equal("1.0", result.Lock.Sources["zlib"].Version);
        Assert.Contains("new", result.Lock.Sources.Keys);
    }

    [Fact]
    public async Task How_an_archive_is_read_is_part_of_its_commit()
    {
        var recipe = Local("zlib");
        var whole = (await fixture.LockAsync(recipe)).Sources["zlib"];
        var narrowed = (await fixture.LockAsync(recipe with { Source = recipe.Source with { Only = ["a"] } })).Sources[
            "zlib"
        ];

        Assert.NotEqual(whole.Commit, narrowed.Commit);
        Assert.Equal(whole.ArchiveDigest, narrowed.ArchiveDigest);
        Assert.Single(fixture.Store.ReadTree(narrowed.Tree).Walk());
    }

    [Fact]
    public async Task The_check_tells_what_the_lock_does_not_cover()
    {
        var (zlib, old) = (Local("zlib"), Local("old"));
        var pins = await fixture.LockAsync(zlib, old);
        var changed = zlib with { Source = SourceFixture.Source("file:zlib-1.0.tar.gz") with { Only = ["a"] } };
        var seed = fixture.Seed("debian", new() { Suite = "bookworm", Packages = ["make"] });

        var faults = LockCheck.Of([changed, Local("new"), seed, fixture.Image("image")], pins);

        Assert.Equal(
            [
                "recipes.lock does not cover 'debian'; lock the sources",
                "recipes.lock does not cover 'new'; lock the sources",
                "recipes.lock pins another 'zlib': its only was nothing, the recipe says 'a'; lock the sources",
                "recipes.lock pins 'old', which no recipe asks for; lock the sources",
            ],
            faults.Select(x => x.Message)
        );
        Assert.Equal("pkgs/x/recipe.toml:4:1", faults[1].Span?.ToString());
        Assert.Empty(LockCheck.Of([zlib, old], pins));
    }

    [Fact]
    public async Task A_build_of_what_the_lock_does_not_cover_names_the_command()
    {
        var fault = Assert.Throws<EngineException>(() =>
            LockCheck.RequireSource(Local("zlib").RequireSource(), LockFile.Empty)
        );
        Assert.StartsWith(
            "pkgs/x/recipe.toml:4:1: error: recipes.lock does not cover 'zlib'; lock the sources",
            fault.Message,
            StringComparison.Ordinal
        );

        using var fetcher = fixture.NewFetcher();
        await Assert.ThrowsAsync<EngineException>(() =>
            fetcher.FetchAsync([Local("zlib")], LockFile.Empty, unpack: false, Token)
        );
    }

    [Fact]
    public void The_request_of_a_seed_does_not_depend_on_the_order_of_its_packages()
    {
        var seed = new SeedSpec
        {
            Suite = "s",
            Packages = ["a", "b"],
            Exclude = ["c"],
        };

        Assert.Equal(PinDifference.Request(seed), PinDifference.Request(seed with { Packages = ["b", "a"] }));
        Assert.NotEqual(PinDifference.Request(seed), PinDifference.Request(seed with { Exclude = [] }));
        Assert.NotEqual(
            PinDifference.Request(seed),
            PinDifference.Request(
                seed with
                {
                    Links = ImmutableSortedDictionary<string, string>.Empty.Add("cc", "gcc"),
                }
            )
        );
    }
}
