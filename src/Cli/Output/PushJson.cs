using System.Collections.Immutable;
using Recipes.Engine.Registries.Pushing;

namespace Recipes.Cli.Output;

/// <summary>The answer of <c>push --json</c>; digests as registries write them, sizes in bytes.</summary>
internal sealed record PushJson(string Target, string Manifest, bool WasThere, ImmutableArray<PushedBlobJson> Blobs)
{
    public static PushJson Of(PushResult pushed) =>
        new(
            pushed.Target.ToString(),
            pushed.Manifest.Oci,
            pushed.WasThere,
            [
                .. pushed.Blobs.Select(x => new PushedBlobJson(
                    x.Name,
                    x.Digest.Oci,
                    x.Digest.Size,
                    x.Arrival.ToString().ToLowerInvariant()
                )),
            ]
        );
}

/// <summary>One blob of <see cref="PushJson"/>: <c>present</c>, <c>mounted</c> or <c>sent</c>.</summary>
internal sealed record PushedBlobJson(string Name, string Digest, long Bytes, string Arrival);
