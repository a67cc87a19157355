using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Model;

namespace Recipes.Engine.Building.Planning;

/// <summary>Gives each path of a stage to the first output with a matching glob.</summary>
internal static class OutputSplitter
{
    /// <summary>
    /// Output name → its paths: files, links, and folders that are empty. Outputs that get nothing are absent.
    /// </summary>
    public static ImmutableSortedDictionary<string, ImmutableSortedSet<string>> Split(
        ImmutableArray<OutputSpec> outputs,
        Tree stage
    )
    {
        var hasLibrary = HasLibrary(stage);
        var rules = outputs
            .Where(x => hasLibrary || x is not { Name: OutputName.Tools, Span: null })
            .Select(x => (x.Name, IsDefault: x.Span is null, Globs: x.Files.Select(Glob.Parse).ToArray()))
            .ToArray();
        var paths = rules.ToDictionary(
            x => x.Name,
            _ => ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal),
            StringComparer.Ordinal
        );
        foreach (var entry in stage.Walk())
        {
            if (entry.Path is BuildScript.ModesFile or BuildScript.LinksFile)
                continue;
            if (entry.Kind == TreeEntryKind.Folder && entry.Digest != TreeDirectory.Empty.Digest)
                continue;
            var owner = rules.FirstOrDefault(x => Takes(x.Name, x.IsDefault, x.Globs, entry)).Name ?? OutputName.Main;
            paths[owner].Add(entry.Path);
        }
        return paths
            .Where(x => x.Value.Count > 0)
            .ToImmutableSortedDictionary(x => x.Key, x => x.Value.ToImmutable(), StringComparer.Ordinal);
    }

    // What other packages link with: a program of a package without is what people want of it.
    private static bool HasLibrary(Tree stage)
    {
        var glob = Glob.Parse("usr/lib/lib*.so*");
        return stage.Walk().Any(x => x.Kind == TreeEntryKind.File && glob.Matches(x.Path));
    }

    private static bool Takes(string name, bool isDefault, Glob[] globs, TreeEntry entry)
    {
        // libz.so is a link for the linker, but a plugin or musl's libc.so is the library itself.
        if (
            isDefault
            && name == "dev"
            && entry.Kind == TreeEntryKind.File
            && entry.Path.EndsWith(".so", StringComparison.Ordinal)
        )
            return false;
        return globs.Any(x => x.Matches(entry.Path));
    }
}
