using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Http.Headers;

namespace Recipes.Engine.Registries;

/// <summary>A registry's answer that may be another one a little later.</summary>
[SuppressMessage("Design", "CA1064", Justification = "It does not leave the retry policy.")]
internal sealed class PassingFaultException(string message, RetryConditionHeaderValue? retryAfter) : Exception(message)
{
    /// <summary>The pause that the registry asks for, or zero.</summary>
    public TimeSpan Pause =>
        retryAfter?.Delta ?? (retryAfter?.Date is { } date && date > DateTimeOffset.UtcNow ? date - DateTimeOffset.UtcNow : default);
}

/// <summary>Tries requests again after faults that may pass, with longer and longer pauses.</summary>
internal sealed class RetryPolicy(string host, RegistryOptions options, IEngineObserver observer)
{
    /// <summary>Runs one request until it succeeds.</summary>
    /// <param name="name">Of what is requested, for events.</param>
    /// <param name="attempt">Makes the request; knows the number of the try, from 1.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    /// <exception cref="EngineException">It failed for good, or too often.</exception>
    public async Task<T> RunAsync<T>(string name, Func<int, Task<T>> attempt, CancellationToken cancellationToken)
    {
        var pause = options.FirstPause;
        for (var number = 1; ; number++)
        {
            string reason;
            var wished = TimeSpan.Zero;
            try
            {
                return await attempt(number);
            }
            catch (PassingFaultException e)
            {
                (reason, wished) = (e.Message, e.Pause);
                Check(number, reason, e);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException)
            {
                reason = Clause(e);
                Check(number, reason, e);
            }
            wished = wished > options.LongestPause ? options.LongestPause : wished;
            wished = wished > pause ? wished : pause;
            observer.On(new RequestRetried(name, reason, wished));
            await Task.Delay(wished, cancellationToken);
            pause *= 2;
        }
    }

    /// <summary>What a fault of the connection says, as one clause.</summary>
    public static string Clause(Exception fault) =>
        (fault is TimeoutException ? fault : fault.GetBaseException()).Message.TrimEnd('.');

    private void Check(int number, string reason, Exception fault)
    {
        if (number < options.Attempts)
            return;
        throw new EngineException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The registry '{host}' does not do what it is asked: {reason} (tried {number} times). Run the command again later; what it has is not sent again."
            ),
            fault
        );
    }
}
