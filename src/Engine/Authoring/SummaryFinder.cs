using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Recipes.Engine.Authoring;

/// <summary>
/// Finds one line on what a project is, without its name, article and full stop: what pkg-config or CMake are told,
/// else the NAME section of its manual page, else the sentence in which README says "X is a …". Of a project whose
/// program has a manual page, pkg-config knows a part alone.
/// </summary>
internal static partial class SummaryFinder
{
    private const int Longest = 90;
    private const int MaxName = 64;

    // What is further behind is cut off anyway.
    private const int MaxText = 2000;

    private static readonly ImmutableArray<string> ProgramEndings = [".1", ".1.in", ".1.prebuilt", ".man"];

    /// <param name="tree">The source.</param>
    /// <param name="claims">What its build files say.</param>
    /// <param name="name">The recipe's name.</param>
    public static Finding? Find(SourceTree tree, ImmutableArray<ProjectClaims> claims, string name)
    {
        var names = ProjectNames.Of(name, claims);
        if (claims.FirstOrDefault(x => x.Summary is not null) is { } claim && Phrase(claim.Summary!) is { } told)
        {
            var program = claim.File.EndsWith(".pc.in", StringComparison.Ordinal)
                ? FromManual(tree, names, ProgramEndings)
                : null;
            return program is null || program.Value == told ? new(told, claim.File, claim.IsSummaryGuess) : program;
        }
        return FromManual(tree, names, [.. ProgramEndings, ".3"]) ?? FromReadme(tree, names);
    }

    /// <summary>See man-pages(7): the section NAME is <c>name \- description</c>.</summary>
    private static Finding? FromManual(SourceTree tree, ImmutableArray<string> names, ImmutableArray<string> endings)
    {
        foreach (
            var file in tree.Files.Where(x =>
                endings.Any(end =>
                    names.Any(name => Path.GetFileName(x).Equals(name + end, StringComparison.OrdinalIgnoreCase))
                )
            )
        )
        {
            if (
                ManualPages.Description(tree.Text(file)) is { } description
                && Phrase(Roff().Replace(description, "")) is { } phrase
            )
                return new(phrase, file, IsGuess: true);
        }
        return null;
    }

    private static Finding? FromReadme(SourceTree tree, ImmutableArray<string> known)
    {
        var names = known.Where(x => x.Length <= MaxName).Select(Regex.Escape).ToList();
        if (names.Count == 0)
            return null;
        var sentence = new Regex(
            $@"(?:\b|^)(?:This is (?:the )?(?:{string.Join('|', names)})[\w. ]{{0,20}}, (?:an?|the) |(?:{string.Join('|', names)})(?: [\w.,()-]+){{0,4}} (?:is|are) (?:an?|the) )(?<phrase>[^.]*(?:\.\w[^.]*)*)",
            RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
        );
        foreach (var file in ReadmeText.Files(tree))
        {
            var match = sentence.Match(Space().Replace(ReadmeText.Read(tree, file), " "));
            if (match.Success && Phrase(match.Groups["phrase"].Value) is { } phrase)
                return new(phrase, $"a sentence of {file}", IsGuess: true);
        }
        return null;
    }

    /// <summary>
    /// What is left of a description when all but its head was cut off; null if that is too little or too long.
    /// </summary>
    private static string? Phrase(string text)
    {
        var phrase = Space()
            .Replace(
                Prefix()
                    .Replace(
                        text.AsSpan().Trim() is { Length: > MaxText } all ? all[..MaxText].ToString() : text.Trim(),
                        ""
                    ),
                " "
            );
        phrase = Aside().Replace(phrase, "");
        phrase = Article().Replace(phrase, "");
        phrase = Rest().Replace(phrase, "").TrimEnd('.', ',', ' ', '!');
        if (phrase.Length > Longest && phrase.LastIndexOf(',', Longest) is var comma and > Longest / 3)
            phrase = phrase[..comma];
        return phrase.Length <= Longest && phrase.Contains(' ', StringComparison.Ordinal) && !phrase.Any(char.IsControl)
            ? char.ToUpperInvariant(phrase[0]) + phrase[1..]
            : null;
    }

    [GeneratedRegex(@"\\f[A-Z]|\\")]
    private static partial Regex Roff();

    /// <summary>The names before a dash.</summary>
    [GeneratedRegex(@"^[^\s,]+(?:, [^\s,]+)* (?:-+|–|—) ")]
    private static partial Regex Prefix();

    [GeneratedRegex(@" \([^()]*\)")]
    private static partial Regex Aside();

    [GeneratedRegex("^(?:an?|the) ", RegexOptions.IgnoreCase)]
    private static partial Regex Article();

    [GeneratedRegex(@"(?:;|:|,? (?:that|which|written|supporting|aimed|designed|whose|providing)\b|[.!] ).*$")]
    private static partial Regex Rest();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
