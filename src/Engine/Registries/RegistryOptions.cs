namespace Recipes.Engine.Registries;

/// <summary>How registries are spoken to.</summary>
public sealed record RegistryOptions
{
    /// <summary>Allows plain HTTP to a registry on another machine, where it offers no TLS.</summary>
    public bool AllowsPlainHttp { get; init; }

    /// <summary>How long a connection may take, TLS included.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long a request may stand still before it is tried again.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Tries of one request after faults that may pass.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>The pause before the second try; each further one is twice as long, unless the registry asks for more.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest pause that a registry may ask for.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Blobs at once.</summary>
    public int Uploads { get; init; } = 3;

    /// <summary>Bytes sent by one request, at most, unless the registry wants more.</summary>
    public int ChunkSize { get; init; } = 16 << 20;

    /// <summary>The folder of Docker's <c>config.json</c>; by default <c>$DOCKER_CONFIG</c>, else <c>~/.docker</c>.</summary>
    public string DockerConfigFolder { get; init; } =
        Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } folder
            ? folder
            : Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker");
}
