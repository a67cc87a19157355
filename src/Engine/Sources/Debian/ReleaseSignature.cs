using System.ComponentModel;
using CliWrap;
using CliWrap.Buffered;

namespace Recipes.Engine.Sources.Debian;

/// <summary>Lets the host's gpgv judge an <c>InRelease</c> by the host's own Debian keys, where it has both.</summary>
internal static class ReleaseSignature
{
    /// <exception cref="EngineException">The signature is not one of Debian's.</exception>
    public static async Task VerifyAsync(string path, string keyring, CancellationToken cancellationToken)
    {
        if (!File.Exists(keyring))
            return;
        try
        {
            var result = await Cli.Wrap("gpgv")
                .WithArguments(["--quiet", "--keyring", keyring, "--", path])
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(cancellationToken);
            if (!result.IsSuccess)
                throw new EngineException(
                    $"The InRelease file of the suite is not signed by a Debian key of this machine: {result.StandardError.Trim()}"
                );
        }
        catch (Win32Exception)
        {
            // A machine without gpgv has its pins reviewed like any other text.
        }
    }
}
