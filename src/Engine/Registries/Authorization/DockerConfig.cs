using System.Text;
using System.Text.Json;

namespace Recipes.Engine.Registries.Authorization;

/// <summary>
/// The credentials that <c>docker login</c> keeps: in <c>config.json</c> itself, or with a credential helper that it
/// names.
/// </summary>
/// <remarks>https://docs.docker.com/reference/cli/docker/login/#credential-stores.</remarks>
internal sealed class DockerConfig(string folder)
{
    private readonly string file = Path.Join(folder, "config.json");

    /// <summary>The credential for a registry, or null.</summary>
    /// <param name="server">As the file names it: host and port, or Docker Hub's URL.</param>
    /// <param name="cancellationToken">Ends the helper.</param>
    /// <exception cref="EngineException">The file cannot be read, or the helper fails.</exception>
    public async Task<Credential?> FindAsync(string server, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
            return null;
        using var document = Read();
        var root = document.RootElement;
        var helper = Text(Member(root, "credHelpers"), server) ?? Text(root, "credsStore");
        if (
            helper is { Length: > 0 }
            && await new CredentialHelper(helper, file).GetAsync(server, cancellationToken) is { } found
        )
            return found;
        var entry = Entry(Member(root, "auths"), server);
        return entry is { } known ? Decode(known, server) : null;
    }

    private JsonDocument Read()
    {
        try
        {
            var document = JsonDocument.Parse(File.ReadAllBytes(file));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
            throw new EngineException($"'{file}' is not what Docker writes: no JSON object.");
        }
        catch (JsonException e)
        {
            throw new EngineException($"'{file}' is not JSON: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"'{file}' cannot be read: {e.Message}", e);
        }
    }

    // Old entries are URLs with a version behind the host.
    private static JsonElement? Entry(JsonElement? auths, string server)
    {
        if (auths is not { ValueKind: JsonValueKind.Object } all)
            return null;
        if (all.TryGetProperty(server, out var exact))
            return exact;
        foreach (var entry in all.EnumerateObject())
            if (entry.Name.Split("://")[^1].Split('/')[0] == server)
                return entry.Value;
        return null;
    }

    private Credential? Decode(JsonElement entry, string server)
    {
        if (Text(entry, "identitytoken") is { Length: > 0 } token)
            return new("", token, IsIdentityToken: true, file);
        if (Text(entry, "auth") is not { Length: > 0 } encoded)
            return null;
        var bytes = new byte[encoded.Length];
        var pair = Convert.TryFromBase64String(encoded, bytes, out var length)
            ? Encoding.UTF8.GetString(bytes, 0, length)
            : "";
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            ? new(pair[..colon], pair[(colon + 1)..].TrimEnd('\0'), IsIdentityToken: false, file)
            : throw new EngineException($"'{file}' has a damaged 'auth' for '{server}'. Run: docker login {server}");
    }

    private static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out var value)
            ? value
            : null;

    private static string? Text(JsonElement? element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
}
