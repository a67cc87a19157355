using Recipes.Engine.Building;
using Recipes.Engine.Content;
using Recipes.Engine.Sandboxes.Hosts;
using Recipes.Engine.Sources.Downloads;

namespace Recipes.Engine;

/// <summary>What a <see cref="Project"/> works with beside the recipes.</summary>
public sealed record ProjectOptions
{
    /// <summary>The store's folder, absolute; it is made when something has to be kept.</summary>
    public string Store { get; init; } = ContentStore.DefaultRoot;

    /// <summary>What runs builds; null for bubblewrap where it works, else Docker.</summary>
    public SandboxKind? Sandbox { get; init; }

    /// <summary>How to build.</summary>
    public BuildOptions Build { get; init; } = new();

    /// <summary>How to reach and check sources.</summary>
    public SourceOptions Sources { get; init; } = new();

    /// <summary>Reads an environment variable, for the endpoint of a Docker daemon.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>Is told what happens.</summary>
    public IEngineObserver Observer { get; init; } = SilentObserver.Instance;
}
