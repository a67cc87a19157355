using System.Diagnostics.CodeAnalysis;
using Polly;
using Polly.Retry;

namespace Recipes.Engine.Http;

/// <summary>It failed for good, or too often.</summary>
/// <param name="reason">One clause.</param>
/// <param name="tries">How often.</param>
/// <param name="fault">The last fault.</param>
[SuppressMessage("Design", "CA1064", Justification = "Who tries turns it into a message.")]
internal sealed class GaveUpException(string reason, int tries, Exception fault) : Exception(reason, fault)
{
    /// <summary>How often it was tried.</summary>
    public int Tries => tries;
}

/// <summary>
/// Tries again after faults that may pass, with longer and longer pauses, or those that the server asks for.
/// </summary>
/// <param name="options">How often, and how long.</param>
/// <param name="observer">Is told of each further try.</param>
internal sealed class Retries(TransferOptions options, IEngineObserver observer)
{
    /// <summary>A server that is too slow twice is so the third time.</summary>
    private const int Timeouts = 2;

    /// <summary>Runs one request until it succeeds.</summary>
    /// <param name="name">Of what is requested, for events.</param>
    /// <param name="attempt">Makes the request; knows the number of the try, from 1.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    /// <exception cref="GaveUpException">It failed too often.</exception>
    public async Task<T> RunAsync<T>(string name, Func<int, Task<T>> attempt, CancellationToken cancellationToken)
    {
        var (tries, timeouts, paused) = (0, 0, TimeSpan.Zero);
        var pipeline = Pipeline(
            name,
            e => e is not TimeoutException || ++timeouts < Timeouts,
            x => (paused += x) <= options.MaxPauses
        );
        try
        {
            return await pipeline.ExecuteAsync(async _ => await attempt(++tries), cancellationToken);
        }
        catch (Exception e) when (MayPass(e))
        {
            throw new GaveUpException(Clause(e), tries, e);
        }
    }

    /// <summary>What a fault of the connection says, as one clause.</summary>
    public static string Clause(Exception fault) =>
        (fault is TimeoutException ? fault : fault.GetBaseException()).Message.TrimEnd('.');

    private ResiliencePipeline Pipeline(string name, Func<Exception, bool> mayTryAgain, Func<TimeSpan, bool> mayPause)
    {
        if (options.Attempts <= 1)
            return ResiliencePipeline.Empty;
        return new ResiliencePipelineBuilder()
            .AddRetry(
                new RetryStrategyOptions
                {
                    MaxRetryAttempts = options.Attempts - 1,
                    ShouldHandle = x =>
                        ValueTask.FromResult(
                            x.Outcome.Exception is { } e
                                && MayPass(e)
                                && x.AttemptNumber < options.Attempts - 1
                                && mayTryAgain(e)
                                && mayPause(Pause(e, x.AttemptNumber))
                        ),
                    DelayGenerator = x => ValueTask.FromResult<TimeSpan?>(Pause(x.Outcome.Exception!, x.AttemptNumber)),
                    OnRetry = x =>
                    {
                        observer.On(new RequestRetried(name, Clause(x.Outcome.Exception!), x.RetryDelay));
                        return ValueTask.CompletedTask;
                    },
                }
            )
            .Build();
    }

    /// <summary>Our own pause, or the server's where that is longer, though not any length.</summary>
    private TimeSpan Pause(Exception fault, int number)
    {
        var own = options.FirstPause * Math.Pow(2, Math.Min(number, 10));
        var wished = (fault as PassingFaultException)?.Pause ?? TimeSpan.Zero;
        wished = wished < options.MaxPause ? wished : options.MaxPause;
        return wished > own ? wished : own;
    }

    private static bool MayPass(Exception fault) =>
        fault is PassingFaultException or HttpRequestException or TimeoutException;
}
