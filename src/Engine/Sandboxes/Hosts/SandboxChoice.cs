using Recipes.Engine.Content;
using Recipes.Engine.Sandboxes.Bubblewrap;
using Recipes.Engine.Sandboxes.Docker;

namespace Recipes.Engine.Sandboxes.Hosts;

/// <summary>The kinds of sandboxes.</summary>
public enum SandboxKind
{
    /// <summary>On this machine, without a daemon.</summary>
    Bubblewrap,

    /// <summary>In containers of a Docker daemon.</summary>
    Docker,
}

/// <summary>
/// The sandbox that was asked for; without a wish bubblewrap where it works, else Docker. It is chosen when the first
/// action runs, so what needs no sandbox needs no host that has one.
/// </summary>
/// <param name="store">Holds the trees.</param>
/// <param name="kind">The wish, or null.</param>
/// <param name="variable">Reads an environment variable, for the daemon's endpoint.</param>
internal sealed class SandboxChoice(ContentStore store, SandboxKind? kind, Func<string, string?> variable)
    : ISandbox,
        IDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private ISandbox? chosen;

    /// <inheritdoc/>
    public string Name => chosen?.Name ?? "not yet chosen";

    /// <summary>What to believe of this host in place of trying; for tests.</summary>
    internal SandboxProbe? Probe { get; init; }

    /// <inheritdoc/>
    public async Task<SandboxResult> RunAsync(
        SandboxRequest request,
        Stream log,
        CancellationToken cancellationToken
    ) => await (await ChooseAsync(cancellationToken)).RunAsync(request, log, cancellationToken);

    /// <summary>Makes the choice; it is made once.</summary>
    /// <exception cref="EngineException">Neither works: says why, and how to fix it.</exception>
    public async Task<ISandbox> ChooseAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            return chosen ??= await MakeAsync(cancellationToken);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        (chosen as IDisposable)?.Dispose();
        gate.Dispose();
    }

    private async Task<ISandbox> MakeAsync(CancellationToken cancellationToken)
    {
        if (kind == SandboxKind.Bubblewrap)
            return new BubblewrapSandbox(store);
        if (kind == SandboxKind.Docker)
            return new DockerSandbox(store, DockerEndpoint.Find(variable));
        return await FindAsync(cancellationToken);
    }

    private async Task<ISandbox> FindAsync(CancellationToken cancellationToken)
    {
        var bubblewrap = new BubblewrapSandbox(store);
        var probe = Probe ?? await bubblewrap.ProbeAsync();
        if (probe.IsUsable)
            return bubblewrap;
        try
        {
            var endpoint = DockerEndpoint.Find(variable);
            (await DockerConnection.OpenAsync(endpoint, cancellationToken)).Dispose();
            return new DockerSandbox(store, endpoint);
        }
        catch (EngineException e)
        {
            throw new EngineException(
                $"{probe.Complaint}\nDocker cannot take its place: {e.Text}\n"
                    + $"To find out more, {new Remedy(RemedyKind.CheckHost)}.",
                e
            );
        }
    }
}
