using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Recipes.Engine.Registries.Authorization;

/// <summary>How a registry wants to be asked: HTTP Basic, or a bearer token from a token service.</summary>
/// <param name="Realm">The token service; null for Basic.</param>
/// <param name="Service">The registry's name there; empty if it has none.</param>
/// <remarks>
/// RFC 9110, section 11.6.1, and https://distribution.github.io/distribution/spec/auth/token/.
/// </remarks>
internal sealed partial record Challenge(Uri? Realm, string Service)
{
    /// <summary>The first challenge of an answer 401 that we can meet, or null.</summary>
    public static Challenge? Of(HttpResponseMessage response) =>
        response.Headers.WwwAuthenticate.Select(Read).OfType<Challenge>().FirstOrDefault();

    private static Challenge? Read(AuthenticationHeaderValue header)
    {
        if (header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
            return new(null, "");
        if (!header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            return null;
        var parameters = Parameter()
            .Matches(header.Parameter ?? "")
            .DistinctBy(x => x.Groups["name"].Value, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(
                x => x.Groups["name"].Value,
                x => x.Groups["value"].Value.Replace("\\", "", StringComparison.Ordinal),
                StringComparer.OrdinalIgnoreCase
            );
        return
            Uri.TryCreate(parameters.GetValueOrDefault("realm"), UriKind.Absolute, out var realm)
            && (realm.Scheme == Uri.UriSchemeHttps || realm.Scheme == Uri.UriSchemeHttp)
            ? new(realm, parameters.GetValueOrDefault("service") ?? "")
            : null;
    }

    [GeneratedRegex(
        """(?<name>[A-Za-z0-9_-]+)\s*=\s*(?:"(?<value>(?:[^"\\]|\\.)*)"|(?<value>[^\s,"]+))""",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex Parameter();
}
