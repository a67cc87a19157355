using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Recipes.Engine.Authoring;

/// <summary>
/// Finds where a project presents itself: what its build files claim, else a page of README that bears its name, else
/// the repository.
/// </summary>
internal static partial class HomepageFinder
{
    /// <param name="tree">The source.</param>
    /// <param name="claims">What its build files say.</param>
    /// <param name="name">The recipe's name.</param>
    /// <param name="place">Where it came from.</param>
    public static Finding? Find(SourceTree tree, ImmutableArray<ProjectClaims> claims, string name, string place)
    {
        if (claims.FirstOrDefault(x => x.Homepage is not null) is { } claim)
            return new(claim.Homepage!, claim.File);
        var names = ProjectNames.Of(name, claims).Where(x => x.Length > 2).ToImmutableArray();
        foreach (var file in ReadmeText.Files(tree))
        {
            if (Best(tree.Text(file), names) is { } page)
                return new(page, file, IsGuess: true);
        }
        return Repository().Match(place) is { Success: true } repository
            ? new(
                repository.Value.Replace(".git", "", StringComparison.Ordinal),
                "the place of the source",
                IsGuess: true
            )
            : null;
    }

    /// <summary>The root of a host that is called like the project; else a repository of that name.</summary>
    private static string? Best(string text, ImmutableArray<string> names)
    {
        var urls = Url().Matches(text).Select(x => x.Value.TrimEnd('.', ',')).ToList();
        // A forum is not a homepage, though its host bears the name too.
        if (urls.Find(url => names.Any(x => IsOwnHost(Host().Match(url).Groups["host"].Value, x))) is { } front)
            return Host().Match(front).Value;
        if (
            urls.Find(url =>
                names.Any(x => Host().Match(url).Groups["host"].Value.Contains(x, StringComparison.OrdinalIgnoreCase))
            ) is
            { } own
        )
            return Host().Match(own).Value;
        return urls.Select(x => Repository().Match(x))
            .FirstOrDefault(x =>
                x.Success
                && names.Any(name => x.Groups["repository"].Value.Equals(name, StringComparison.OrdinalIgnoreCase))
            )
            ?.Value;
    }

    private static bool IsOwnHost(string host, string name) =>
        (host.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? host["www.".Length..] : host).Split('.')
            is [var own, _]
        && own.Equals(name, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"https?://[A-Za-z0-9.-]+\.[a-z]+(?:/[A-Za-z0-9._~/-]*)?", RegexOptions.NonBacktracking)]
    private static partial Regex Url();

    [GeneratedRegex("^https?://(?<host>[^/]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Host();

    [GeneratedRegex(
        @"^https://(?:github\.com|gitlab\.com|codeberg\.org)/[A-Za-z0-9_.-]+/(?<repository>[A-Za-z0-9_-]+)",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Repository();
}
