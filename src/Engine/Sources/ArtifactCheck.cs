using System.Collections.Immutable;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Artifacts;
using Recipes.Engine.Sources.Locking;

namespace Recipes.Engine.Sources;

/// <summary>Holds the folders that were made outside against their pins.</summary>
internal static class ArtifactCheck
{
    /// <summary>Every one that is missing, cannot be read, or differs.</summary>
    /// <param name="recipes">Those that the lock does not cover are passed over: that is said elsewhere.</param>
    /// <param name="locks">Their pins.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static ImmutableArray<Diagnostic> Of(
        IEnumerable<Recipe> recipes,
        LockFile locks,
        CancellationToken cancellationToken
    ) =>
        [
            .. recipes
                .Where(x => LockCheck.IsCovered(x, locks))
                .Select(x => x.Artifact)
                .OfType<ArtifactSource>()
                .Select(x => (Source: x, Fault: Fault(x, locks.Artifacts[x.Name], cancellationToken)))
                .Where(x => x.Fault is not null)
                .Select(x => new Diagnostic(x.Fault!, x.Source.Spec.Span)),
        ];

    private static MessageText? Fault(ArtifactSource source, ArtifactPin pin, CancellationToken cancellationToken)
    {
        try
        {
            return ArtifactFolder.Find(source, cancellationToken) is not { } found ? ArtifactFolder.Missing(source).Text
                : found == pin.Tree ? null
                : ArtifactFolder.Difference(source);
        }
        catch (EngineException e)
        {
            return e.Text;
        }
    }
}
