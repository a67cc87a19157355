using QuikGraph;
using QuikGraph.Algorithms.ConnectedComponents;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Graph;

/// <summary>
/// What has to be built before what. A node is a recipe (its build, a seed, an image) or an output whose run-time needs
/// have to be built too wherever it is put. A build waits for outputs; an output waits for its own build and for what
/// it requires. So two outputs that require each other are a loop without a build in it, which is harmless; a loop with
/// a build is a cycle.
/// </summary>
internal sealed class BuildGraph
{
    private readonly DependencyReader _reader;
    private readonly Workspace _workspace;
    private readonly Dictionary<string, int> _recipeNodes = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Package, string Output), int> _outputNodes = [];
    private readonly Queue<(int Node, string Package, string Output)> _open = [];
    private readonly List<string> _names = [];
    private readonly List<bool> _isOutput = [];
    private readonly AdjacencyGraph<int, BuildEdge> _graph = new(allowParallelEdges: true);
    private readonly Dictionary<int, int> _components = [];

    public BuildGraph(Workspace workspace, DependencyReader reader)
    {
        _workspace = workspace;
        _reader = reader;
        // Recipes come sorted, and so do all numbers: the order of builds does not hang on anything else.
        foreach (var recipe in workspace.Recipes.Values.Where(x => x is not (SourceRecipe or StackRecipe)))
            _recipeNodes.Add(recipe.Name, AddNode(recipe.Name, isOutput: false));
        foreach (var (name, node) in _recipeNodes)
            AddEdges(node, [.. reader.OfBuild(workspace.Recipes[name]), .. reader.OfImage(workspace.Recipes[name])]);
        // Not by recursion: a chain of requirements may be long.
        while (_open.TryDequeue(out var output))
            AddEdges(output.Node, OfOutput(output.Package, output.Output));
        // Components are numbered as they are finished: one comes after all those that it waits for.
        new StronglyConnectedComponentsAlgorithm<int, BuildEdge>(_graph, _components).Compute();
    }

    public int? NodeOf(string recipe) => _recipeNodes.TryGetValue(recipe, out var node) ? node : null;

    public string NameOf(int node) => _names[node];

    public bool IsOutput(int node) => _isOutput[node];

    public IEnumerable<BuildEdge> EdgesOf(int node) => _graph.OutEdges(node);

    /// <summary>The place of a node in an order in which each comes after what it waits for.</summary>
    public int RankOf(int node) => _components[node];

    /// <summary>The nodes of every loop that has a build in it.</summary>
    public IEnumerable<IReadOnlyList<int>> Cycles()
    {
        var sizes = new int[_names.Count];
        foreach (var component in _components.Values)
            sizes[component]++;
        return Enumerable
            .Range(0, _names.Count)
            .Where(x => sizes[_components[x]] > 1 || EdgesOf(x).Any(e => e.Target == x))
            .GroupBy(RankOf)
            .Select(x => x.ToList())
            .Where(x => x.Exists(node => !IsOutput(node)));
    }

    /// <summary>These nodes and all that they wait for.</summary>
    public HashSet<int> Reach(IEnumerable<int> nodes)
    {
        var reached = new HashSet<int>();
        var open = new Stack<int>(nodes);
        while (open.TryPop(out var node))
        {
            if (!reached.Add(node))
                continue;
            foreach (var edge in EdgesOf(node))
                open.Push(edge.Target);
        }
        return reached;
    }

    private int AddNode(string name, bool isOutput)
    {
        var node = _names.Count;
        _names.Add(name);
        _isOutput.Add(isOutput);
        _graph.AddVertex(node);
        return node;
    }

    private void AddEdges(int from, IEnumerable<Dependency> dependencies)
    {
        foreach (var dependency in dependencies)
        {
            if (Target(dependency.To, dependency.ToOutput!) is { } target)
                _graph.AddEdge(new BuildEdge(from, target, dependency));
        }
    }

    private IEnumerable<Dependency> OfOutput(string package, string output)
    {
        return _workspace.Recipes[package] is PackageRecipe recipe
            ? recipe.Outputs.Where(x => x.Name == output).SelectMany(x => _reader.OfOutput(recipe, x))
            : [];
    }

    /// <summary>
    /// The node of an output. Where the package's outputs require nothing of other packages, the package's own node
    /// will do: most graphs then have hardly more nodes than recipes.
    /// </summary>
    private int? Target(string package, string output)
    {
        if (NodeOf(package) is not { } build)
            return null;
        if (_workspace.Recipes[package] is not PackageRecipe recipe || !RequiresOthers(recipe))
            return build;
        if (_outputNodes.TryGetValue((package, output), out var known))
            return known;
        var node = AddNode($"{package}:{output}", isOutput: true);
        _outputNodes.Add((package, output), node);
        _graph.AddEdge(new BuildEdge(node, build, null));
        _open.Enqueue((node, package, output));
        return node;
    }

    private static bool RequiresOthers(PackageRecipe recipe)
    {
        foreach (var output in recipe.Outputs)
        {
            foreach (var requirement in output.Requires)
            {
                if (!string.Equals(requirement.Package, recipe.Name, StringComparison.Ordinal))
                    return true;
            }
        }
        return false;
    }
}
