using Recipes.Engine.Images;
using Recipes.Engine.Registries.Pushing;

namespace Recipes.Cli.Output;

/// <summary>A pushed image, for people.</summary>
internal static class PushView
{
    /// <summary><c>registry.example/app:1: sha256:…</c>, and what was sent for it.</summary>
    public static void Write(TextWriter writer, PushResult pushed, TimeSpan elapsed)
    {
        writer.WriteLine($"{pushed.Target}: {pushed.Manifest.Oci}{(pushed.WasThere ? ", unchanged" : "")}");
        if (pushed.WasThere)
            return;
        var counts = pushed
            .Blobs.GroupBy(x => x.Arrival)
            .OrderBy(x => x.Key)
            .Select(x => Quantities.Count(x.Count(), x.Key));
        var sent = pushed.Blobs.Where(x => x.Arrival == BlobArrival.Sent).Sum(x => x.Digest.Size);
        writer.WriteLine(
            $"{Quantities.Count(pushed.Blobs.Length, "blob")}: {string.Join(", ", counts)} "
                + $"({Quantities.Size(sent)}), in {Quantities.Duration(elapsed)}"
        );
    }
}
