using System.Formats.Tar;
using System.IO.Compression;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Importing;
using Recipes.Engine.Sources.Locking;
using Xunit;

namespace Recipes.Engine.Tests.Sources;

public sealed class HostileArchiveTests : IDisposable
{
    private readonly SourceFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    public static TheoryData<string, string> Hostile { get; } =
        new()
        {
            { "absolute", "the path '/etc/passwd' is absolute" },
            { "parent", "the path 'x/../../evil' holds '..'" },
            { "git", "git refuses the name '.GIT' in 'x/.GIT/config'" },
            { "git-stream", "git refuses the name '.git::$INDEX_ALLOCATION' in" },
            { "git-short", "git refuses the name 'GIT~1' in 'x/GIT~1/config'" },
            { "git-ignorable", "git refuses the name '.g\u200cit' in" },
            { "gitmodules", "git refuses '.gitmodules' as a link" },
            { "fifo", "'x/f' is a fifo" },
            { "character", "'x/f' is a character device" },
            { "block", "'x/f' is a block device" },
            { "absolute-link", "the link 'l' leads outside the tree, to '/etc/passwd'" },
            { "outside-link", "the link 'd/l' leads outside the tree, to '../../evil'" },
            { "stepwise-link", "the link 'l' leads outside the tree, to 'up/up/../evil'" },
            { "empty-link", "the link 'l' has no target" },
            { "through-link", "'d' is a link and a folder at once" },
            { "through-file", "'d' is a file and a folder at once" },
            { "hard-link", "the hard link 'h' names 'none', which is not a file before it" },
            { "hard-parent", "the path 'x/../../etc/passwd' holds '..'" },
            { "not-utf-8", "is not UTF-8" },
            { "zero-in-target", "'x/l' is a link whose target holds a zero byte" },
            { "zero-in-name", "the name 'x/a?b' holds a zero byte" },
            { "size-beyond-64-bits", "the entry after 'x/a' has a number out of range in its header" },
            { "negative-size", "the entry after 'x/a' " },
            { "pax-size-beyond-64-bits", "the entry after 'x/a' " },
            { "huge-pax-header", "its extended header is longer than 1048576 bytes" },
            { "huge-pax-header-in-octal", "its extended header is longer than 1048576 bytes" },
            { "huge-global-header", "its extended header is longer than 1048576 bytes" },
            { "huge-long-name", "its extended header is longer than 1048576 bytes" },
            { "huge-long-target", "its extended header is longer than 1048576 bytes" },
            { "large-device", "'x/b' is a character device" },
            { "no-number", "the entry after 'x/a' " },
            { "deep", "' is deeper than 512 folders" },
            { "deep-folders-in-turn", "' is deeper than 512 folders" },
            { "long-name", "' is longer than 255 bytes" },
            { "long-path", "' is longer than 4095 bytes" },
            { "long-target", "the target of the link 'l' is longer than 4095 bytes" },
            { "tangled-links", "following its links takes more than 20000000 steps" },
            { "bomb", "it unpacks to more than 33554432 bytes, though it is only " },
        };

