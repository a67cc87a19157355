using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Recipes;

namespace Recipes.Engine.Building;

/// <summary>What the root of a build is made of.</summary>
/// <param name="Outputs">Every output in the root, <c>package:output</c>, sorted; the candidates for run-time needs.</param>
/// <param name="Trees">Their trees, in the same order.</param>
/// <param name="Merged">The tree they merge to.</param>
internal sealed record BuildRoot(ImmutableArray<string> Outputs, ImmutableArray<Digest> Trees, Digest Merged)
{
    /// <summary>Gathers the needs of a build and what these require at run time.</summary>
    /// <param name="package">The package that is to be built, for messages.</param>
    /// <param name="needs">Its direct needs.</param>
    /// <param name="results">The results of all packages built so far.</param>
    /// <param name="store">Where their trees are.</param>
    /// <exception cref="EngineException">A need has no such output, or two outputs disagree on a path.</exception>
    public static BuildRoot Of(
        string package,
        IEnumerable<OutputReference> needs,
        IReadOnlyDictionary<string, PackageResult> results,
        ContentStore store
    )
    {
        var outputs = new SortedDictionary<string, Digest>(StringComparer.Ordinal);
        var pending = new Queue<(string Package, string Output)>(needs.Select(x => (x.Package, x.Output ?? "main")));
        while (pending.TryDequeue(out var need))
        {
            var name = $"{need.Package}:{need.Output}";
            if (outputs.ContainsKey(name))
                continue;
            // A default output comes out empty where upstream installs nothing of the kind.
            if (!results[need.Package].Outputs.TryGetValue(need.Output, out var output))
                continue;
            outputs.Add(name, output.Tree);
            foreach (var required in output.Requires)
                pending.Enqueue(Split(required));
            foreach (var provider in RuntimeProviders.Of(output, results[need.Package], results))
                pending.Enqueue(Split(provider));
        }
        var merge = store.Merge([.. outputs.Select(x => (x.Key, x.Value))]);
        if (merge.Conflicts.Count > 0)
        {
            var lines = merge.Conflicts.Take(10).Select(x => $"  {x.Path}: {x.First} and {x.Second}");
            throw new EngineException(
                $"the build root of {package} cannot be made: outputs disagree on\n{string.Join('\n', lines)}"
            );
        }
        return new([.. outputs.Keys], [.. outputs.Values], merge.Tree);
    }

    private static (string Package, string Output) Split(string output)
    {
        var colon = output.IndexOf(':', StringComparison.Ordinal);
        return (output[..colon], output[(colon + 1)..]);
    }
}
