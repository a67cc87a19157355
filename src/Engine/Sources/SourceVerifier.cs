using System.Collections.Immutable;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Git;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Sources;

/// <summary>Proves that gitlinks, lock and origins agree.</summary>
/// <param name="workspace">Without faults.</param>
/// <param name="project">The repository that it lies in; null where there is none, and so no gitlink to prove.</param>
/// <param name="locks">Its pins, with those of its collections.</param>
/// <param name="fetcher">Brings origins in.</param>
internal sealed class SourceVerifier(Workspace workspace, Superproject? project, LockFile locks, SourceFetcher fetcher)
{
    /// <summary>Looks at every recipe with a source of its own, one after the other.</summary>
    /// <returns>What does not agree, by recipe; one whose origin cannot be reached is among them.</returns>
    /// <exception cref="EngineException">The index cannot be read.</exception>
    public async Task<ImmutableArray<Diagnostic>> RunAsync(CancellationToken cancellationToken)
    {
        var sources = workspace.Recipes.Values.Select(x => x.OwnSource).OfType<OwnSource>().ToList();
        var faults = ImmutableArray.CreateBuilder<Diagnostic>();
        faults.AddRange(LockCheck.Of(workspace));
        faults.AddRange(ArtifactCheck.Of(workspace.Recipes.Values, locks, cancellationToken));
        if (project is not null)
            faults.AddRange(PinnedSubmodules.Faults(project, workspace.OwnRecipes, locks));
        foreach (var source in sources.Where(x => LockCheck.IsCovered(x.Recipe, locks)))
        {
            try
            {
                await fetcher.VerifyOriginsAsync(source, locks.Sources[source.Name], cancellationToken);
            }
            catch (EngineException e)
            {
                faults.Add(new(e.Text, source.Spec.Span));
            }
        }
        return faults.ToImmutable();
    }
}
