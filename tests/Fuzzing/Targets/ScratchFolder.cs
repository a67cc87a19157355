namespace Recipes.Fuzzing.Targets;

/// <summary>A folder for what a reader writes, in memory where the machine has such a place.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public ScratchFolder()
    {
        var parent = Directory.Exists("/dev/shm") ? "/dev/shm" : System.IO.Path.GetTempPath();
        Path = System.IO.Path.Join(parent, $"recipes-fuzzing-{Guid.NewGuid():n}");
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public string Write(string name, byte[] content)
    {
        var file = System.IO.Path.Join(Path, name);
        File.WriteAllBytes(file, content);
        return file;
    }

    public string Folder(string name) => Directory.CreateDirectory(System.IO.Path.Join(Path, name)).FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
