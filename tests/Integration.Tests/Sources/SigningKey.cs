using System.Diagnostics;
using Recipes.Engine.Tests;
using Xunit;

namespace Recipes.Integration.Tests.Sources;

/// <summary>A key that gpg makes for one test, and a keyring that holds its public half.</summary>
internal sealed class SigningKey : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly string home;

    public SigningKey(string lifetime = "0")
    {
        home = Directory.CreateDirectory(folder.Join("gnupg"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
        Run("gpg", "--batch", "--quiet", "--passphrase", "", "--quick-gen-key", "Archive <archive@example.org>", "ed25519", "sign", lifetime);
        Keyring = folder.Join("keyring.gpg");
        Run("gpg", "--batch", "--quiet", "--output", Keyring, "--export");
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
        Run("gpg", ["--batch", "--quiet", .. options, "--output", signed, plain]);
        return File.ReadAllText(signed);
    }

    public void Dispose()
    {
        Run("gpgconf", "--homedir", home, "--kill", "gpg-agent");
        folder.Dispose();
    }

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
