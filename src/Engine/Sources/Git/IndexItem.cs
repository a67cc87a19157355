namespace Recipes.Engine.Sources.Git;

/// <summary>An entry of an index.</summary>
/// <param name="Path">From the work tree's root.</param>
/// <param name="Mode">As git writes it in octal digits.</param>
/// <param name="Id">Of the blob, or of a gitlink's commit.</param>
/// <param name="Stage">0, or the side of a merge conflict.</param>
internal sealed record IndexItem(string Path, int Mode, string Id, int Stage)
{
    /// <summary>A submodule's commit.</summary>
    public const int Gitlink = 57344;

    /// <summary>A file that nobody runs.</summary>
    public const int PlainFile = 33188;

    /// <summary>A file with the executable bit.</summary>
    public const int Program = 33261;
}
