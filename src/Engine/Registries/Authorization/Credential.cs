using System.Net.Http.Headers;
using System.Text;

namespace Recipes.Engine.Registries.Authorization;

/// <summary>What someone proves to a registry who they are with.</summary>
/// <param name="User">The name; empty beside an identity token.</param>
/// <param name="Secret">The password, or the identity token.</param>
/// <param name="IsIdentityToken">True if the secret is an OAuth2 refresh token.</param>
/// <param name="Origin">The file or program that it comes from, for messages.</param>
internal sealed record Credential(string User, string Secret, bool IsIdentityToken, string Origin)
{
    /// <summary>HTTP Basic authentication: RFC 7617.</summary>
    public AuthenticationHeaderValue Basic =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Secret}")));

    /// <summary>Says whose credentials they are, and never the secret.</summary>
    public override string ToString() =>
        IsIdentityToken ? $"the identity token of {Origin}" : $"the credentials of '{User}' in {Origin}";
}
