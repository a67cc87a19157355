using Recipes.Engine.Http;

namespace Recipes.Engine.Registries;

/// <summary>How registries are spoken to.</summary>
internal sealed record RegistryOptions : TransferOptions
{
    /// <summary>
    /// More patience than a download has: a registry may take its time over a large blob before it answers.
    /// </summary>
    public RegistryOptions() => (StallTimeout, Attempts) = (TimeSpan.FromMinutes(1), 5);

    /// <summary>Allows plain HTTP to a registry on another machine, where it offers no TLS.</summary>
    public bool AllowsPlainHttp { get; init; }

    /// <summary>Blobs at once.</summary>
    public int Uploads { get; init; } = 3;

    /// <summary>Bytes sent by one request, at most, unless the registry wants more.</summary>
    public int ChunkSize { get; init; } = 16 << 20;

    /// <summary>
    /// The folder of Docker's <c>config.json</c>; by default <c>$DOCKER_CONFIG</c>, else <c>~/.docker</c>.
    /// </summary>
    public string DockerConfigFolder { get; init; } =
        Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } folder
            ? folder
            : Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker");
}
