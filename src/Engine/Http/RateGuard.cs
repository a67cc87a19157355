using System.Diagnostics;
using System.Globalization;

namespace Recipes.Engine.Http;

/// <summary>
/// Watches the bytes of one answer: so many in each window of time, and all of them within what their number allows.
/// The window is judged at its end alone, so that a burst may be followed by a rest.
/// </summary>
internal sealed class RateGuard : IDisposable
{
    private readonly TransferOptions options;
    private readonly CancellationToken cancellationToken;
    private readonly CancellationTokenSource limit;
    private readonly long? total;
    private readonly long start = Stopwatch.GetTimestamp();
    private TimeSpan windowEnd;
    private long inWindow;
    private long moved;

    /// <param name="options">The limits.</param>
    /// <param name="total">Bytes to come, or null if the server does not say.</param>
    /// <param name="cancellationToken">Ends it from outside.</param>
    public RateGuard(TransferOptions options, long? total, CancellationToken cancellationToken)
    {
        (this.options, this.total, this.cancellationToken) = (options, total, cancellationToken);
        limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        windowEnd = options.StallTimeout;
    }

    /// <summary>Reads what comes next.</summary>
    /// <returns>How many bytes; 0 at the end.</returns>
    /// <exception cref="TimeoutException">
    /// Too little came, or all of it takes too long; the message is a clause.
    /// </exception>
    public async ValueTask<int> ReadAsync(Stream body, Memory<byte> buffer)
    {
        var deadline = Deadline();
        limit.CancelAfter(Positive(deadline.Time - Elapsed));
        try
        {
            var read = await body.ReadAsync(buffer, limit.Token);
            moved += read;
            inWindow += read;
            // A pause between two bytes is not noticed by the timer alone.
            deadline = Deadline();
            return read == 0 || Elapsed < deadline.Time ? read : throw Fault(deadline.IsWhole, null);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Fault(deadline.IsWhole, e);
        }
    }

    /// <summary>As messages say it.</summary>
    public static string Seconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");

    /// <inheritdoc/>
    public void Dispose() => limit.Dispose();

    private TimeSpan Elapsed => Stopwatch.GetElapsedTime(start);

    private TimeSpan Whole =>
        options.AttemptTime + TimeSpan.FromSeconds((double)(total ?? moved) / options.AttemptRate);

    private long Least => (long)Math.Max(1, options.MinimumRate * options.StallTimeout.TotalSeconds);

    /// <summary>When too little has come, and whether that is for the whole or for a window.</summary>
    private (TimeSpan Time, bool IsWhole) Deadline()
    {
        if (inWindow >= Least && Elapsed >= windowEnd)
            (windowEnd, inWindow) = (Elapsed + options.StallTimeout, 0);
        var window = inWindow >= Least ? windowEnd + options.StallTimeout : windowEnd;
        return window < Whole ? (window, false) : (Whole, true);
    }

    private TimeoutException Fault(bool isWhole, Exception? inner) =>
        new(
            isWhole ? string.Create(CultureInfo.InvariantCulture, $"only {moved} bytes came in {Seconds(Whole)}")
                : inWindow == 0 ? $"no data received for {Seconds(options.StallTimeout)}"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"only {inWindow} bytes came in {Seconds(options.StallTimeout)}"
                ),
            inner
        );

    private static TimeSpan Positive(TimeSpan time) =>
        time > TimeSpan.FromMilliseconds(1) ? time : TimeSpan.FromMilliseconds(1);
}
