using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Reading;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Tests.Support;

/// <summary>The build systems of this repository.</summary>
internal static class RepositorySystems
{
    /// <summary>All, by name, without faults.</summary>
    public static ImmutableSortedDictionary<string, BuildSystem> All { get; } =
        Files().Select(Read).ToImmutableSortedDictionary(x => x.Name, x => x, StringComparer.Ordinal);

    /// <summary>Copies them into a workspace, but for the packages that they bring, which it does not have.</summary>
    /// <param name="root">Its folder.</param>
    public static void Write(string root)
    {
        var folder = Directory.CreateDirectory(Path.Join(root, "systems")).FullName;
        foreach (var file in Files())
            File.WriteAllLines(
                Path.Join(folder, Path.GetFileName(file)),
                File.ReadLines(file).Where(x => !x.StartsWith("needs ", StringComparison.Ordinal))
            );
    }

    private static BuildSystem Read(string file)
    {
        var result = SystemReader.Read(new SourceText($"systems/{Path.GetFileName(file)}", File.ReadAllText(file)));
        return result.Diagnostics.Count == 0
            ? result.System
            : throw new InvalidDataException(result.Diagnostics[0].ToString());
    }

    private static string[] Files([CallerFilePath] string source = "") =>
        Directory.GetFiles(Path.GetFullPath("../../systems", Path.GetDirectoryName(source)!), "*.toml");
}
