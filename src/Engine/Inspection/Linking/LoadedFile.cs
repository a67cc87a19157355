namespace Recipes.Engine.Inspection.Linking;

/// <summary>A file in the memory of a process, and what it was loaded for.</summary>
/// <param name="Owner">Whose file it is.</param>
/// <param name="Path">
/// The path by which it was opened, from which <c>$ORIGIN</c> counts; of a library, links and all.
/// </param>
/// <param name="File">What it needs.</param>
/// <param name="NeededBy">What loaded it; null for the file that the process, or <c>dlopen</c>, starts with.</param>
internal sealed record LoadedFile<T>(T Owner, string Path, FileScan File, LoadedFile<T>? NeededBy)
{
    /// <summary>A file to start with.</summary>
    public static LoadedFile<T> Start(T owner, FileScan file) => new(owner, "/" + file.Path, file, null);

    /// <summary>The file itself, then what loaded it, and so on to the start.</summary>
    public IEnumerable<LoadedFile<T>> Chain
    {
        get
        {
            for (var at = this; at is not null; at = at.NeededBy)
                yield return at;
        }
    }
}
