using Recipes.Engine.Content;
using Recipes.Engine.Content.Tar;
using Recipes.Engine.Images;
using Xunit;

namespace Recipes.Engine.Tests.Images;

public sealed class LayerWriterTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task Compressing_a_huge_sparse_file_ends_when_it_is_cancelled()
    {
        var store = ContentStore.Open(directory.Join("store"), cancellationToken: TestContext.Current.CancellationToken);
        var huge = directory.Join("huge");
        using (var file = File.Create(huge))
            file.SetLength(60L << 30);
        using var cancellation = new CancellationTokenSource(100);
        // The digest does not matter, since the end is never reached.
        var digest = Digest.FromHash(new byte[32], 60L << 30);
        LayerEntry[] entries = [new("huge", TreeEntryKind.File, FileOwnership.File(false), digest, huge, null)];

        var writing = Task.Run(() => LayerWriter.Write(store, entries, cancellation.Token), TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => writing.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
        );
        Assert.Empty(Directory.EnumerateFileSystemEntries(store.Layout.Scratch));
    }
}
