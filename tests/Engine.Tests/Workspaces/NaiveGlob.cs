namespace Recipes.Engine.Tests.Workspaces;

/// <summary>Writes out the braces, then backtracks over folders and characters.</summary>
internal static class NaiveGlob
{
    public static bool Matches(string pattern, string path) =>
        WithoutBraces(pattern).Any(x => Folders(x.Split('/'), path.Split('/')));

    private static IEnumerable<string> WithoutBraces(string pattern)
    {
        var open = pattern.IndexOf('{', StringComparison.Ordinal);
        if (open < 0)
            return [pattern];
        var close = pattern.IndexOf('}', open);
        return pattern[(open + 1)..close]
            .Split(',')
            .SelectMany(x => WithoutBraces(pattern[..open] + x + pattern[(close + 1)..]));
    }

    private static bool Folders(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path)
    {
        if (pattern.IsEmpty)
            return path.IsEmpty;
        if (pattern[0] != "**")
            return !path.IsEmpty && Name(pattern[0], path[0]) && Folders(pattern[1..], path[1..]);
        if (pattern.Length == 1)
            return !path.IsEmpty;
        return Folders(pattern[1..], path) || (!path.IsEmpty && Folders(pattern, path[1..]));
    }

    private static bool Name(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        if (pattern.IsEmpty)
            return name.IsEmpty;
        switch (pattern[0])
        {
            case '*':
                return Name(pattern[1..], name) || (!name.IsEmpty && Name(pattern, name[1..]));
            case '?':
                return !name.IsEmpty && Name(pattern[1..], name[1..]);
            case '\\':
                return !name.IsEmpty && name[0] == pattern[1] && Name(pattern[2..], name[1..]);
            case '[':
                var close = pattern.IndexOf(']');
                return !name.IsEmpty && Class(pattern[1..close], name[0]) && Name(pattern[(close + 1)..], name[1..]);
            default:
                return !name.IsEmpty && name[0] == pattern[0] && Name(pattern[1..], name[1..]);
        }
    }

    /// <summary>Only the classes that the generator writes.</summary>
    private static bool Class(ReadOnlySpan<char> members, char c) =>
        members switch
        {
            "ab" or "a-b" => c is 'a' or 'b',
            "!a" => c != 'a',
            _ => throw new ArgumentException(members.ToString()),
        };
}
