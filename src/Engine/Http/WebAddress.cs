namespace Recipes.Engine.Http;

/// <summary>Where requests go, and where answers send them.</summary>
internal static class WebAddress
{
    /// <summary>True for <c>http:</c> and <c>https:</c> with a host.</summary>
    public static bool IsWeb(Uri address) =>
        address.IsAbsoluteUri
        && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && address.Host.Length > 0;

    /// <summary>Scheme, host and port: what credentials are for.</summary>
    public static string Origin(Uri address) =>
        address.GetLeftPart(UriPartial.Scheme) + address.IdnHost + ":" + address.Port;

    /// <summary>True if both are of one scheme, host and port.</summary>
    public static bool IsSameOrigin(Uri one, Uri other) =>
        string.Equals(Origin(one), Origin(other), StringComparison.OrdinalIgnoreCase);

    /// <summary>What <c>Location</c> says, relative to the address that answered; null without one.</summary>
    /// <exception cref="RedirectException">It is not an address that can be asked.</exception>
    public static Uri? Location(HttpResponseMessage response)
    {
        // As it was sent: the parsed header takes a path for a file of this machine, or is null.
        if (!response.Headers.NonValidated.TryGetValues("Location", out var values))
            return null;
        var text = values.First();
        if (!Uri.TryCreate(response.RequestMessage!.RequestUri!, text, out var address))
            throw new RedirectException($"it sends to '{text}', which is not an address");
        return IsWeb(address)
            ? address
            : throw new RedirectException(
                $"it sends to '{text}', and '{address.Scheme}:' is not followed; only https: and http: are"
            );
    }
}
