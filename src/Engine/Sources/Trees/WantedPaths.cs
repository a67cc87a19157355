using System.Collections.Immutable;
using Recipes.Engine.Model;

namespace Recipes.Engine.Sources.Trees;

/// <summary>Tells which paths of an archive are wanted.</summary>
internal sealed class WantedPaths(ImmutableArray<string> only)
{
    private readonly ImmutableArray<Glob> globs = [.. only.Select(Glob.Parse)];

    public bool Wants(string[] path) => globs.IsEmpty || globs.Any(x => x.Matches(string.Join('/', path)));
}
