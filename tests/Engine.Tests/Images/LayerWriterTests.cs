using Recipes.Engine.Content;
using Recipes.Engine.Content.Tar;
using Recipes.Engine.Images;
using Recipes.Engine.Tests.Sources;
using Xunit;

namespace Recipes.Engine.Tests.Images;

public sealed class LayerWriterTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Compressing_a_huge_sparse_file_ends_when_it_is_cancelled()
    {
        var store = ContentStore.Open(
            directory.Join("store"),
            cancellationToken: TestContext.Current.CancellationToken
        );
        var huge = directory.Join("huge");
        using (var file = File.Create(huge))
            file.SetLength(60L << 30);
        using var cancellation = new CancellationTokenSource(100);
        // The digest does not matter, since the end is never reached.
        var digest = Digest.FromHash(new byte[32], 60L << 30);
        var plan = new LayerPlan(
            "huge",
            null,
            "huge",
            [new("huge", TreeEntryKind.File, FileOwnership.File(false), digest, huge, null)]
        );
        var events = new Recorder();

        var writing = Task.Run(
            () => LayerWriter.Write(plan, store, events, cancellation.Token),
            TestContext.Current.CancellationToken
        );

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            writing.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
        );
        Assert.Empty(Directory.EnumerateFileSystemEntries(store.Layout.Scratch));
        Assert.Equal([new WriteEnded("huge")], events.Of<WriteEnded>());
    }

    [Fact]
    public void Large_layers_tell_how_far_they_are()
    {
        var store = ContentStore.Open(
            directory.Join("store"),
            cancellationToken: TestContext.Current.CancellationToken
        );
        var bytes = new byte[10 << 20];
        var file = directory.Join("file");
        File.WriteAllBytes(file, bytes);
        var plan = new LayerPlan(
            "data",
            null,
            "data",
            [new("file", TreeEntryKind.File, FileOwnership.File(false), Digest.Of(bytes), file, null)]
        );
        var events = new Recorder();

        LayerWriter.Write(plan, store, events, TestContext.Current.CancellationToken);

        Assert.Equal([bytes.Length, bytes.Length], events.Of<WriteProgress>().Select(x => (int)x.Total));
        Assert.All(events.Of<WriteProgress>().Zip([4 << 20, 8 << 20]), x =>
            Assert.InRange(x.First.Bytes, x.Second, x.Second + (1 << 20))
        );
        Assert.Equal([new WriteEnded("data")], events.Of<WriteEnded>());
        // What is in the store already is not written.
        var again = new Recorder();
        LayerWriter.Write(plan, store, again, TestContext.Current.CancellationToken);
        Assert.Empty(again.Of<EngineEvent>());
    }
}
