using Recipes.Engine.Model;

namespace Recipes.Engine.Images;

/// <summary>
/// The order of the packages of an image, from most to least shared: a package that needs fewer others is in more
/// images, so packages stand by the number of packages they need at run time, directly or not, and then by name.
/// </summary>
internal static class LayerOrder
{
    public static IReadOnlyList<IGrouping<string, ClosureOutput>> Of(IReadOnlyCollection<ClosureOutput> outputs)
    {
        var needs = outputs
            .SelectMany(x => x.Needs.Keys.Select(need => (x.Recipe.Name, Need: OutputName.Parse(need).Package)))
            .Where(x => x.Name != x.Need)
            .ToLookup(x => x.Name, x => x.Need, StringComparer.Ordinal);
        return
        [
            .. outputs
                .GroupBy(x => x.Recipe.Name, StringComparer.Ordinal)
                .OrderBy(x => Reached(x.Key, needs).Count)
                .ThenBy(x => x.Key, StringComparer.Ordinal),
        ];
    }

    private static HashSet<string> Reached(string package, ILookup<string, string> needs)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal) { package };
        var pending = new Stack<string>([package]);
        while (pending.TryPop(out var next))
        {
            foreach (var need in needs[next].Where(reached.Add))
                pending.Push(need);
        }
        return reached;
    }
}
