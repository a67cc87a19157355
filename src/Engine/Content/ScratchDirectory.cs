namespace Recipes.Engine.Content;

/// <summary>A folder for work in progress, on the store's file system so that results move into place by a rename.</summary>
public sealed class ScratchDirectory : IDisposable
{
    internal ScratchDirectory(string path) => Path = path;

    /// <summary>The absolute path.</summary>
    public string Path { get; }

    /// <summary>Deletes the folder with all that is left in it.</summary>
    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
