namespace Recipes.Engine.Sources.Git;

/// <summary>
/// Where a submodule of somebody else's repository is fetched from. Its URL is a stranger's word, so it may name a
/// server, and a place of this machine only where the repository itself is one.
/// </summary>
/// <remarks>See <c>url</c> in gitmodules(5), and "GIT URLS" in git-fetch(1).</remarks>
internal static class SubmoduleUrl
{
    private const string Local = "file://";

    private static readonly string[] Servers = ["https://", "http://", "ssh://", "git://"];

    /// <summary>The URL to fetch from; null where none may be.</summary>
    /// <param name="parent">That of the repository whose submodule it is.</param>
    /// <param name="url">As <c>.gitmodules</c> has it; relative to the parent, or whole.</param>
    public static string? Resolve(string parent, string url)
    {
        if (IsRelative(url))
            return Join(parent.TrimEnd('/'), url);
        if (Servers.Any(x => url.StartsWith(x, StringComparison.OrdinalIgnoreCase)))
            return url;
        if (url.StartsWith(Local, StringComparison.Ordinal))
            return IsLocal(parent) ? url : null;
        if (url.StartsWith('/'))
            return IsLocal(parent) ? Local + url : null;
        // user@host:path, which only ssh reads.
        var colon = url.IndexOf(':', StringComparison.Ordinal);
        var isScp =
            colon > 0
            && !url.StartsWith('-')
            && !url.AsSpan(0, colon).Contains('/')
            && !url.AsSpan(colon).StartsWith("::");
        return isScp ? $"ssh://{url[..colon]}/{url[(colon + 1)..].TrimStart('/')}" : null;
    }

    private static bool IsLocal(string url) => url.StartsWith(Local, StringComparison.Ordinal);

    private static bool IsRelative(string url) =>
        url.StartsWith("./", StringComparison.Ordinal) || url.StartsWith("../", StringComparison.Ordinal);

    private static string? Join(string parent, string url)
    {
        while (IsRelative(url))
        {
            if (url.StartsWith("../", StringComparison.Ordinal))
            {
                var slash = parent.LastIndexOf('/');
                // The host is no part of the path.
                if (slash <= parent.IndexOf("://", StringComparison.Ordinal) + 2)
                    return null;
                parent = parent[..slash];
                url = url[3..];
            }
            else
                url = url[2..];
        }
        return $"{parent}/{url}";
    }
}
