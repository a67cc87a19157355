using Recipes.Engine.Content;
using Xunit;

namespace Recipes.Engine.Tests.Content;

public sealed class FileDraftTests : IDisposable
{
    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    private string Target => directory.Join("file");

    private string[] Names =>
        [
            .. Directory
                .EnumerateFileSystemEntries(directory.Path)
                .Select(x => Path.GetFileName(x)!)
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [InlineData(nameof(FileDurability.None))]
    [InlineData(nameof(FileDurability.Content))]
    [InlineData(nameof(FileDurability.Name))]
    public void A_file_is_replaced_keeps_its_mode_and_nothing_else_is_left(string name)
    {
        var durability = Enum.Parse<FileDurability>(name);
        FileDraft.Write(Target, "old", durability);
        File.SetUnixFileMode(Target, OwnersAlone);

        FileDraft.Write(Target, "new", durability);

        Assert.Equal("new", File.ReadAllText(Target));
        Assert.Equal(OwnersAlone, File.GetUnixFileMode(Target));
        Assert.Equal(["file"], Names);
    }

    [Fact]
    public void A_link_is_replaced_and_what_it_leads_to_stays()
    {
        File.WriteAllText(directory.Join("elsewhere"), "old");
        File.CreateSymbolicLink(Target, "elsewhere");

        FileDraft.Write(Target, "new");

        Assert.Null(new FileInfo(Target).LinkTarget);
        Assert.Equal(("new", "old"), (File.ReadAllText(Target), File.ReadAllText(directory.Join("elsewhere"))));
    }

    [Fact]
    public void What_cannot_be_replaced_is_as_it_was_and_no_draft_is_left()
    {
        Directory.CreateDirectory(Target);

        Assert.Throws<IOException>(() => FileDraft.Write(Target, "new"));

        Assert.True(Directory.Exists(Target));
        Assert.Equal(["file"], Names);
    }

    [Fact]
    public void A_fault_while_writing_leaves_the_old_file_and_no_draft()
    {
        File.WriteAllText(Target, "old");

        Assert.Throws<InvalidOperationException>(Fail);

        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal(["file"], Names);

        void Fail()
        {
            using var draft = FileDraft.Beside(Target);
            using var stream = draft.Create(4096);
            stream.Write("ne"u8);
            throw new InvalidOperationException();
        }
    }

    [Fact]
    public void A_new_file_takes_no_name_that_another_has_taken()
    {
        using (var draft = FileDraft.Beside(Target))
        {
            draft.Write("new"u8);
            File.WriteAllText(Target, "another's");
            Assert.Throws<IOException>(draft.PublishNew);
        }

        Assert.Equal("another's", File.ReadAllText(Target));
        Assert.Equal(["file"], Names);
    }

    [Fact]
    public void A_name_as_long_as_a_file_system_takes_has_room_for_a_draft()
    {
        var target = directory.Join(string.Concat(Enumerable.Repeat("ä", 127)));

        FileDraft.Write(target, "new");

        Assert.Equal("new", File.ReadAllText(target));
    }

    [Fact]
    public void What_the_store_cannot_publish_leaves_no_draft_in_it()
    {
        var store = ContentStore.Open(
            directory.Join("store"),
            cancellationToken: TestContext.Current.CancellationToken
        );
        var key = Digest.Of("key"u8);
        Directory.CreateDirectory(store.Layout.Record(RawRecords.Action, key));

        Assert.Throws<IOException>(() => store.WriteRecord(RawRecords.Action, key, "document"u8));

        Assert.Empty(Directory.EnumerateFileSystemEntries(store.Layout.Scratch));
    }
}
