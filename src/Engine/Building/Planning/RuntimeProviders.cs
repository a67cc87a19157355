using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection.Linking;
using Recipes.Engine.Model;

namespace Recipes.Engine.Building.Planning;

/// <summary>
/// Finds which outputs give the files of a build root the libraries and interpreters that they ask for. What was found
/// for a root before is looked up, and no listing is read.
/// </summary>
/// <param name="store">Where the trees of all outputs are.</param>
internal sealed class RuntimeProviders(ContentStore store)
{
    private const string Took = "took ";
    private const string Added = "add ";

    private readonly ConditionalWeakTable<BuiltPackage, string> candidateKeys = [];

    /// <summary>
    /// The outputs of a root and of those around it → the outputs to add. The trees that took part are named, since
    /// what is known of their files is not believed any more once one of them turns out to be damaged.
    /// </summary>
    internal static RecordType<IReadOnlyList<string>> Found { get; } =
        RecordType.OfLines("providers", RecordRole.Result);

    /// <summary>
    /// The outputs (<c>package:output</c>) to add to a root, so that the libraries and interpreters of its files are in
    /// it. What the root holds already is never looked for elsewhere: our own C library must not bring in the one that
    /// the seed was linked with. What nothing provides is left to the checks after the build, which name it.
    /// </summary>
    /// <param name="root">The outputs in the root so far, by name.</param>
    /// <param name="results">The results of all packages built so far.</param>
    public ImmutableSortedSet<string> Missing(
        IReadOnlyDictionary<string, BuiltOutput> root,
        IReadOnlyDictionary<string, BuiltPackage> results
    )
    {
        var packages = root
            .Keys.Select(x => OutputName.Parse(x).Package)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        var key = new KeyBuilder($"providers {PackagePlan.ResultFormat}")
            .Add(root.Select(x => Line(x.Key, x.Value)).Order(StringComparer.Ordinal))
            .Add(
                packages.Select(x =>
                    $"{x} {candidateKeys.GetValue(results[x], package => KeyOf(Candidates(package, results)))}"
                )
            )
            .Digest;
        if (store.FindRecord(Found, key) is { } known)
            return [.. known.Where(x => x.StartsWith(Added, StringComparison.Ordinal)).Select(x => x[Added.Length..])];
        var found = Search(root, results);
        if (store.IsWritable)
        {
            var around = packages.SelectMany(x => Candidates(results[x], results));
            var trees = root.Values.Concat(around.Select(x => x.Output)).Select(x => x.Tree).Distinct().Order();
            store.WriteRecord(Found, key, [.. trees.Select(x => Took + x), .. found.Select(x => Added + x)]);
        }
        return found;
    }

    private ImmutableSortedSet<string> Search(
        IReadOnlyDictionary<string, BuiltOutput> root,
        IReadOnlyDictionary<string, BuiltPackage> results
    )
    {
        var found = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        var present = root.Select(x => x.Value.ViewedAs(x.Key, store)).ToList();
        var view = BuildView.Of(present, store.ReadText);
        var wider = new Dictionary<string, RuntimeView<string>>(StringComparer.Ordinal);
        var walk = new LoadWalk<string>(
            (by, need) =>
            {
                if (view.Locate(need, by) is { } there)
                    return new(there, view.ScanOf(there));
                var around = Around(by.Owner);
                return Add(around.Locate(need, by)) is { } provider ? new(provider, around.ScanOf(provider)) : null;
            }
        );
        foreach (var (name, output) in root)
        {
            foreach (var file in output.Scan.Files)
            {
                if (file.Interpreter is { } interpreter && view.Locate(interpreter) is null)
                    Add(Around(name).Locate(interpreter));
                walk.Load(LoadedFile<string>.Start(name, file));
            }
        }
        return found.ToImmutable();

        RuntimeView<string> Around(string owner)
        {
            var package = OutputName.Parse(owner).Package;
            if (!wider.TryGetValue(package, out var around))
            {
                var candidates = Candidates(results[package], results).Select(x => x.Output.ViewedAs(x.Name, store));
                wider[package] = around = BuildView.Of([.. present, .. candidates], store.ReadText);
            }
            return around;
        }

        Located<string>? Add(Located<string>? provider)
        {
            found.UnionWith(provider?.Owners.Where(x => x != BuildView.Links) ?? []);
            return provider;
        }
    }

    private static string KeyOf(IEnumerable<(string Name, BuiltOutput Output)> candidates) =>
        new KeyBuilder("candidates").Add(candidates.Select(x => Line(x.Name, x.Output))).Digest.ToString();

    private static string Line(string name, BuiltOutput output) => $"{name} {output.Tree}";

    private static IEnumerable<(string Name, BuiltOutput Output)> Candidates(
        BuiltPackage package,
        IReadOnlyDictionary<string, BuiltPackage> results
    ) =>
        from name in package.Candidates
        let output = OutputName.Parse(name)
        let built = results.GetValueOrDefault(output.Package)?.Outputs.GetValueOrDefault(output.Output)
        where built is not null
        select (name, built);
}
