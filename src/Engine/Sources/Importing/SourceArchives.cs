using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Sources.Locking;

namespace Recipes.Engine.Sources.Importing;

/// <summary>The archives of one source, as blobs of the store.</summary>
/// <param name="First">That of <c>[source]</c>; empty where it is not known yet.</param>
/// <param name="Also">Those of <c>[[source.also]]</c>, in order.</param>
internal sealed record SourceArchives(Digest First, ImmutableArray<Digest> Also)
{
    /// <summary>Those that a lock pins.</summary>
    public static SourceArchives Of(Pin pin) => new(pin.ArchiveDigest, [.. pin.Also.Select(x => x.Digest)]);
}
