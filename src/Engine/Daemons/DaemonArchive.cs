using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics;
using Recipes.Engine.Content;
using Recipes.Engine.Content.Tar;
using Recipes.Engine.Images;
using Recipes.Engine.Model;

namespace Recipes.Engine.Daemons;

/// <summary>
/// An image as <c>docker load</c> takes it, under names of its own and without its lowest layers where the daemon has
/// them.
/// </summary>
/// <remarks>Docker Image Specification v1.2, "Combined Image JSON + Filesystem Changeset Format".</remarks>
internal sealed class DaemonArchive(
    ContentStore store,
    ImageResult image,
    ImmutableArray<ImageName> names,
    int layersThere,
    IEngineObserver observer
)
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Writes it; the stream stays open.</summary>
    /// <exception cref="EngineException">A blob is absent or damaged.</exception>
    public void Write(Stream output)
    {
        var tar = new TarWriter(output);
        tar.AddFile(
            OciIndex.DockerName,
            OciIndex.Docker(image, names.Select(x => x.ToString())),
            FileOwnership.File(false)
        );
        tar.AddFile(
            OciIndex.BlobName(image.Configuration),
            OciArchive.Find(image.Configuration, store),
            image.Configuration,
            FileOwnership.File(false)
        );
        var written = new HashSet<Digest>();
        foreach (var (number, layer) in image.Layers.Index())
        {
            var isThere = number < layersThere;
            if (!isThere && written.Add(layer.Blob))
                tar.AddFile(OciIndex.BlobName(layer.Blob), layer.Blob, x => Copy(layer, x), FileOwnership.File(false));
            observer.On(
                new BlobArrived(layer.Name, layer.Blob.Size, isThere ? BlobArrival.Present : BlobArrival.Sent, null)
            );
        }
        tar.Finish();
    }

    private void Copy(ImageLayer layer, Stream output)
    {
        using var file = File.OpenHandle(OciArchive.Find(layer.Blob, store));
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 17);
        var reported = Stopwatch.GetTimestamp();
        long offset = 0;
        for (int length; (length = RandomAccess.Read(file, buffer, offset)) > 0; offset += length)
        {
            output.Write(buffer, 0, length);
            if (Stopwatch.GetElapsedTime(reported) < ReportInterval)
                continue;
            reported = Stopwatch.GetTimestamp();
            observer.On(new BlobProgress(layer.Name, offset, layer.Blob.Size));
        }
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
