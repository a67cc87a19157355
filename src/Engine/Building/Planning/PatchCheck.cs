using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Sources.Patching;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Building.Planning;

/// <summary>Tells whether patches apply to the sources that they belong to, by applying them as builds do.</summary>
internal static class PatchCheck
{
    /// <summary>Patches the pinned sources of recipes, each whether or not another's patches apply.</summary>
    /// <param name="workspace">Without faults.</param>
    /// <param name="isWanted">Tells the recipes by what their builds start from; the others are passed over.</param>
    /// <param name="sources">Brings in sources that are not there yet.</param>
    /// <param name="store">Where the patched trees go.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>
    /// One fault for each recipe whose patches do not apply, with the first patch that fails, or whose source is not
    /// available.
    /// </returns>
    public static async Task<ImmutableArray<Diagnostic>> FaultsAsync(
        Workspace workspace,
        Func<Recipe, SourceLayout, bool> isWanted,
        ISourceTrees sources,
        ContentStore store,
        CancellationToken cancellationToken
    )
    {
        var faults = ImmutableArray.CreateBuilder<Diagnostic>();
        var buildSources = new BuildSources(workspace, sources, store);
        foreach (var recipe in workspace.Recipes.Values)
        {
            var layout = SourceLayout.Of(recipe, workspace);
            if (layout.Patches.IsEmpty || !isWanted(recipe, layout))
                continue;
            try
            {
                await buildSources.EnsureAsync(recipe, cancellationToken);
            }
            catch (EngineException e)
            {
                faults.Add(new(e.Text, recipe.WrittenSource?.Span));
            }
        }
        return faults.ToImmutable();
    }

    /// <summary>Tries the patches of a source, and those of each recipe that builds from it or includes it.</summary>
    /// <param name="workspace">Without faults.</param>
    /// <param name="name">The recipe that pins the source.</param>
    /// <param name="sources">The pins to try them on.</param>
    /// <param name="store">Where the patched trees go.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Every patch that does not apply; after one that fails, the later ones are tried without it.</returns>
    /// <exception cref="EngineException">A source is not available, or git is not on this machine.</exception>
    public static async Task<ImmutableArray<FailedPatch>> FailuresAsync(
        Workspace workspace,
        string name,
        ISourceTrees sources,
        ContentStore store,
        CancellationToken cancellationToken
    )
    {
        var failed = new List<FailedPatch>();
        var buildSources = new BuildSources(workspace, sources, store);
        foreach (var recipe in workspace.Recipes.Values)
        {
            var layout = SourceLayout.Of(recipe, workspace);
            if (!layout.Patches.IsEmpty && layout.Trees.Any(x => x.Recipe.Name == name))
                failed.AddRange((await buildSources.TryAsync(recipe, cancellationToken)).Failed);
        }
        return [.. failed.Distinct()];
    }
}
