using Recipes.Engine.Content;

namespace Recipes.Tests.Support;

/// <summary>A new empty folder, gone after the test.</summary>
/// <param name="prefix">Of its name; with a space, so that whoever forgets to quote a path fails.</param>
public sealed class TemporaryDirectory(string prefix = "recipes test ") : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory(prefix).FullName;

    public string Join(params string[] parts) => System.IO.Path.Join([Path, .. parts]);

    /// <summary>Writes a file and the folders above it; returns its path.</summary>
    public string Write(string relative, string content)
    {
        var path = Join(relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Deletes it, read-only trees of a store and odd names included.</summary>
    public void Dispose() => ScratchDirectory.Delete(Path);
}
