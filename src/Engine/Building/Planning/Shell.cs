namespace Recipes.Engine.Building.Planning;

/// <summary>Writing words for a POSIX shell.</summary>
internal static class Shell
{
    /// <summary>The word in single quotes where it needs any.</summary>
    public static string Quote(string word) =>
        word.Length > 0
        && word.All(c => char.IsAsciiLetterOrDigit(c) || "%+,-./:=@_".Contains(c, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
