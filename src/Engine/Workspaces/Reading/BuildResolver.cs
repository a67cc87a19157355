using Recipes.Engine.Model;

namespace Recipes.Engine.Workspaces.Reading;

/// <summary>Makes of each <c>[build]</c>, of what it is like, and of its build system what is to be built.</summary>
/// <param name="systems">All that there are.</param>
/// <param name="find">The recipe that is named; null if there is none, which is then a fault already.</param>
/// <param name="lacksCollections">True where what is missing is likely in a collection that is missing itself.</param>
internal sealed class BuildResolver(
    BuildSystems systems,
    Func<RecipeReference, RecipeReadResult?> find,
    bool lacksCollections
)
{
    private readonly Dictionary<string, WrittenBuild> merged = new(StringComparer.Ordinal);
    private readonly HashSet<string> open = new(StringComparer.Ordinal);
    private readonly List<Diagnostic> faults = [];

    /// <summary>What was found on the way.</summary>
    public IReadOnlyList<Diagnostic> Faults => faults;

    /// <summary>What is to be built of a recipe.</summary>
    public BuildSpec Resolve(RecipeReadResult recipe)
    {
        var build = Merge(recipe);
        if (build.System is not { Name: not BuildSystem.None } named)
        {
            if (build.System is not null)
                faults.AddRange(new StepWords(recipe, build, system: null).Faults());
            return build.ToSpec(system: null);
        }
        if (systems.Find(named.Name) is { } system)
        {
            faults.AddRange(new StepWords(recipe, build, system).Faults());
            return build.ToSpec(system);
        }
        if (named.Span!.File == recipe.Location.File && !lacksCollections && systems.WhyNot(named.Name) is { } why)
            faults.Add(new(why, named.Span));
        return build.ToSpec(system: null);
    }

    private WrittenBuild Merge(RecipeReadResult recipe)
    {
        var name = recipe.Location.Name;
        if (merged.TryGetValue(name, out var known))
            return known;
        var build = recipe.Build!;
        if (build.Like is { } like && open.Add(name))
        {
            if (Other(recipe, like) is { } other)
                build = build.Over(other);
            open.Remove(name);
        }
        return merged[name] = build;
    }

    private WrittenBuild? Other(RecipeReadResult recipe, RecipeReference like)
    {
        if (find(like) is not { } other)
            return null;
        if (open.Contains(like.Name))
            return Fault(
                like,
                $"'{recipe.Location.Name}' is like itself, by way of: {string.Join(", ", open.Order(StringComparer.Ordinal))}"
            );
        if (recipe.Location.Area == RecipeArea.Packages && other.Location.Area != RecipeArea.Packages)
            return Fault(
                like,
                $"'{like.Name}' lives in toolchain/; a recipe in pkgs/ is like none but packages in pkgs/"
            );
        // A recipe that is no TOML has a fault already.
        if (other is { Recipe: not null, Build: null })
            return Fault(like, $"'{like.Name}' has no [build] to take over");
        return other.Build is null ? null : Merge(other);
    }

    private WrittenBuild? Fault(RecipeReference at, string message)
    {
        faults.Add(new(message, at.Span));
        return null;
    }
}
