using Recipes.Engine.Model;

namespace Recipes.Engine.Inspection.Linking;

/// <summary>Some globs: a path is meant if a glob matches it or a folder it is in.</summary>
internal sealed class PathFilter
{
    private readonly Glob[] globs;

    private PathFilter(Glob[] globs) => this.globs = globs;

    public static PathFilter None { get; } = new([]);

    public static PathFilter Of(IEnumerable<string> patterns) => new([.. patterns.Select(Glob.Parse)]);

    public bool Matches(string path) => globs.Length > 0 && Match(path) is not null;

    /// <summary>The first glob that means this path, or null.</summary>
    public Glob? Match(string path)
    {
        foreach (var glob in globs)
        {
            for (var end = path.Length; end > 0; end = path.LastIndexOf('/', end - 1))
            {
                if (glob.Matches(path[..end]))
                    return glob;
            }
        }
        return null;
    }
}
