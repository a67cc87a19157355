using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Model;

namespace Recipes.Engine.Building.Planning;

/// <summary>What the root of a build is made of.</summary>
/// <param name="Outputs">
/// Every output in the root, <c>package:output</c>: those that yield last, and sorted; the candidates for run-time
/// needs.
/// </param>
/// <param name="Trees">Their trees, in the same order.</param>
/// <param name="Merged">The tree they merge to.</param>
/// <param name="Yielding">Those of the trees in whose place others' files are taken.</param>
internal sealed record BuildRoot(
    ImmutableArray<string> Outputs,
    ImmutableArray<Digest> Trees,
    Digest Merged,
    ImmutableHashSet<Digest> Yielding
)
{
    /// <summary>Gathers the needs of a build and what these require at run time.</summary>
    /// <param name="package">The package that is to be built, for messages.</param>
    /// <param name="needs">Its direct needs.</param>
    /// <param name="results">The results of all packages built so far.</param>
    /// <param name="providers">Finds the libraries that their files ask for.</param>
    /// <param name="store">Where their trees are.</param>
    /// <exception cref="EngineException">A need has no such output, or two outputs disagree on a path.</exception>
    public static BuildRoot Of(
        string package,
        IEnumerable<OutputReference> needs,
        IReadOnlyDictionary<string, BuiltPackage> results,
        RuntimeProviders providers,
        ContentStore store
    )
    {
        var outputs = new SortedDictionary<string, BuiltOutput>(StringComparer.Ordinal);
        var pending = new Queue<string>(needs.SelectMany(AtRuntime));
        while (pending.Count > 0)
        {
            while (pending.TryDequeue(out var name))
            {
                var (owner, kind) = OutputName.Parse(name);
                // A default output comes out empty where upstream installs nothing of the kind.
                if (!results[owner].Outputs.TryGetValue(kind, out var output) || !outputs.TryAdd(name, output))
                    continue;
                foreach (var required in output.Requires.SelectMany(x => AtRuntime(OutputReference.Parse(x))))
                    pending.Enqueue(required);
            }
            foreach (var provider in providers.Missing(outputs, results).Where(x => !outputs.ContainsKey(x)))
                pending.Enqueue(provider);
        }
        // The first that has a path counts, wherever they are laid over each other.
        var ordered = outputs.OrderBy(x => x.Value.Yields).ToList();
        var yielding = ordered.Where(x => x.Value.Yields).Select(x => x.Value.Tree).ToImmutableHashSet();
        var merged = Merge(
            $"the build root of {package}",
            [.. ordered.Select(x => (x.Key, x.Value.Tree))],
            yielding,
            store
        );
        return new([.. ordered.Select(x => x.Key)], [.. ordered.Select(x => x.Value.Tree)], merged, yielding);

        IEnumerable<string> AtRuntime(OutputReference reference) =>
            reference.AtRuntime(results[reference.Package].Recipe).Select(x => x.ToString());
    }

    /// <summary>Merges the trees of a root.</summary>
    /// <param name="what">The root, for messages.</param>
    /// <param name="trees">Each with its owner's name.</param>
    /// <param name="yielding">Those of them in whose place others' files are taken.</param>
    /// <param name="store">Where they are.</param>
    /// <exception cref="EngineException">Two trees disagree on a path.</exception>
    public static Digest Merge(
        string what,
        IReadOnlyList<(string Owner, Digest Tree)> trees,
        IReadOnlySet<Digest> yielding,
        ContentStore store
    )
    {
        var merge = store.Merge(trees, yielding);
        if (merge.Conflicts.Count == 0)
            return merge.Tree;
        var lines = merge.Conflicts.Take(10).Select(x => $"  {x.Path}: {x.First} and {x.Second}");
        throw new EngineException($"{what} cannot be made: outputs disagree on\n{string.Join('\n', lines)}");
    }
}
