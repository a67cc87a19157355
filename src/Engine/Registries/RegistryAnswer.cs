using System.Globalization;
using System.Net;
using System.Text.Json;
using Recipes.Engine.Http;

namespace Recipes.Engine.Registries;

/// <summary>What a registry says when it does not do what it is asked.</summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#error-codes.</remarks>
internal static class RegistryAnswer
{
    /// <summary>Bytes of an answer that is only for people.</summary>
    public const int MaxBody = 1 << 16;

    private const int MaxText = 300;

    /// <summary>
    /// Status and error codes as one clause: <c>403 Forbidden (DENIED: requested access is denied)</c>.
    /// </summary>
    /// <param name="response">Its body may be unread.</param>
    /// <param name="time">How long the body may take.</param>
    /// <param name="cancellationToken">Ends reading it.</param>
    public static async Task<string> DescribeAsync(
        HttpResponseMessage response,
        TimeSpan time,
        CancellationToken cancellationToken
    )
    {
        var status = string.Create(CultureInfo.InvariantCulture, $"{(int)response.StatusCode} {response.ReasonPhrase}")
            .TrimEnd();
        var body = await ReadAsync(response, time, cancellationToken);
        var errors = Errors(body);
        var text =
            errors.Length > 0 ? errors
            : IsText(response) ? body.Split('\n')[0].Trim()
            : "";
        text = text.Length > MaxText ? text[..MaxText] + "…" : text;
        return text.Length == 0 ? status : $"{status} ({text.TrimEnd('.')})";
    }

    private static bool IsText(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType is null or "text/plain" or "application/json";

    private static string Errors(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (
                document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("errors", out var errors)
                || errors.ValueKind != JsonValueKind.Array
            )
                return "";
            return string.Join(
                "; ",
                errors.EnumerateArray().Where(x => x.ValueKind == JsonValueKind.Object).Select(Error)
            );
        }
        // A string may hold half a character, which is found when it is taken.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return "";
        }
    }

    private static string Error(JsonElement error) =>
        Member(error, "code") is { Length: > 0 } code && Member(error, "message") is { Length: > 0 } message
            ? $"{code}: {message}"
            : Member(error, "code") + Member(error, "message");

    private static string Member(JsonElement error, string name) =>
        error.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static async Task<string> ReadAsync(
        HttpResponseMessage response,
        TimeSpan time,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return (await SmallBody.ReadAsync(response, MaxBody, time, cancellationToken)).Text;
        }
        // The status says enough.
        catch (Exception e) when (e is HttpRequestException or TimeoutException)
        {
            return "";
        }
    }
}
