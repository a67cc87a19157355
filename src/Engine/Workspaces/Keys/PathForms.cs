namespace Recipes.Engine.Workspaces.Keys;

/// <summary>The forms of paths and URLs in a recipe.</summary>
internal static class PathForms
{
    public static ValueForm Relative { get; } = new("path", RelativeFault);

    public static ValueForm Absolute { get; } =
        new("path", x => x.StartsWith('/') ? RelativeFault(x[1..]) : "it has to be absolute, with '/' at its start");

    /// <summary>As <see cref="Relative"/>, or <c>.</c> for the whole.</summary>
    public static ValueForm Folder { get; } = new("path", x => x == "." ? null : RelativeFault(x));

    /// <summary>As <see cref="Absolute"/>, or <c>/</c> itself.</summary>
    public static ValueForm Directory { get; } = new("path", x => x == "/" ? null : Absolute.Fault(x));

    public static ValueForm WebPage { get; } = new("URL", x => UrlFault(x, "https", "http"));

    public static ValueForm Archive { get; } = new("URL", ArchiveFault);

    public static ValueForm Mirror { get; } = new("mirror", ArchiveFault);

    public static ValueForm Git { get; } = new("URL", x => UrlFault(x, "https", "http", "ssh", "git", "file"));

    private static string? RelativeFault(string value)
    {
        if (value.Length == 0)
            return "it is empty";
        if (value.Contains('\0', StringComparison.Ordinal))
            return "it has a NUL character";
        foreach (var name in value.Split('/'))
        {
            if (name.Length == 0)
                return value.StartsWith('/')
                    ? "it has to be relative; leave out the '/' at its start"
                    : "it has an empty name";
            if (name is "." or "..")
                return "'.' and '..' are not allowed in it";
        }
        return null;
    }

    private static string? ArchiveFault(string value)
    {
        const string Debian = "debian:";
        if (value.StartsWith(Debian, StringComparison.Ordinal))
        {
            var path = value[Debian.Length..];
            return path.StartsWith("pool/", StringComparison.Ordinal) && RelativeFault(path) is null
                ? null
                : "write a path of the archive's pool, such as 'debian:pool/main/z/zlib/zlib_1.3.1.orig.tar.gz'";
        }
        if (
            value.StartsWith("file:", StringComparison.Ordinal) && !value.StartsWith("file:/", StringComparison.Ordinal)
        )
            return RelativeFault(value["file:".Length..]);
        return UrlFault(value, "https", "http", "file", "debian");
    }

    private static string? UrlFault(string value, params ReadOnlySpan<string> schemes)
    {
        if (value.Any(x => char.IsWhiteSpace(x) || char.IsControl(x)))
            return "it has a space or a control character";
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !schemes.Contains(value[..colon]))
            return $"it has to begin with {Join(schemes)}";
        return Uri.TryCreate(value, UriKind.Absolute, out var uri) && (uri.Host.Length > 0 || uri.IsFile)
            ? null
            : "it is not a URL";
    }

    private static string Join(ReadOnlySpan<string> schemes)
    {
        var all = schemes.ToArray().Select(x => x + ":").ToArray();
        return all.Length == 1 ? all[0] : $"{string.Join(", ", all[..^1])} or {all[^1]}";
    }
}
