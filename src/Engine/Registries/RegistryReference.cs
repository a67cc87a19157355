using System.Net;
using System.Text.RegularExpressions;
using Recipes.Engine.Images;
using Recipes.Engine.Model;

namespace Recipes.Engine.Registries;

/// <summary>
/// A place for an image at a registry, written <c>HOST[:PORT]/REPOSITORY[:TAG]</c>. The registry is always named;
/// Docker Hub is <c>docker.io</c>.
/// </summary>
/// <remarks>
/// Names and tags: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pulling-manifests.
/// </remarks>
internal readonly partial record struct RegistryReference
{
    private const string Hub = "docker.io";
    private const int MaxName = 255;

    private RegistryReference(string host, string repository, string? tag) =>
        (Host, Repository, Tag) = (host, repository, tag);

    /// <summary>Host and port, as written.</summary>
    public string Host { get; }

    /// <summary>The repository's name at the registry.</summary>
    public string Repository { get; }

    /// <summary>The tag, or null if none was written.</summary>
    public string? Tag { get; }

    /// <summary>The host and port that answer for it: Docker Hub's registry has a name of its own.</summary>
    public string Endpoint => IsHub ? "registry-1.docker.io" : Host;

    /// <summary>Under which Docker's <c>config.json</c> and credential helpers know the registry.</summary>
    public string CredentialServer => IsHub ? "https://index.docker.io/v1/" : Host;

    /// <summary>True if the registry is on this machine, by its name.</summary>
    public bool IsLoopback
    {
        get
        {
            var name = Port().Replace(Host, "");
            return name == "localhost"
                || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
                || (IPAddress.TryParse(name.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
        }
    }

    private bool IsHub => Host is Hub;

    /// <summary>The same place with a tag.</summary>
    public RegistryReference WithTag(string tag) => new(Host, Repository, tag);

    /// <summary>Reads a reference.</summary>
    /// <exception cref="FormatException">It is none; the message says why and what to write.</exception>
    public static RegistryReference Parse(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
            throw Fault(text, $"leave out '{text[..(scheme + 3)]}'");
        if (text.Contains('@', StringComparison.Ordinal))
            throw Fault(text, "an image is pushed to a tag, not to a digest");
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? "" : text[..slash];
        if (host != "localhost" && !host.AsSpan().ContainsAny('.', ':'))
            throw Fault(
                text,
                $"the registry is missing; of Docker Hub it would be {Hub}/{(slash < 0 ? "USER/" : "")}{text}"
            );
        if (!ImageName.IsHost(host))
            throw Fault(text, $"'{host}' is not of the form HOST[:PORT]");
        var (repository, tag) = SplitTag(text[(slash + 1)..]);
        if (!ImageName.IsRepository(repository) || host.Length + 1 + repository.Length > MaxName)
            throw Fault(text, $"'{repository}' is not a repository name: {ImageName.RepositoryRule}");
        if (tag is not null && !ImageName.IsTag(tag))
            throw Fault(text, $"'{tag}' is not a tag: {ImageName.TagRule}");
        if (host == Hub && !repository.Contains('/', StringComparison.Ordinal))
            repository = "library/" + repository;
        return new(host, repository, tag);
    }

    /// <summary>As it is written; with Docker Hub's <c>library/</c> where that was left out.</summary>
    public override string ToString() => $"{Host}/{Repository}{(Tag is null ? "" : ":" + Tag)}";

    private static (string Repository, string? Tag) SplitTag(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (text, null) : (text[..colon], text[(colon + 1)..]);
    }

    private static FormatException Fault(string text, string reason) =>
        new($"'{text}' is not a place for an image (REGISTRY/REPOSITORY[:TAG]): {reason}");

    [GeneratedRegex(@":[0-9]{1,5}\z")]
    private static partial Regex Port();
}