    private static byte[] Make(string kind)
    {
        var tar = new TarBuilder().File("x/a", "1");
        return kind switch
        {
            "absolute" => tar.File("/etc/passwd").ToGzip(),
            "parent" => tar.File("x/../../evil").ToGzip(),
            "git" => tar.File("x/.GIT/config").ToGzip(),
            "git-stream" => tar.File("x/.git::$INDEX_ALLOCATION/config").ToGzip(),
            "git-short" => tar.File("x/GIT~1/config").ToGzip(),
            "git-ignorable" => tar.File("x/.g\u200cit/config").ToGzip(),
            "gitmodules" => tar.Link("x/.gitmodules", "a").ToGzip(),
            "fifo" => tar.Special(TarEntryType.Fifo, "x/f").ToGzip(),
            "character" => tar.Special(TarEntryType.CharacterDevice, "x/f").ToGzip(),
            "block" => tar.Special(TarEntryType.BlockDevice, "x/f").ToGzip(),
            "absolute-link" => tar.Link("x/l", "/etc/passwd").ToGzip(),
            "outside-link" => tar.Link("x/d/l", "../../evil").ToGzip(),
            // Each link alone stays inside; one after the other they climb.
            "stepwise-link" => tar.File("x/p/q/f")
                .Link("x/p/q/up", "..")
                .Link("x/p/up", "..")
                .Link("x/up", "p/q/up")
                .Link("x/l", "up/up/../evil")
                .ToGzip(),
            "empty-link" => TarBuilder.Gzip(EmptyLink()),
            "through-link" => tar.Link("x/d", "e").File("x/d/evil").ToGzip(),
            "through-file" => tar.File("x/d", "1").File("x/d/evil").ToGzip(),
            "hard-link" => tar.HardLink("x/h", "x/none").ToGzip(),
            "hard-parent" => tar.HardLink("x/h", "x/../../etc/passwd").ToGzip(),
            "not-utf-8" => TarBuilder.Gzip(
                TarBuilder.Patch(new TarBuilder(TarEntryFormat.Ustar).File("x/a").ToTar(), 2, 0xff)
            ),
            "zero-in-target" => tar.Record("linkpath", "a\0b").Raw('2', "x/l", []).ToGzip(),
            "zero-in-name" => tar.Record("path", "x/a\0b").Raw('0', "x/l", []).ToGzip(),
            "size-beyond-64-bits" => tar.Raw(
                    '0',
                    "x/b",
                    [],
                    (124, [0x80, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])
                )
                .ToGzip(),
            "negative-size" => tar.Raw(
                    '0',
                    "x/b",
                    [],
                    (124, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])
                )
                .ToGzip(),
            "pax-size-beyond-64-bits" => tar.Record("size", "99999999999999999999").Raw('0', "x/b", []).ToGzip(),
            "huge-pax-header" => tar.Raw('x', "x/b", [], (124, TarBuilder.Binary(12, 3_000_000_000))).ToGzip(),
            "huge-pax-header-in-octal" => tar.Raw('x', "x/b", [], (124, "17777777777"u8.ToArray())).ToGzip(),
            "huge-global-header" => tar.Raw('g', "x/b", [], (124, TarBuilder.Binary(12, 3_000_000_000))).ToGzip(),
            "huge-long-name" => tar.Raw(
                    'L',
                    "././@LongLink",
                    [],
                    (124, TarBuilder.Binary(12, 3_000_000_000)),
                    (257, "ustar  \0"u8.ToArray())
                )
                .ToGzip(),
            "huge-long-target" => tar.Raw(
                    'K',
                    "././@LongLink",
                    [],
                    (124, TarBuilder.Binary(12, 3_000_000_000)),
                    (257, "ustar  \0"u8.ToArray())
                )
                .ToGzip(),
            "large-device" => tar.Raw('3', "x/b", [], (329, TarBuilder.Binary(8, 3_000_000_000))).ToGzip(),
            "no-number" => tar.Raw('0', "x/b", [], (108, "rubbish\0"u8.ToArray())).ToGzip(),
            "deep" => tar.File("x" + string.Concat(Enumerable.Repeat("/d", 600))).ToGzip(),
            "deep-folders-in-turn" => Enumerable
                .Range(1, 600)
                .Aggregate(tar, (x, i) => x.Folder("x" + string.Concat(Enumerable.Repeat("/d", i))))
                .ToGzip(),
            "long-name" => tar.File("x/" + new string('n', 256)).ToGzip(),
            "long-path" => tar.File("x" + string.Concat(Enumerable.Repeat("/" + new string('n', 200), 25))).ToGzip(),
            "long-target" => tar.Link("x/l", new string('t', 5000)).ToGzip(),
            "tangled-links" => Tangle(tar).ToGzip(),
            "bomb" => TarBuilder.Gzip(
                tar.Bytes("x/zeros", new byte[40_000_000]).ToTar(),
                CompressionLevel.SmallestSize
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
    }

    /// <summary>Links, each to the next one by way of many folders.</summary>
    private static TarBuilder Tangle(TarBuilder tar)
    {
        var way = string.Concat(Enumerable.Repeat("d/../", 800));
        for (var i = 0; i < 400; i++)
            tar.Link($"x/l{i}", $"{way}l{i + 1}");
        return tar;
    }

    private static byte[] EmptyLink()
    {
        var tar = new TarBuilder(TarEntryFormat.Ustar).Link("l", "t").ToTar();
        return TarBuilder.Patch(tar, 157, 0);
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task A_hostile_archive_is_refused_and_nothing_is_imported(string kind, string message)
    {
        fixture.WriteArchive("x-1.0.tar.gz", Make(kind));

        var failure = await fixture.FailureAsync(fixture.Archive("x", "file:x-1.0.tar.gz"));

        Assert.StartsWith("Cannot import 'x-1.0.tar.gz': ", failure, StringComparison.Ordinal);
        Assert.Contains(message, failure, StringComparison.Ordinal);
        Assert.EndsWith("Nothing was imported.", failure, StringComparison.Ordinal);
        Assert.Empty(fixture.TreesInStore());
        Assert.Empty(fixture.Scratch());
        Assert.False(File.Exists(fixture.Folder.Join("evil")));
    }

    [Fact]
    public async Task The_fault_of_one_archive_does_not_cost_the_pin_of_another()
    {
        fixture.WriteArchive("good-1.0.tar.gz", new TarBuilder().File("x/a", "1").ToGzip());
        fixture.WriteArchive("bad-1.0.tar.gz", Make("negative-size"));
        using var locker = fixture.NewLocker();

        var result = await locker.LockAsync(
            [fixture.Archive("bad", "file:bad-1.0.tar.gz"), fixture.Archive("good", "file:good-1.0.tar.gz")],
            LockFile.Empty,
            TestContext.Current.CancellationToken
        );

        Assert.Equal(["good"], result.Lock.Sources.Keys);
        Assert.Equal(["bad"], result.Failures.Select(x => x.Recipe));
    }

    [Fact]
    public async Task Owners_beyond_31_bits_cost_no_pin()
    {
        fixture.WriteArchive("good-1.0.tar.gz", new TarBuilder().File("x/a", "1").ToGzip());
        fixture.WriteArchive(
            "uid-1.0.tar.gz",
            new TarBuilder().Raw('0', "x/a", "1"u8.ToArray(), (108, TarBuilder.Binary(8, 3_000_000_000))).ToGzip()
        );

        var pins = await fixture.LockAsync(
            fixture.Archive("uid", "file:uid-1.0.tar.gz"),
            fixture.Archive("good", "file:good-1.0.tar.gz")
        );

        Assert.Equal(["good", "uid"], pins.Sources.Keys);
        Assert.Equal(pins.Sources["good"].Tree, pins.Sources["uid"].Tree);
    }

    public static TheoryData<Exception> Unthought { get; } =
    [
        new OverflowException("too large"),
        new FormatException("no number"),
        new InvalidDataException("damaged"),
        new EndOfStreamException("cut off"),
        new OperationCanceledException("too late"),
        new UnauthorizedAccessException("not allowed"),
    ];

    [Theory]
    [MemberData(nameof(Unthought), DisableDiscoveryEnumeration = true)]
    public async Task Whatever_goes_wrong_with_a_source_is_that_recipes_fault(Exception thrown)
    {
        var fault = await Assert.ThrowsAsync<EngineException>(() =>
            SourceFault.GuardAsync<int>("x", () => throw thrown, TestContext.Current.CancellationToken)
        );

        Assert.StartsWith("The source of 'x' ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(thrown.Message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_caller_stopped_is_no_fault_of_a_recipe()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            SourceFault.GuardAsync("x", () => Task.FromCanceled(stop.Token), stop.Token)
        );
    }

    [Fact]
    public async Task A_fault_nobody_thought_of_costs_no_verb_the_other_recipes()
    {
        fixture.WriteArchive("good-1.0.tar.gz", new TarBuilder().File("x/a", "1").ToGzip());
        var good = fixture.Archive("good", "file:good-1.0.tar.gz");
        // No recipe that was read has such a glob: reading it throws what nobody catches.
        var bad = fixture.Recipe("bad", SourceFixture.Source("file:good-1.0.tar.gz") with { Only = ["[a"] });
        using var locker = fixture.NewLocker();

        var locked = await locker.LockAsync([bad, good], LockFile.Empty, TestContext.Current.CancellationToken);

        Assert.Equal(["good"], locked.Lock.Sources.Keys);
        Assert.Contains("bad glob '[a'", Assert.Single(locked.Failures).Message.ToString());
        var pin = locked.Lock.Sources["good"];
        var both = locked.Lock with
        {
            Sources = locked.Lock.Sources.Add("bad", pin with { Name = "bad", Only = ["[a"], Tree = Digest.Of("1"u8) }),
        };
        var other = fixture.OtherStore();
        using var fetcher = fixture.NewFetcher(other);
        var fetched = await Assert.ThrowsAsync<EngineException>(() =>
            fetcher.FetchAsync([bad, good], both, unpack: true, TestContext.Current.CancellationToken)
        );
        Assert.Contains("bad glob '[a'", fetched.Message);
        Assert.True(other.HasTree(pin.Tree));
        var verified = await Assert.ThrowsAsync<EngineException>(() =>
            fetcher.VerifyOriginsAsync(bad.OwnSource!, both.Sources["bad"], TestContext.Current.CancellationToken)
        );
        Assert.Contains("bad glob '[a'", verified.Message);
    }

    [Fact]
    public async Task What_nobody_thought_of_is_a_failure_of_that_source_alone()
    {
        using var importer = new SourceImporter(fixture.Store, fixture.Events, SourceFixture.Patient, fixture.Sites);

        var failure = await Assert.ThrowsAsync<EngineException>(() =>
            importer.ImportAsync(
                "x",
                _ => { },
                _ => throw new NotSupportedException("what is this?"),
                TestContext.Current.CancellationToken
            )
        );

        Assert.Equal(
            "The source of 'x' cannot be imported, by a fault of this program: NotSupportedException: what is "
                + "this?. Please report it.",
            failure.Message
        );
    }

    [Fact]
    public async Task A_recipe_that_states_a_size_may_unpack_as_much()
    {
        fixture.WriteArchive("x-1.0.tar.gz", Make("bomb"));
        var recipe = fixture.Archive("x", "file:x-1.0.tar.gz");

        var pins = await fixture.LockAsync(
            recipe with
            {
                Source = recipe.Source with { Limits = new SourceLimits(50_000_000, HasRatio: false) },
            }
        );

        Assert.Equal(40_000_000, fixture.Store.ReadTree(pins.Sources["x"].Tree).Find("zeros")!.Digest.Size);
    }

    [Fact]
    public async Task Links_that_stay_inside_are_kept()
    {
        var tar = new TarBuilder()
            .File("x/p/q/f")
            .Link("x/p/q/up", "../..")
            .Link("x/loop", "loop")
            .Link("x/gone", "p/none")
            .ToGzip();
        fixture.WriteArchive("x-1.0.tar.gz", tar);

        var pins = await fixture.LockAsync(fixture.Archive("x", "file:x-1.0.tar.gz"));

        Assert.Equal(
            4,
            fixture.Store.ReadTree(pins.Sources["x"].Tree).Walk().Count(x => x.Target is not null || x.Path == "p/q/f")
        );
    }
}
