using System.Collections.Concurrent;

namespace Recipes.Engine.Sources;

/// <summary>
/// Runs one task for all who ask for the same thing at once. A failure is told to all of them and not remembered.
/// </summary>
internal sealed class SingleFlight<TKey>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<Task>> running = new();

    /// <param name="key">Names the thing.</param>
    /// <param name="work">Does it; cancelled with the first who asked.</param>
    /// <param name="cancellationToken">Of this caller; another who still wants the thing starts anew.</param>
    public async Task RunAsync(TKey key, Func<Task> work, CancellationToken cancellationToken)
    {
        while (true)
        {
            var task = running.GetOrAdd(key, _ => new Lazy<Task>(work));
            try
            {
                await task.Value.WaitAsync(cancellationToken);
                return;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // The first who asked no longer wants it; we do.
            }
            finally
            {
                if (task.Value.IsCompleted)
                    running.TryRemove(KeyValuePair.Create(key, task));
            }
        }
    }
}
