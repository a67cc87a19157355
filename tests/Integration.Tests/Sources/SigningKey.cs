using System.Diagnostics;
using Xunit;

namespace Recipes.Integration.Tests.Sources;

/// <summary>A key that gpg makes for one test, and a keyring that holds its public half.</summary>
internal sealed class SigningKey : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly string home;
    private readonly string[] clock;

    /// <param name="lifetime">As gpg reads it: <c>0</c> for ever, <c>1d</c> for a day.</param>
    /// <param name="madeAt">
    /// When the key and all its signatures are made, such as <c>20200101T000000</c>; null for now.
    /// </param>
    public SigningKey(string lifetime = "0", string? madeAt = null)
    {
        clock = madeAt is null ? [] : ["--faked-system-time", madeAt];
        home = Directory
            .CreateDirectory(
                folder.Join("gnupg"),
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            )
            .FullName;
        Run(
            "gpg",
            [
                .. clock,
                "--batch",
                "--quiet",
                "--passphrase",
                "",
                "--quick-gen-key",
                "Archive <archive@example.org>",
                "ed25519",
                "sign",
                lifetime,
            ]
        );
        Keyring = folder.Join("keyring.gpg");
        Export();
    }

    /// <summary>The file with the public key.</summary>
    public string Keyring { get; }

    /// <summary>The text with a signature around it.</summary>
    public string ClearSign(string text, params string[] options) => Sign(text, ["--clearsign", .. options]);

    /// <summary>What gpg makes of a text.</summary>
    public string Sign(string text, params string[] options)
    {
        var (plain, signed) = (folder.Write("text", text), folder.Join("text.asc"));
        File.Delete(signed);
        Run("gpg", [.. clock, "--batch", "--quiet", .. options, "--output", signed, plain]);
        return File.ReadAllText(signed);
    }

    /// <summary>Puts the revocation that gpg made with the key into the keyring.</summary>
    public void Revoke()
    {
        // A colon keeps it from being imported by mistake.
        var made = Directory.GetFiles(Path.Join(home, "openpgp-revocs.d")).Single();
        Run(
            "gpg",
            "--batch",
            "--quiet",
            "--import",
            folder.Write(
                "revocation",
                File.ReadAllText(made).Replace(":-----BEGIN", "-----BEGIN", StringComparison.Ordinal)
            )
        );
        File.Delete(Keyring);
        Export();
    }

    public void Dispose()
    {
        Run("gpgconf", "--homedir", home, "--kill", "gpg-agent");
        folder.Dispose();
    }

    private void Export() => Run("gpg", "--batch", "--quiet", "--output", Keyring, "--export");

    private void Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true };
        start.Environment["GNUPGHOME"] = home;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }
}
