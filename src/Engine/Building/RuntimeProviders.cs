using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection.Linking;
using Recipes.Engine.Recipes;

namespace Recipes.Engine.Building;

/// <summary>Finds which outputs give the files of a build root the libraries that they ask for.</summary>
/// <param name="results">The results of all packages built so far.</param>
/// <param name="store">Where their trees are.</param>
internal sealed class RuntimeProviders(IReadOnlyDictionary<string, PackageResult> results, ContentStore store)
{
    /// <summary>
    /// The outputs (<c>package:output</c>) to add to a root, so that the libraries of its files are in it. What the root
    /// holds already is never looked for elsewhere: our own C library must not bring in the one that the seed was linked
    /// with. What nothing provides is left to the checks after the build, which name it.
    /// </summary>
    /// <param name="root">The outputs in the root so far, by name.</param>
    public ImmutableSortedSet<string> Missing(IReadOnlyDictionary<string, BuiltOutput> root)
    {
        var found = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        var present = root.Select(x => View(x.Key, x.Value)).ToList();
        var view = BuildView.Of(present, store.ReadText);
        var wider = new Dictionary<string, RuntimeView<string>>(StringComparer.Ordinal);
        var walk = new LoadWalk<string>(
            (by, need) =>
            {
                if (view.Locate(need, by) is { } there)
                    return new(there, view.ScanOf(there));
                var package = OutputName.Parse(by.Owner).Package;
                if (!wider.TryGetValue(package, out var around))
                    wider[package] = around = BuildView.Of([.. present, .. Candidates(package)], store.ReadText);
                if (around.Locate(need, by) is not { } provider)
                    return null;
                found.UnionWith(provider.Owners);
                return new(provider, around.ScanOf(provider));
            }
        );
        foreach (var (name, output) in root)
        {
            foreach (var file in output.Scan.Files)
                walk.Load(LoadedFile<string>.Start(name, file));
        }
        return found.ToImmutable();
    }

    private IEnumerable<ViewedOutput<string>> Candidates(string package) =>
        from name in results[package].Candidates
        let output = OutputName.Parse(name)
        let built = results.GetValueOrDefault(output.Package)?.Outputs.GetValueOrDefault(output.Output)
        where built is not null
        select View(name, built);

    private ViewedOutput<string> View(string name, BuiltOutput output) => new(name, store.ReadTree(output.Tree), output.Scan);
}
