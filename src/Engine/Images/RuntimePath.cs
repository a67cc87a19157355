using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection.Linking;
using Recipes.Engine.Model;

namespace Recipes.Engine.Images;

/// <summary>One step from an image to what is in it.</summary>
/// <param name="From">The image, or an output (<c>package:output</c>).</param>
/// <param name="To">The output that is there because of it.</param>
/// <param name="File">The file of <paramref name="From"/> that needs it; null where a recipe says so.</param>
/// <param name="Need">The soname or interpreter that the file names; null where a recipe says so.</param>
internal sealed record RuntimeHop(string From, string To, string? File, string? Need);

/// <summary>Why a file or an output is in an image.</summary>
/// <param name="Output">The output that holds it; of the image's own files, the image.</param>
/// <param name="Path">The file, relative to the root; null if only the output was asked for.</param>
/// <param name="Soname">Its soname, or null.</param>
/// <param name="Hops">From the image to the output, the shortest way; empty for the image's own files.</param>
internal sealed record RuntimePath(string Output, string? Path, string? Soname, ImmutableArray<RuntimeHop> Hops)
{
    /// <summary>False for an output that has to be built first, of which only the need is known.</summary>
    public bool IsBuilt { get; init; } = true;

    /// <summary>Every output that brings what is asked for, with the way to it; empty if nothing does.</summary>
    /// <param name="image">The image.</param>
    /// <param name="closure">Its closure, as far as it is known.</param>
    /// <param name="trees">Reads listings.</param>
    /// <param name="what">
    /// A path, a file's name, a soname, or an output (<c>package:output</c>; a bare name is any of its outputs).
    /// </param>
    public static ImmutableArray<RuntimePath> Find(
        ImageRecipe image,
        RuntimeClosure closure,
        ITreeReader trees,
        string what
    )
    {
        var spec = image.Image;
        var path = what.TrimStart('/');
        var excluded = PathFilter.Of(spec.Exclude);
        var found = ImmutableArray.CreateBuilder<RuntimePath>();
        if (spec.Files.Any(x => x.Path.TrimStart('/') == path))
            found.Add(new(image.Name, path, null, []));
        foreach (var output in closure.Outputs)
        {
            if (output.Name == what || output.Recipe.Name == what)
                found.Add(new(output.Name, null, null, WayTo(image, closure, output.Name)));
            else if (Holds(output, trees.ReadTree(output.Output.Tree), path) is { } file && !excluded.Matches(file))
                found.Add(new(output.Name, file, SonameOf(output, file), WayTo(image, closure, output.Name)));
        }
        foreach (var (output, reason) in closure.Unbuilt)
        {
            if (reason is null || (output != what && OutputName.Parse(output).Package != what && reason.Need != what))
                continue;
            var hop = new RuntimeHop(reason.Output, output, reason.File, reason.Need);
            found.Add(new(output, null, null, [.. WayTo(image, closure, reason.Output), hop]) { IsBuilt = false });
        }
        return found.ToImmutable();
    }

    private static string? Holds(ClosureOutput output, Tree tree, string wanted)
    {
        if (wanted.Contains('/', StringComparison.Ordinal))
            return tree.Find(wanted) is { Kind: not TreeEntryKind.Folder } ? wanted : null;
        return output.Output.Scan.Files.FirstOrDefault(x => x.Soname == wanted)?.Path
            ?? tree.Walk().FirstOrDefault(x => x.Kind != TreeEntryKind.Folder && Name(x.Path) == wanted)?.Path;
    }

    private static string? SonameOf(ClosureOutput output, string path) =>
        output.Output.Scan.Files.FirstOrDefault(x => x.Path == path)?.Soname;

    private static ImmutableArray<RuntimeHop> WayTo(ImageRecipe image, RuntimeClosure closure, string target)
    {
        var outputs = closure.Outputs.ToDictionary(x => x.Name, StringComparer.Ordinal);
        var cameFrom = new Dictionary<string, string>(StringComparer.Ordinal);
        var open = new Queue<string>();
        var recipes = closure.Outputs.ToLookup(x => x.Recipe.Name, x => x.Recipe, StringComparer.Ordinal);
        var included = image.Image.Include.SelectMany(x => x.AtRuntime(recipes[x.Package].FirstOrDefault()));
        foreach (var name in included.Select(x => x.ToString()))
        {
            if (cameFrom.TryAdd(name, image.Name))
                open.Enqueue(name);
        }
        while (open.TryDequeue(out var name) && !cameFrom.ContainsKey(target))
        {
            if (!outputs.TryGetValue(name, out var output))
                continue;
            foreach (var need in output.Needs.Keys.Where(x => cameFrom.TryAdd(x, name)))
                open.Enqueue(need);
        }
        var hops = new Stack<RuntimeHop>();
        for (var at = target; cameFrom.TryGetValue(at, out var from); at = from)
        {
            var reason = outputs.GetValueOrDefault(from)?.Needs[at];
            hops.Push(new(from, at, reason?.File, reason?.Need));
        }
        return [.. hops];
    }

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];
}
