using System.Threading.Channels;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Model;

namespace Recipes.Engine.Building.Running;

/// <summary>
/// Brings sources into the store ahead of their builds, one after the other in the order of the plan, so that
/// downloading and unpacking overlap with building. A fault is left to the build that needs the source, which asks
/// again and reports it.
/// </summary>
internal sealed class SourcePrefetch : IAsyncDisposable
{
    private readonly Channel<Recipe> wishes = Channel.CreateUnbounded<Recipe>();
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private readonly CancellationTokenSource ending;
    private readonly Task work;

    public SourcePrefetch(ISourceTrees sources, CancellationToken cancellationToken)
    {
        ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        work = Task.Run(() => WorkAsync(sources, ending.Token), CancellationToken.None);
    }

    /// <summary>Asks for the sources of some recipes.</summary>
    public void Want(IEnumerable<Recipe> recipes)
    {
        lock (gate)
        {
            foreach (var recipe in recipes.Where(x => known.Add(x.Name)))
                wishes.Writer.TryWrite(recipe);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        wishes.Writer.Complete();
        await work;
        ending.Dispose();
    }

    private async Task WorkAsync(ISourceTrees sources, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var recipe in wishes.Reader.ReadAllAsync(cancellationToken))
            {
                try
                {
                    await sources.EnsureAsync(recipe, cancellationToken);
                }
                catch (EngineException)
                {
                    // The build that needs it reports it.
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The plan ended first.
        }
    }
}
