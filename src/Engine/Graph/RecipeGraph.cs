using System.Collections.Immutable;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Graph;

/// <summary>How the recipes of a workspace depend on each other.</summary>
internal sealed class RecipeGraph
{
    private readonly DependencyReader _reader;
    private readonly BuildGraph _builds;
    private readonly Lazy<ILookup<string, Dependency>> _dependents;

    private RecipeGraph(Workspace workspace)
    {
        Workspace = workspace;
        _reader = new DependencyReader(workspace);
        _builds = new BuildGraph(workspace, _reader);
        _dependents = new Lazy<ILookup<string, Dependency>>(() =>
            workspace.Recipes.Values.SelectMany(_reader.Of).ToLookup(x => x.To, StringComparer.Ordinal)
        );
        Diagnostics = [.. CycleFinder.Faults(_builds)];
    }

    /// <summary>The recipes.</summary>
    public Workspace Workspace { get; }

    /// <summary>
    /// For each cycle, its shortest loop with the place of every edge. With a cycle nothing can be built.
    /// </summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; }

    /// <summary>
    /// Makes the graph. References to what does not exist are left out; they are faults of the workspace.
    /// </summary>
    public static RecipeGraph Create(Workspace workspace) => new(workspace);

    /// <summary>
    /// The seeds and packages that have to be built for these recipes, themselves included, each after all that it
    /// needs. Images and recipes that only pin a source are not in it. The order is the same for the same recipes.
    /// </summary>
    /// <exception cref="EngineException">There is no such recipe, or nothing to build in it.</exception>
    public ImmutableArray<string> BuildOrder(IEnumerable<string> targets)
    {
        var nodes = targets.Select(x => _builds.NodeOf(Workspace.RequireBuildable(x).Name)).OfType<int>().ToList();
        return
        [
            .. _builds
                .Reach(nodes)
                .Where(x => !_builds.IsOutput(x) && Recipe(_builds.NameOf(x)) is not ImageRecipe)
                .OrderBy(_builds.RankOf)
                .Select(_builds.NameOf),
        ];
    }

    /// <summary>
    /// The outputs that its build root is made of, before what the scan of their files adds: the base, the needs, and
    /// what these require as their recipes say. None twice; the base first. Empty for what is not built.
    /// </summary>
    /// <exception cref="EngineException">There is no such recipe.</exception>
    public ImmutableArray<OutputReference> DirectNeeds(string name) => Closure(_reader.OfBuild(Recipe(name)));

    /// <summary>The outputs that an image is made of, before what the scan of their files adds.</summary>
    /// <exception cref="EngineException">There is no such recipe.</exception>
    public ImmutableArray<OutputReference> ImageContent(string name) => Closure(_reader.OfImage(Recipe(name)));

    /// <summary>
    /// The recipes whose pins (of sources and seeds) are needed to build these recipes: their own, those they build
    /// from, and those of all that they need. Sorted by name.
    /// </summary>
    /// <exception cref="EngineException">There is no such recipe.</exception>
    public ImmutableArray<string> Pins(IEnumerable<string> targets)
    {
        var given = targets.Select(Recipe).ToList();
        var built = BuildOrder(given.Where(x => _builds.NodeOf(x.Name) is not null).Select(x => x.Name)).Select(Recipe);
        return
        [
            .. built
                .Concat(given)
                .SelectMany(x =>
                    _reader.Of(x).Where(d => d.Kind == DependencyKind.Source).Select(d => Recipe(d.To)).Append(x)
                )
                .Where(x => x.IsLocked)
                .Select(x => x.Name)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>What a recipe depends on, as it is written there.</summary>
    /// <exception cref="EngineException">There is no such recipe.</exception>
    public ImmutableArray<Dependency> Dependencies(string name) => [.. _reader.Of(Recipe(name))];

    /// <summary>What depends on a recipe, sorted by name; not through others.</summary>
    /// <exception cref="EngineException">There is no such recipe.</exception>
    public ImmutableArray<Dependency> Dependents(string name) => [.. _dependents.Value[Recipe(name).Name]];

    private Recipe Recipe(string name) => Workspace.Require(name);

    private ImmutableArray<OutputReference> Closure(IEnumerable<Dependency> dependencies)
    {
        var found = ImmutableArray.CreateBuilder<OutputReference>();
        var seen = new HashSet<(string, string)>();
        var open = new Queue<Dependency>(dependencies);
        while (open.TryDequeue(out var dependency))
        {
            var (package, output) = (dependency.To, dependency.ToOutput!);
            if (!seen.Add((package, output)))
                continue;
            found.Add(new OutputReference(package, output, dependency.Span));
            if (Workspace.Recipes[package] is not PackageRecipe recipe)
                continue;
            foreach (
                var next in recipe.Outputs.Where(x => x.Name == output).SelectMany(x => _reader.OfOutput(recipe, x))
            )
                open.Enqueue(next);
        }
        return found.ToImmutable();
    }
}
