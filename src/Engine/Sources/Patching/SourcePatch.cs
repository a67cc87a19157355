using Recipes.Engine.Content;
using Recipes.Engine.Model;

namespace Recipes.Engine.Sources.Patching;

/// <summary>A patch of a recipe's source.</summary>
/// <param name="Directory">
/// Where it is applied, relative to the root of a build: <c>build</c>, or the folder of an included source.
/// </param>
/// <param name="Owner">The recipe in whose folder it lies.</param>
/// <param name="File">Its name there.</param>
internal sealed record SourcePatch(string Directory, Recipe Owner, string File)
{
    /// <summary>How many leading folders of the names in it are dropped, as with <c>patch -p</c>.</summary>
    public int Strip => Owner.WrittenSource?.Strip ?? SourceSpec.UsualStrip;

    /// <summary>Where it lies.</summary>
    public string Path => System.IO.Path.Join(Owner.Folder, File);

    /// <summary>The digest of its bytes; empty where there is no such file.</summary>
    public Digest Digest => System.IO.File.Exists(Path) ? Digest.OfFile(Path) : default;
}

/// <summary>A patch that does not apply.</summary>
/// <param name="Recipe">The recipe in whose folder it lies.</param>
/// <param name="File">Its name there.</param>
/// <param name="Reason">What git says, on one line.</param>
/// <param name="IsUpstream">True if the source holds what the patch does.</param>
internal sealed record FailedPatch(string Recipe, string File, string Reason, bool IsUpstream);
