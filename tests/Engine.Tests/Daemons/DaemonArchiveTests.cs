using System.Formats.Tar;
using System.Text.Json;
using Recipes.Engine.Content;
using Recipes.Engine.Daemons;
using Recipes.Engine.Images;
using Recipes.Engine.Model;
using Xunit;

namespace Recipes.Engine.Tests.Daemons;

public sealed class DaemonArchiveTests : IDisposable
{
    private readonly LoadedImages images = new();

    public void Dispose() => images.Dispose();

    [Fact]
    public void Layers_that_are_there_are_listed_and_not_sent()
    {
        var image = images.Compose("base", "tool");

        var files = Write(image, layersThere: 1, LoadedImages.Name);

        Assert.True(image.Layers.Length > 1);
        Assert.Equal(
            ["manifest.json", Blob(image.Configuration), .. image.Layers.Skip(1).Select(x => Blob(x.Blob))],
            files.Keys
        );
        Assert.Equal(image.Layers.Select(x => Blob(x.Blob)), Strings(files, "Layers"));
        Assert.Equal(
            image.Layers.Select((x, i) => (x.Name, i == 0 ? BlobArrival.Present : BlobArrival.Sent)),
            images.Events.Of<BlobArrived>().Select(x => (x.Name, x.Arrival))
        );
    }

    [Fact]
    public void Every_blob_has_the_bytes_of_its_digest()
    {
        var image = images.Compose("base", "tool");

        var files = Write(image, layersThere: 0, LoadedImages.Name);

        foreach (var blob in image.Layers.Select(x => x.Blob).Append(image.Configuration))
            Assert.Equal(blob, Digest.Of(files[Blob(blob)]));
    }

    [Fact]
    public void It_carries_the_names_that_were_asked_for_and_not_the_recipes()
    {
        var image = images.Compose("tool");

        var files = Write(image, 0, ImageName.Parse("localhost:5000/a/b"), ImageName.Parse("c:2"));

        Assert.Equal(["localhost:5000/a/b:latest", "c:2"], Strings(files, "RepoTags"));
    }

    [Fact]
    public void A_blob_that_is_gone_is_named_with_the_way_to_get_it_back()
    {
        var image = images.Compose("tool");
        var layer = image.Layers[0].Blob;
        File.Delete(images.Store.FindBlob(layer)!);

        Assert.Equal(
            $"The blob sha256:{layer.Hash} is not in the store '{images.Store.Root}'. Run the command again to make "
                + $"it anew.",
            Assert.Throws<EngineException>(() => Write(image, 0, LoadedImages.Name)).Message
        );
    }

    private Dictionary<string, byte[]> Write(ImageResult image, int layersThere, params ImageName[] names)
    {
        using var stream = new MemoryStream();
        new DaemonArchive(images.Store, image, [.. names], layersThere, images.Events).Write(stream);
        stream.Position = 0;
        var files = new Dictionary<string, byte[]>();
        using var reader = new TarReader(stream);
        while (reader.GetNextEntry() is { } entry)
        {
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            files.Add(entry.Name, content.ToArray());
        }
        return files;
    }

    private static IEnumerable<string?> Strings(Dictionary<string, byte[]> files, string key)
    {
        using var manifest = JsonDocument.Parse(files["manifest.json"]);
        return [.. manifest.RootElement[0].GetProperty(key).EnumerateArray().Select(x => x.GetString())];
    }

    private static string Blob(Digest digest) => "blobs/sha256/" + digest.Hash;
}
