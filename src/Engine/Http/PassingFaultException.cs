using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Recipes.Engine.Http;

/// <summary>An answer that may be another one a little later.</summary>
[SuppressMessage("Design", "CA1064", Justification = "It does not leave the retries.")]
internal sealed class PassingFaultException(string message, TimeSpan? pause) : Exception(message)
{
    /// <summary>The pause that the server asks for, or null.</summary>
    public TimeSpan? Pause => pause;

    /// <summary>True if the same request may be answered otherwise a little later.</summary>
    public static bool MayPass(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
        || (
            status >= HttpStatusCode.InternalServerError
            && status is not (HttpStatusCode.NotImplemented or HttpStatusCode.InsufficientStorage)
        );

    /// <summary>
    /// What <c>Retry-After</c> asks for, in seconds or as a date; null if it says nothing that can be meant.
    /// </summary>
    /// <remarks>RFC 9110, section 10.2.3.</remarks>
    public static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        if (!response.Headers.NonValidated.TryGetValues("Retry-After", out var values))
            return null;
        var text = values.First().Trim();
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? TimeSpan.FromSeconds(seconds)
                : TimeSpan.MaxValue;
        return
            DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            && date > now
            ? date - now
            : null;
    }
}
