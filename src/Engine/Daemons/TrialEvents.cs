using System.Collections.Immutable;

namespace Recipes.Engine.Daemons;

/// <summary>A port of a container, and where it is reached.</summary>
/// <param name="Port">Inside, such as <c>5432/tcp</c>.</param>
/// <param name="Address">Address and port on the daemon's machine, such as <c>127.0.0.1:49153</c>.</param>
internal sealed record PublishedPort(string Port, string Address);

/// <summary>A container runs.</summary>
/// <param name="Name">The image's recipe.</param>
/// <param name="Container">The container's id.</param>
/// <param name="Ports">All that the image declares.</param>
internal sealed record TrialStarted(string Name, string Container, ImmutableArray<PublishedPort> Ports) : EngineEvent;

/// <summary>Its healthcheck succeeded.</summary>
/// <param name="Name">The image's recipe.</param>
/// <param name="Elapsed">Since the start.</param>
internal sealed record TrialHealthy(string Name, TimeSpan Elapsed) : EngineEvent;

/// <summary>Its program ended; the container is removed next.</summary>
/// <param name="Name">The image's recipe.</param>
/// <param name="ExitCode">Of the program.</param>
internal sealed record TrialEnded(string Name, int ExitCode) : EngineEvent;
