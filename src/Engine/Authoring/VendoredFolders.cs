using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Recipes.Engine.Authoring;

/// <summary>
/// Finds the folders of a source that hold other projects: those that are called as such folders are, and those that
/// have a licence of their own beside that of the whole. What they say of themselves is not said of the source.
/// </summary>
internal static partial class VendoredFolders
{
    private const int MaxLicences = 200;

    /// <param name="files">All files, with <c>/</c> in their paths.</param>
    /// <param name="text">Reads one.</param>
    /// <returns>Folders without a slash at their end, none within another, in ordinal order.</returns>
    public static ImmutableSortedSet<string> Find(IReadOnlyCollection<string> files, Func<string, string> text)
    {
        var called = files.Select(x => Called().Match(x)).Where(x => x.Success).Select(x => x.Groups["folder"].Value);
        return Outermost(called.Concat(WithOwnLicence(files, text)));
    }

    /// <summary>True if a path is in one of these folders.</summary>
    public static bool Hold(IReadOnlySet<string> folders, string path)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            if (folders.Contains(path[..slash]))
                return true;
        }
        return false;
    }

    private static IEnumerable<string> WithOwnLicence(IReadOnlyCollection<string> files, Func<string, string> text)
    {
        var licences = files
            .Where(x => LicenceFinder.IsLicenceFile(Path.GetFileName(x)))
            .Take(MaxLicences)
            .ToLookup(Folder);
        var whole = licences[""].SelectMany(x => LicenceText.Find(text(x))).ToHashSet(StringComparer.Ordinal);
        if (whole.Count == 0)
            return [];
        return licences
            .Where(x => x.Key.Length > 0 && !x.Key.StartsWith("LICENSES", StringComparison.Ordinal))
            .Where(x => x.SelectMany(file => LicenceText.Find(text(file))).Any(id => !whole.Contains(id)))
            .Select(x => x.Key)
            // The source proper may lie in a folder with a licence too.
            .Where(x => files.Count(file => file.StartsWith(x + "/", StringComparison.Ordinal)) * 2 < files.Count);
    }

    private static ImmutableSortedSet<string> Outermost(IEnumerable<string> folders)
    {
        var all = folders.ToImmutableHashSet(StringComparer.Ordinal);
        return all.Where(x => !Hold(all, x)).ToImmutableSortedSet(StringComparer.Ordinal);
    }

    private static string Folder(string path) => path[..Math.Max(path.LastIndexOf('/'), 0)];

    [GeneratedRegex(
        @"^(?<folder>(?:[^/]+/)*?(?:deps|dependencies|vendor|vendored|third[-_]?part(?:y|ies)|3rd[-_]?part(?:y|ies)|extern|externals?|subprojects|submodules|bundled|node_modules))/",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking
    )]
    private static partial Regex Called();
}
