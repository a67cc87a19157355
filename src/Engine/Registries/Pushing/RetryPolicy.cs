using System.Globalization;
using Recipes.Engine.Http;

namespace Recipes.Engine.Registries.Pushing;

/// <summary>Tries requests to a registry again after faults that may pass.</summary>
internal sealed class RetryPolicy(string host, RegistryOptions options, IEngineObserver observer)
{
    private readonly Retries retries = new(options, observer);

    /// <summary>Runs one request until it succeeds.</summary>
    /// <param name="name">Of what is requested, for events.</param>
    /// <param name="attempt">Makes the request; knows the number of the try, from 1.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    /// <exception cref="EngineException">It failed for good, or too often.</exception>
    public async Task<T> RunAsync<T>(string name, Func<int, Task<T>> attempt, CancellationToken cancellationToken)
    {
        try
        {
            return await retries.RunAsync(name, attempt, cancellationToken);
        }
        catch (GaveUpException e)
        {
            throw new EngineException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The registry '{host}' does not do what it is asked: {e.Message} (tried {e.Tries} times). Run "
                        + $"the command again later; what it has is not sent again."
                ),
                e
            );
        }
        catch (RedirectException e)
        {
            throw new EngineException($"The registry '{host}' does not do what it is asked: {e.Message}.", e);
        }
    }
}
