namespace Recipes.Engine.Tests;

/// <summary>A new empty folder, with a space in its name, gone after the test.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("recipes test ").FullName;

    public string Join(params string[] parts) => System.IO.Path.Join([Path, .. parts]);

    public string Write(string relative, string content)
    {
        var path = Join(relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => Recipes.Engine.Content.ScratchDirectory.Delete(Path);
}
