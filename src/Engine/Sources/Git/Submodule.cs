using Recipes.Engine.Model;
using Recipes.Engine.Sources.Locking;

namespace Recipes.Engine.Sources.Git;

/// <summary>
/// A pinned source as the superproject knows it: a gitlink in the index and an entry in <c>.gitmodules</c>.
/// </summary>
/// <param name="Path">Relative to the workspace: <c>pkgs/zlib/source</c>.</param>
/// <param name="Commit">40 hexadecimal digits.</param>
/// <param name="Url">Where upstream is; of an imported source only for people to read.</param>
/// <param name="IsImported">
/// The commit was made from an archive and is nowhere to be fetched: <c>update = none</c> keeps a recursive clone from
/// trying.
/// </param>
internal sealed record Submodule(string Path, string Commit, string Url, bool IsImported)
{
    /// <summary>The submodule of a recipe with a source of its own.</summary>
    /// <param name="source">The source.</param>
    /// <param name="pin">What it is.</param>
    public static Submodule Of(OwnSource source, Pin pin) =>
        new(source.Path, pin.Commit, pin.Git ?? source.Recipe.Homepage ?? pin.Archive!, IsImported: pin.Git is null);
}
