using System.Text.RegularExpressions;

namespace Recipes.Engine.Model;

/// <summary>A name that a container engine knows an image by: <c>[HOST[:PORT]/]REPOSITORY[:TAG]</c>.</summary>
/// <remarks>
/// Repositories and tags: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pulling-manifests;
/// the host before them: https://pkg.go.dev/github.com/distribution/reference.
/// </remarks>
internal readonly partial record struct ImageName
{
    /// <summary>The tag of a name without one.</summary>
    public const string DefaultTag = "latest";

    private ImageName(string repository, string tag) => (Repository, Tag) = (repository, tag);

    /// <summary>With the host, if there is one.</summary>
    public string Repository { get; }

    /// <summary>The tag.</summary>
    public string Tag { get; }

    /// <summary>Reads a name; without a tag it gets <see cref="DefaultTag"/>, as everywhere.</summary>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static ImageName Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        var (repository, tag) =
            colon > text.LastIndexOf('/') ? (text[..colon], text[(colon + 1)..]) : (text, DefaultTag);
        var slash = repository.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : repository[..slash];
        var hasHost =
            IsHost(first)
            && (first == "localhost" || first.AsSpan().ContainsAny('.', ':') || first.Any(char.IsAsciiLetterUpper));
        if (!IsRepository(hasHost ? repository[(slash + 1)..] : repository))
            throw new FormatException(
                $"'{text}' is not a name for an image ([HOST[:PORT]/]REPOSITORY[:TAG]): {RepositoryRule}"
            );
        return IsTag(tag)
            ? new(repository, tag)
            : throw new FormatException(
                $"'{text}' is not a name for an image ([HOST[:PORT]/]REPOSITORY[:TAG]): '{tag}' is not a tag: {TagRule}"
            );
    }

    /// <summary>The repository of an image of ours: registries know no <c>+</c>.</summary>
    /// <param name="recipe">The name of its recipe.</param>
    public static string RepositoryOf(string recipe) => recipe.Replace('+', '_');

    /// <summary>Repository and tag.</summary>
    public override string ToString() => $"{Repository}:{Tag}";

    internal const string RepositoryRule =
        "a repository has lower case letters, digits and single '.', '_' or '-' between them, in parts with '/' "
        + "between them";

    internal const string TagRule = "at most 128 letters, digits, '_', '.' and '-', the first of them no '.' or '-'";

    internal static bool IsHost(string text) => HostForm().IsMatch(text);

    internal static bool IsRepository(string text) => RepositoryForm().IsMatch(text);

    internal static bool IsTag(string text) => TagForm().IsMatch(text);

    [GeneratedRegex(@"\A(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)(:[0-9]{1,5})?\z")]
    private static partial Regex HostForm();

    [GeneratedRegex(@"\A[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*\z")]
    private static partial Regex RepositoryForm();

    [GeneratedRegex(@"\A[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z")]
    private static partial Regex TagForm();
}
