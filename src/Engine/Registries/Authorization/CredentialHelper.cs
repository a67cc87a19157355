using System.ComponentModel;
using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;

namespace Recipes.Engine.Registries.Authorization;

/// <summary>A program <c>docker-credential-NAME</c> that keeps passwords.</summary>
/// <param name="name">As <c>config.json</c> names it.</param>
/// <param name="config">The file that names it, for messages.</param>
/// <remarks>The protocol: https://github.com/docker/docker-credential-helpers#development.</remarks>
internal sealed class CredentialHelper(string name, string config)
{
    private readonly string program = "docker-credential-" + name;

    /// <summary>Asks for the credential of a server; null if the helper has none.</summary>
    /// <exception cref="EngineException">The helper is missing or fails.</exception>
    public async Task<Credential?> GetAsync(string server, CancellationToken cancellationToken)
    {
        if (name.Contains('/', StringComparison.Ordinal))
            throw new EngineException(
                $"'{config}' names the credential helper '{name}', which is not the name of a program."
            );
        var run = await RunAsync(server, cancellationToken);
        // By the protocol, a helper says what is wrong on its standard output.
        if (run.ExitCode != 0 && run.StandardOutput.Contains("credentials not found", StringComparison.Ordinal))
            return null;
        if (run.ExitCode != 0)
            throw new EngineException(
                $"The credential helper '{program}' (of '{config}') fails for '{server}': "
                    + $"{(run.StandardOutput + run.StandardError).Trim()}"
            );
        try
        {
            using var answer = JsonDocument.Parse(run.StandardOutput);
            var user = answer.RootElement.GetProperty("Username").GetString()!;
            var secret = answer.RootElement.GetProperty("Secret").GetString()!;
            // So the protocol marks an identity token.
            return user == "<token>"
                ? new("", secret, IsIdentityToken: true, program)
                : new(user, secret, IsIdentityToken: false, program);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new EngineException(
                $"The credential helper '{program}' (of '{config}') does not answer as helpers do.",
                e
            );
        }
    }

    private async Task<BufferedCommandResult> RunAsync(string server, CancellationToken cancellationToken)
    {
        try
        {
            return await Cli.Wrap(program)
                .WithArguments(["get"])
                .WithStandardInputPipe(PipeSource.FromString(server))
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(cancellationToken);
        }
        catch (Win32Exception e)
        {
            throw new EngineException(
                $"'{config}' names the credential helper '{name}', but '{program}' is not on the PATH.",
                e
            );
        }
    }
}
