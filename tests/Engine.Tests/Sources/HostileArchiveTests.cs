using System.Formats.Tar;
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
            { "hard-link", "the hard link 'h' names 'none', which is no file before it" },
            { "hard-parent", "the path 'x/../../etc/passwd' holds '..'" },
            { "not-utf-8", "is not UTF-8" },
            { "twice", "the path 'a' stands twice, with different content" },
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
            "stepwise-link" => tar.File("x/p/q/f").Link("x/p/q/up", "..").Link("x/p/up", "..").Link("x/up", "p/q/up").Link("x/l", "up/up/../evil").ToGzip(),
            "empty-link" => TarBuilder.Gzip(EmptyLink()),
            "through-link" => tar.Link("x/d", "e").File("x/d/evil").ToGzip(),
            "through-file" => tar.File("x/d", "1").File("x/d/evil").ToGzip(),
            "hard-link" => tar.HardLink("x/h", "x/none").ToGzip(),
            "hard-parent" => tar.HardLink("x/h", "x/../../etc/passwd").ToGzip(),
            "not-utf-8" => TarBuilder.Gzip(TarBuilder.Patch(new TarBuilder(TarEntryFormat.Ustar).File("x/a").ToTar(), 2, 0xff)),
            "twice" => tar.File("x/a", "2").ToGzip(),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
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
    public async Task Links_that_stay_inside_are_kept()
    {
        var tar = new TarBuilder().File("x/p/q/f").Link("x/p/q/up", "../..").Link("x/loop", "loop").Link("x/gone", "p/none").ToGzip();
        fixture.WriteArchive("x-1.0.tar.gz", tar);

        var pins = await fixture.LockAsync(fixture.Archive("x", "file:x-1.0.tar.gz"));

        Assert.Equal(4, fixture.Store.ReadTree(pins.Sources["x"].Tree).Walk().Count(x => x.Target is not null || x.Path == "p/q/f"));
    }
}
