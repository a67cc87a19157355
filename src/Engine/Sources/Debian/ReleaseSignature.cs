using System.ComponentModel;
using CliWrap;
using CliWrap.Buffered;
using Recipes.Engine.Content;
using Recipes.Engine.Sources.Downloads;

namespace Recipes.Engine.Sources.Debian;

/// <summary>
/// Lets the host's gpgv judge an <c>InRelease</c> by the host's own Debian keys, and reads what those have signed and
/// nothing else.
/// </summary>
/// <param name="store">Has room for what was signed.</param>
/// <param name="program">gpgv.</param>
/// <param name="keyring">The keys.</param>
internal sealed class ReleaseSignature(ContentStore store, string program, string keyring)
{
    private const string Head = "-----BEGIN PGP SIGNED MESSAGE-----";

    /// <summary>Finds out that signatures can be judged here, before anything is downloaded.</summary>
    /// <exception cref="EngineException">
    /// The program or the keys are missing; the message says what to install.
    /// </exception>
    public async Task RequireAsync(string suite, CancellationToken cancellationToken)
    {
        try
        {
            await Cli.Wrap(program)
                .WithArguments(["--version"])
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(cancellationToken);
        }
        catch (Win32Exception)
        {
            throw Missing(suite, $"'{program}' is not on the PATH", "gpgv");
        }
        if (!File.Exists(keyring))
            throw Missing(suite, $"'{keyring}' is missing", "debian-archive-keyring");
    }

    /// <summary>What the file holds that was signed.</summary>
    /// <exception cref="PlaceException">It is not signed as it has to be.</exception>
    public async Task<string> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await RefuseOtherFormsAsync(path, cancellationToken);
        using var scratch = store.CreateScratch("signature");
        var signed = Path.Join(scratch.Path, "signed");
        // A hash that can be forged is not a signature, whoever made it.
        var result = await Cli.Wrap(program)
            .WithArguments([
                "--status-fd",
                "1",
                "--weak-digest",
                "SHA1",
                "--weak-digest",
                "RIPEMD160",
                "--keyring",
                keyring,
                "--output",
                signed,
                "--",
                path,
            ])
            .WithEnvironmentVariables(x => x.Set("LC_ALL", "C"))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(cancellationToken);
        if (!IsGood(result.StandardOutput) || !File.Exists(signed))
            throw new PlaceException(
                $"it is not signed by a Debian key of this machine: {result.StandardError.Trim()}"
            );
        return await File.ReadAllTextAsync(signed, cancellationToken);
    }

    /// <summary>
    /// gpgv reads other things than a single clear-signed text too: messages that unpack to any size, several texts. A
    /// line that begins so within a signed text is written with a dash before it.
    /// </summary>
    private static async Task RefuseOtherFormsAsync(string path, CancellationToken cancellationToken)
    {
        var heads = 0;
        await foreach (var line in File.ReadLinesAsync(path, cancellationToken))
        {
            if (heads == 0 && line.TrimEnd() != Head)
                throw new PlaceException("it does not begin as a signed text");
            if (line.StartsWith(Head, StringComparison.Ordinal) && ++heads > 1)
                throw new PlaceException("it holds more than one signed text");
        }
        if (heads == 0)
            throw new PlaceException("it is empty");
    }

    /// <summary>
    /// True if one signature at least is good and none is bad. A suite is signed with several keys, of which an older
    /// keyring has not all; a key that has expired or was revoked counts as little.
    /// </summary>
    /// <remarks>See doc/DETAILS of GnuPG, "General status codes".</remarks>
    private static bool IsGood(string status)
    {
        var words = status
            .Split('\n')
            .Where(x => x.StartsWith("[GNUPG:] ", StringComparison.Ordinal))
            .Select(x => x.Split(' '))
            .Where(x => x.Length > 1)
            .ToList();
        return words.Any(x => x[1] == "GOODSIG")
            && words.Any(x => x[1] == "VALIDSIG")
            && words.Count(x => x[1] == "PLAINTEXT") == 1
            && words.All(x => x[1] is not ("BADSIG" or "NODATA" or "UNEXPECTED" or "ERROR" or "FAILURE"))
            // 9 is a key that is not here.
            && words.Where(x => x[1] == "ERRSIG").All(x => x.ElementAtOrDefault(7) == "9");
    }

    private static EngineException Missing(string suite, string what, string package) =>
        new(
            $"The signature of Debian's suite '{suite}' cannot be checked here: {what}. Install the package "
                + $"'{package}' (apt-get install {package}), "
                + $"or {new Remedy(RemedyKind.AcceptUnsigned)}."
        );
}
