using System.Collections.Immutable;
using Recipes.Engine.Content;

namespace Recipes.Engine.Images;

/// <summary>What goes into one layer.</summary>
/// <param name="Name">The package; of the image's own files, the image.</param>
/// <param name="Version">Of the package, or null.</param>
/// <param name="Description">For the image's history: <c>postgres 17.11 (client, server)</c>.</param>
/// <param name="Entries">By path; the parents of each are among them.</param>
internal sealed record LayerPlan(string Name, string? Version, string Description, ImmutableArray<LayerEntry> Entries)
{
    public int Files => Entries.Count(x => x.Kind != TreeEntryKind.Folder);

    public long FileBytes =>
        Entries.Where(x => x is { Kind: TreeEntryKind.File, SameAs: null }).Sum(x => x.Content.Size);
}
