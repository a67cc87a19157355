using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Recipes.Engine.Recipes.Keys;

namespace Recipes.Engine.Authoring;

/// <summary>
/// Finds the licence of a source: by the SPDX tags of its code where most files have one, else by its licence files, else by
/// what the build system's files claim, else by what README and headers say.
/// </summary>
/// <remarks>Tags: SPDX specification 2.3, annex E. Names of files: those of the GNU project and of REUSE.</remarks>
internal static partial class LicenceFinder
{
    private const int Header = 4096;
    private const int MostFiles = 2000;
    private const int MostHeaders = 200;

    private static readonly ImmutableHashSet<string> Gnu = ["GPL-1.0", "GPL-2.0", "GPL-3.0", "LGPL-2.0", "LGPL-2.1", "LGPL-3.0", "AGPL-3.0"];

    /// <summary>The licence as an SPDX expression; null if nothing was recognised.</summary>
    public static Finding? Find(SourceTree tree, ImmutableArray<ProjectClaims> claims) =>
        FromTags(tree) ?? FromFiles(tree) ?? FromClaims(claims) ?? FromText(tree, ReadmeText.Files(tree), "") ?? FromText(tree, Headers(tree), "the headers, such as ");

    private static Finding? FromTags(SourceTree tree)
    {
        var (counts, files) = (new Dictionary<string, int>(StringComparer.Ordinal), 0);
        foreach (var file in tree.Files.Where(x => Code().IsMatch(x) && !Aside().IsMatch(x)).Take(MostFiles))
        {
            files++;
            if (Tag(tree.Text(file, Header)) is { } tag)
                counts[tag] = counts.GetValueOrDefault(tag) + 1;
        }
        if (counts.Count == 0 || counts.Values.Sum() * 2 < files)
            return null;
        var ids = counts.OrderByDescending(x => x.Value).ThenBy(x => x.Key, StringComparer.Ordinal).Select(x => x.Key).ToList();
        return new(Join(ids), "the SPDX tags of the code", IsGuess: ids.Count > 1);
    }

    private static Finding? FromFiles(SourceTree tree)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        var from = ImmutableArray.CreateBuilder<string>();
        foreach (var file in tree.Files.Where(x => LicenceFile().IsMatch(x)).Take(MostHeaders))
        {
            var text = tree.Text(file);
            var ids = Named(file) is { } named ? [named] : LicenceText.Find(text);
            if (ids.IsEmpty && Tag(text) is { } tag)
                ids = [tag];
            found.AddRange(ids);
            if (!ids.IsEmpty)
                from.Add(file);
        }
        return Resolve(tree, found.Distinct().ToImmutableArray(), string.Join(", ", from), isGuess: false);
    }

    private static Finding? FromClaims(ImmutableArray<ProjectClaims> claims) =>
        claims.FirstOrDefault(x => x.License is not null && SpdxExpression.Fault(x.License) is null) is { } claim ? new(claim.License!, claim.File) : null;

    /// <summary>The licence that most of these files have.</summary>
    private static Finding? FromText(SourceTree tree, IEnumerable<string> files, string prefix)
    {
        var found = files
            .SelectMany(file => LicenceText.Find(tree.Text(file)).Select(id => (Id: id, File: file)))
            .GroupBy(x => x.Id, StringComparer.Ordinal)
            .OrderByDescending(x => x.Count())
            .FirstOrDefault();
        return found is null ? null : Resolve(tree, [found.Key], prefix + found.First().File, isGuess: true);
    }

    private static Finding? Resolve(SourceTree tree, ImmutableArray<string> ids, string from, bool isGuess)
    {
        // The lesser licence supplements the other, whose text goes along with it.
        if (ids.Contains("LGPL-3.0"))
            ids = ids.Remove("GPL-3.0");
        if (ids.IsEmpty)
            return null;
        if (ids.Any(Gnu.Contains))
        {
            var later = Headers(tree).FirstOrDefault(x => LicenceText.AllowsLaterVersions(tree.Text(x, Header)));
            ids = [.. ids.Select(x => Gnu.Contains(x) ? x + (later is null ? "-only" : "-or-later") : x)];
            from += later is null ? "; no header speaks of later versions" : $"; {later} allows later versions";
            isGuess |= later is null;
        }
        return new(Join(ids), from, isGuess || ids.Length > 1);
    }

    private static string Join(IReadOnlyCollection<string> ids) =>
        string.Join(" AND ", ids.Select(x => ids.Count > 1 && x.Contains(" OR ", StringComparison.Ordinal) ? $"({x})" : x));

    /// <summary>The first tag, if it is a valid expression.</summary>
    private static string? Tag(string text) =>
        SpdxTag().Match(text).Groups["expression"].Value is { Length: > 0 } tag && SpdxExpression.Fault(tag) is null ? tag : null;

    /// <summary>In <c>LICENSES/</c>, a file is called by its licence.</summary>
    private static string? Named(string file) =>
        file.StartsWith("LICENSES/", StringComparison.Ordinal) && Path.GetFileNameWithoutExtension(file) is var name && SpdxExpression.Fault(name) is null ? name : null;

    private static IEnumerable<string> Headers(SourceTree tree) => tree.Files.Where(x => Code().IsMatch(x) && !Aside().IsMatch(x)).OrderBy(x => !x.EndsWith(".h", StringComparison.Ordinal)).Take(MostHeaders);

    [GeneratedRegex(@"^(?:(?:(?:un)?licen[cs]es?|copying|copyright)(?:[-._][^/]*)?|LICENSES/[^/]+)$", RegexOptions.IgnoreCase)]
    private static partial Regex LicenceFile();

    [GeneratedRegex(@"\.(?:c|h|cc|cpp|cxx|hh|hpp|hxx|S|s|y|l|in|rs|go|py|pl|sh)$")]
    private static partial Regex Code();

    /// <summary>Folders and files of which nothing gets into what is installed.</summary>
    [GeneratedRegex(@"(?:^|/)(?:tests?|testsuite|examples?|docs?|doxygen|debug|extra|contrib|windows|win32|dos|vms|m4|build-aux|cmake|po|po4a|gnulib-tests|third[-_]?party|Makefile\.in|config\.h\.in)(?:/|$)")]
    private static partial Regex Aside();

    [GeneratedRegex(@"SPDX-License-Identifier:[ \t]*(?<expression>[A-Za-z0-9.+() -]+?)[ \t]*(?:\*/|-->|""|$)", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex SpdxTag();
}
