using System.Collections.Immutable;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Sources;

/// <summary>Tells whether a lock covers the recipes.</summary>
internal static class LockCheck
{
    /// <summary>
    /// Every recipe that the lock does not cover or covers otherwise, and every pin that belongs to no recipe.
    /// </summary>
    /// <param name="recipes">All recipes of the workspace.</param>
    /// <param name="lockFile">Its lock.</param>
    public static ImmutableArray<Diagnostic> Of(IEnumerable<Recipe> recipes, LockFile lockFile)
    {
        var all = recipes.OrderBy(x => x.Name, StringComparer.Ordinal).ToList();
        var sources = all.Where(x => x.OwnSource is not null).Select(x => x.Name).ToHashSet(StringComparer.Ordinal);
        var seeds = all.OfType<SeedRecipe>().Select(x => x.Name).ToHashSet(StringComparer.Ordinal);
        var artifacts = all.Where(x => x.Artifact is not null).Select(x => x.Name).ToHashSet(StringComparer.Ordinal);
        var stale = lockFile
            .Sources.Keys.Where(x => !sources.Contains(x))
            .Concat(lockFile.Seeds.Keys.Where(x => !seeds.Contains(x)))
            .Concat(lockFile.Artifacts.Keys.Where(x => !artifacts.Contains(x)));
        return
        [
            .. all.Select(x => Fault(x, lockFile)).OfType<Diagnostic>(),
            .. stale.Select(x => new Diagnostic(
                $"recipes.lock pins '{x}', which no recipe asks for; {new Remedy(RemedyKind.Lock)}",
                null
            )),
        ];
    }

    /// <summary>
    /// What a workspace's lock has to be brought up to, and what the locks of its collections lack of the recipes that
    /// are used from there.
    /// </summary>
    /// <exception cref="EngineException">A lock has faults.</exception>
    public static ImmutableArray<Diagnostic> Of(Workspace workspace)
    {
        var all = WorkspaceLocks.Read(workspace);
        return
        [
            .. Of(workspace.OwnRecipes, LockFile.Read(workspace.LockPath)),
            .. workspace
                .Recipes.Values.Where(x => x.Collection is not null)
                .Select(x => Fault(x, all))
                .OfType<Diagnostic>(),
        ];
    }

    /// <summary>True if the lock has what the recipe asks for.</summary>
    public static bool IsCovered(Recipe recipe, LockFile lockFile) => Fault(recipe, lockFile) is null;

    /// <summary>The pin of a source.</summary>
    /// <exception cref="EngineException">The lock does not cover it; the message names the command to run.</exception>
    public static Pin RequireSource(OwnSource source, LockFile lockFile)
    {
        Require(source.Recipe, lockFile);
        return lockFile.Sources[source.Name];
    }

    /// <summary>The pin of a seed.</summary>
    /// <exception cref="EngineException">The lock does not cover it; the message names the command to run.</exception>
    public static SeedPin RequireSeed(SeedRecipe recipe, LockFile lockFile)
    {
        Require(recipe, lockFile);
        return lockFile.Seeds[recipe.Name];
    }

    /// <summary>The pin of a folder that was made outside.</summary>
    /// <exception cref="EngineException">The lock does not cover it; the message names the command to run.</exception>
    public static ArtifactPin RequireArtifact(ArtifactSource source, LockFile lockFile)
    {
        Require(source.Recipe, lockFile);
        return lockFile.Artifacts[source.Name];
    }

    private static void Require(Recipe recipe, LockFile lockFile)
    {
        if (Fault(recipe, lockFile) is { } fault)
            throw new EngineException(fault.ToText());
    }

    private static Diagnostic? Fault(Recipe recipe, LockFile lockFile)
    {
        var reason = recipe switch
        {
            { OwnSource: { } source } => lockFile.Sources.GetValueOrDefault(recipe.Name) is { } pin
                ? PinDifference.Of(source, pin)
                : "",
            SeedRecipe seed => lockFile.Seeds.GetValueOrDefault(recipe.Name) is { } pin
                ? PinDifference.Of(seed, pin)
                : "",
            { Artifact: { } artifact } => lockFile.Artifacts.GetValueOrDefault(recipe.Name) is { } pin
                ? PinDifference.Of(artifact, pin)
                : "",
            _ => null,
        };
        if (reason is null)
            return null;
        var clause =
            WorkspaceLocks.NameOf(recipe)
            + (reason.Length == 0 ? $" does not cover '{recipe.Name}'" : $" pins another '{recipe.Name}': {reason}");
        return new(
            recipe.Collection is { } collection
                ? (MessageText)$"{clause}; that is for the collection '{collection.Name}' to fix"
                : (MessageText)$"{clause}; {new Remedy(RemedyKind.Lock)}",
            recipe.WrittenSource?.Span ?? recipe.NameSpan
        );
    }
}
