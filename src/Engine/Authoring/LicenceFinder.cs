using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Recipes.Engine.Workspaces.Keys;

namespace Recipes.Engine.Authoring;

/// <summary>
/// Finds the licence of a source: by the SPDX tags of its code where most files have one, else by its licence files,
/// else by what the build system's files claim, else by what README and most headers say. Where two of them disagree,
/// or a licence file is not recognised, the finding is a guess that says so.
/// </summary>
/// <remarks>Tags: SPDX specification 2.3, annex E. Names of files: those of the GNU project and of REUSE.</remarks>
internal static partial class LicenceFinder
{
    private const int Header = 4096;
    private const int MaxFiles = 2000;
    private const int MaxHeaders = 200;

    private static readonly ImmutableHashSet<string> Gnu =
    [
        "GPL-1.0",
        "GPL-2.0",
        "GPL-3.0",
        "LGPL-2.0",
        "LGPL-2.1",
        "LGPL-3.0",
        "AGPL-3.0",
    ];

    /// <summary>The licence as an SPDX expression; null if nothing was recognised.</summary>
    public static Finding? Find(SourceTree tree, ImmutableArray<ProjectClaims> claims)
    {
        var files = Files(tree);
        var told = FromFiles(tree, files);
        if (FromTags(tree) is { } tagged)
            return Against(tagged, told);
        if (told is not null)
            return Against(told, FromClaims(claims));
        var rest = FromClaims(claims)
            ?? FromText(tree, ReadmeText.Files(tree), "", 0)
            ?? FromText(tree, Headers(tree), "the headers, such as ", 2);
        return rest is null ? null : Doubted(rest, Unread(files));
    }

    /// <summary>True for names such as <c>COPYING.LIB</c>.</summary>
    public static bool IsLicenceFile(string name) => LicenceFile().IsMatch(name);

    /// <summary>
    /// The licence files of the top and of <c>LICENSES/</c>, each with the licences whose text it has.
    /// </summary>
    private static ImmutableArray<(string File, ImmutableArray<string> Ids)> Files(SourceTree tree) =>
        [
            .. from file in tree.Files.Where(x => LicenceFile().IsMatch(x)).Take(MaxHeaders)
            let text = tree.Text(file)
            where text.AsSpan().Trim().Length > 0
            let ids = Named(file) is { } named ? [named] : LicenceText.Find(text)
            select (file, ids.IsEmpty && Tag(text) is { } tag ? [tag] : ids),
        ];

    /// <summary>Doubts a finding that another one does not bear out.</summary>
    private static Finding Against(Finding finding, Finding? other)
    {
        if (other is null || Words(finding.Value).Overlaps(Words(other.Value)))
            return finding;
        return finding with { From = $"{finding.From}; {Source(other)} has {other.Value}", IsGuess = true };

        static string Source(Finding finding) => finding.From.Split(';')[0];
    }

    private static Finding Doubted(Finding finding, string? unread) =>
        unread is null
            ? finding
            : finding with
            {
                From = $"{finding.From}; {unread} is not recognised",
                IsGuess = true,
            };

    /// <summary>A licence file of which nothing is known; a list of copyright holders is none.</summary>
    private static string? Unread(ImmutableArray<(string File, ImmutableArray<string> Ids)> files) =>
        files
            .Where(x => x.Ids.IsEmpty && !x.File.StartsWith("copyright", StringComparison.OrdinalIgnoreCase))
            .Select(x => x.File)
            .FirstOrDefault();

    /// <summary>The licences of an expression, those of the GNU project without their suffix.</summary>
    private static HashSet<string> Words(string expression) =>
        expression
            .Split([' ', '(', ')'], StringSplitOptions.RemoveEmptyEntries)
            .Where(x => x is not ("AND" or "OR" or "WITH"))
            .Select(x =>
                x.Replace("-only", "", StringComparison.Ordinal).Replace("-or-later", "", StringComparison.Ordinal)
            )
            .ToHashSet(StringComparer.Ordinal);

    private static Finding? FromTags(SourceTree tree)
    {
        var (counts, files, tagged) = (new Dictionary<string, int>(StringComparer.Ordinal), 0, 0);
        foreach (var file in tree.Files.Where(x => Code().IsMatch(x) && !Aside().IsMatch(x)).Take(MaxFiles))
        {
            files++;
            if (Tag(tree.Text(file, Header)) is not { } tag)
                continue;
            tagged++;
            foreach (var part in Parts(tag))
                counts[part] = counts.GetValueOrDefault(part) + 1;
        }
        if (tagged == 0 || tagged * 2 < files)
            return null;
        var ids = counts
            .OrderByDescending(x => x.Value)
            .ThenBy(x => x.Key, StringComparer.Ordinal)
            .Select(x => x.Key)
            .ToList();
        return new(Join(ids), "the SPDX tags of the code", IsGuess: ids.Count > 1);
    }

    /// <summary>What is joined by AND alone, by its parts; anything else as a whole.</summary>
    private static string[] Parts(string tag) =>
        tag.Contains(" OR ", StringComparison.Ordinal) || tag.Contains('(', StringComparison.Ordinal)
            ? [tag]
            : tag.Split(" AND ", StringSplitOptions.TrimEntries);

