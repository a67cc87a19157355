using System.Collections.Immutable;

namespace Recipes.Engine.Authoring;

/// <summary>
/// How a project may be called: by its recipe, by its build files, and each without a version at its end.
/// </summary>
internal static class ProjectNames
{
    /// <param name="name">The recipe's name.</param>
    /// <param name="claims">What its build files say.</param>
    public static ImmutableArray<string> Of(string name, IEnumerable<ProjectClaims> claims) =>
        [
            .. claims
                .Select(x => x.Name)
                .OfType<string>()
                .Append(name)
                .SelectMany(x => (string[])[x, Bare(x)])
                .Where(x => x.Length > 0)
                .Distinct(StringComparer.OrdinalIgnoreCase),
        ];

    /// <summary><c>python3.13</c> is Python, though <c>pcre2</c> may be no pcre: who asks takes both.</summary>
    public static string Bare(string name) => name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', '-');
}
