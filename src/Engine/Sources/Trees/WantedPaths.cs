using System.Collections.Immutable;
using Recipes.Engine.Model;

namespace Recipes.Engine.Sources.Trees;

/// <summary>Tells which paths of a source are wanted, before anything of them is refused.</summary>
/// <param name="only">Globs of what is kept; empty keeps all.</param>
/// <param name="except">Globs of what of it is left out.</param>
internal sealed class WantedPaths(ImmutableArray<string> only, ImmutableArray<string> except)
{
    private readonly ImmutableArray<Glob> kept = [.. only.Select(Glob.Parse)];
    private readonly ImmutableArray<Glob> dropped = [.. except.Select(Glob.Parse)];

    /// <summary>What a recipe wants.</summary>
    public static WantedPaths Of(SourceSpec source) => new(source.Only, source.Except);

    /// <summary>True if all are wanted.</summary>
    public bool IsAll => kept.IsEmpty && dropped.IsEmpty;

    /// <summary>True if a file or link is wanted.</summary>
    public bool Wants(string[] path) => IsAll || Wants(string.Join('/', path));

    /// <summary>False if nothing below a folder can be wanted, whatever its name.</summary>
    public bool WantsBelow(string folder) =>
        (kept.IsEmpty || kept.Any(x => x.MayMatchBelow(folder)))
        && !dropped.Any(x => x.Matches(folder) || (x.Matches($"{folder}/\a") && x.Matches($"{folder}/\a/\a")));

    /// <summary>The globs, as a recipe has them.</summary>
    public override string ToString() =>
        string.Join(
            ", ",
            ((IEnumerable<string>)[Shown("only", kept), Shown("except", dropped)]).Where(x => x.Length > 0)
        );

    private bool Wants(string path) =>
        (kept.IsEmpty || kept.Any(x => x.Matches(path))) && !dropped.Any(x => x.Matches(path));

    private static string Shown(string key, ImmutableArray<Glob> globs) =>
        globs.IsEmpty ? "" : $"{key} = [{string.Join(", ", globs)}]";
}