    private static Finding? FromFiles(SourceTree tree, ImmutableArray<(string File, ImmutableArray<string> Ids)> files)
    {
        var read = files.Where(x => !x.Ids.IsEmpty).ToList();
        var ids = read.SelectMany(x => x.Ids).Distinct().ToImmutableArray();
        var isChoice =
            ids.Length > 1
            && (
                read.Any(x => LicenceText.GivesChoice(tree.Text(x.File)))
                || ReadmeText.Files(tree).Any(x => LicenceText.GivesChoice(LicenceSection(tree.Text(x))))
            );
        return Resolve(tree, ids, string.Join(", ", read.Select(x => x.File)), isGuess: false, isChoice) is { } found
            ? Doubted(found, Unread(files))
            : null;
    }

    /// <summary>What README says from where it speaks of the licence.</summary>
    private static string LicenceSection(string text) =>
        LicenceHeading().Match(text) is { Success: true } heading ? text[heading.Index..] : "";

    private static Finding? FromClaims(ImmutableArray<ProjectClaims> claims) =>
        claims.FirstOrDefault(x => x.License is not null && SpdxExpression.Fault(x.License) is null) is { } claim
            ? new(claim.License!, claim.File)
            : null;

    /// <summary>The licence that most of these files have.</summary>
    /// <param name="tree">The source.</param>
    /// <param name="files">The files.</param>
    /// <param name="prefix">What stands before the first of them.</param>
    /// <param name="share">One in so many of the files has to have it; 0 where one file is enough.</param>
    private static Finding? FromText(SourceTree tree, IEnumerable<string> files, string prefix, int share)
    {
        var all = files.ToList();
        var found = all.SelectMany(file => LicenceText.Find(tree.Text(file)).Select(id => (Id: id, File: file)))
            .GroupBy(x => x.Id, StringComparer.Ordinal)
            .OrderByDescending(x => x.Count())
            .FirstOrDefault();
        return found is null || (share > 0 && found.Count() * share < all.Count)
            ? null
            : Resolve(tree, [found.Key], prefix + found.First().File, isGuess: true, isChoice: false);
    }

    private static Finding? Resolve(
        SourceTree tree,
        ImmutableArray<string> ids,
        string from,
        bool isGuess,
        bool isChoice
    )
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
        return new(
            isChoice
                ? string.Join(" OR ", ids.Select(x => x.Contains(' ', StringComparison.Ordinal) ? $"({x})" : x))
                : Join(ids),
            from,
            isGuess || ids.Length > 1
        );
    }

    private static string Join(IReadOnlyCollection<string> ids) =>
        string.Join(
            " AND ",
            ids.Select(x => ids.Count > 1 && x.Contains(" OR ", StringComparison.Ordinal) ? $"({x})" : x)
        );

    /// <summary>The first tag, if it is a valid expression.</summary>
    private static string? Tag(string text) =>
        SpdxTag().Match(text).Groups["expression"].Value is { Length: > 0 } tag && SpdxExpression.Fault(tag) is null
            ? tag
            : null;

    /// <summary>In <c>LICENSES/</c>, a file is called by its licence.</summary>
    private static string? Named(string file) =>
        file.StartsWith("LICENSES/", StringComparison.Ordinal)
        && Path.GetFileNameWithoutExtension(file) is var name
        && SpdxExpression.Fault(name) is null
            ? name
            : null;

    private static IEnumerable<string> Headers(SourceTree tree) =>
        tree
            .Files.Where(x => Code().IsMatch(x) && !Aside().IsMatch(x))
            .OrderBy(x => !x.EndsWith(".h", StringComparison.Ordinal))
            .Take(MaxHeaders);

    [GeneratedRegex(
        @"^(?:(?:(?:un)?licen[cs]es?|copying|copyright)(?:[-._][^/]*)?|LICENSES/[^/]+)$",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex LicenceFile();

    [GeneratedRegex(
        @"^[#=* \t]*licen[cs](?:e|es|ing)\b",
        RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.NonBacktracking
    )]
    private static partial Regex LicenceHeading();

    [GeneratedRegex(@"\.(?:c|h|cc|cpp|cxx|hh|hpp|hxx|S|s|y|l|in|rs|go|py|pl|sh)$")]
    private static partial Regex Code();

    /// <summary>Folders and files of which nothing gets into what is installed.</summary>
    [GeneratedRegex(
        @"(?:^|/)(?:tests?|testsuite|examples?|docs?|doxygen|debug|extra|contrib|windows|win32|dos|vms|m4|build-aux|cmake|po|po4a|gnulib-tests|third[-_]?party|Makefile\.in|config\.h\.in)(?:/|$)"
    )]
    private static partial Regex Aside();

    [GeneratedRegex(
        @"SPDX-License-Identifier:[ \t]*(?<expression>[A-Za-z0-9.+() -]+?)[ \t]*(?:\*/|-->|""|$)",
        RegexOptions.Multiline | RegexOptions.NonBacktracking
    )]
    private static partial Regex SpdxTag();
}
