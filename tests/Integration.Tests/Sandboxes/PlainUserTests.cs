using System.Diagnostics;
using System.Runtime.InteropServices;
using Recipes.Engine.Sandboxes;
using Xunit;

namespace Recipes.Integration.Tests.Sandboxes;

/// <summary>Where the tests run as root, runs all tests of the sandbox once more as a plain user.</summary>
public sealed class PlainUserTests
{
    private const string Nobody = "65534";

    [Fact(Timeout = 600_000)]
    public async Task Everything_holds_for_a_plain_user()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "These tests run as a plain user already.");
        var token = TestContext.Current.CancellationToken;
        // A copy, since the checkout may be in a folder that only root enters.
        using var folder = new TemporaryDirectory();
        var copy = folder.Join("tests");
        await HostPrograms.RunAsync("cp", ["-a", AppContext.BaseDirectory, copy], token);
        await HostPrograms.RunAsync("mkdir", [folder.Join("tmp")], token);
        await HostPrograms.RunAsync("chown", ["-R", $"{Nobody}:{Nobody}", folder.Path], token);
        var name = typeof(PlainUserTests).Namespace;
        var start = new ProcessStartInfo(
            "setpriv",
            [
                "--reuid",
                Nobody,
                "--regid",
                Nobody,
                "--clear-groups",
                "--",
                Path.Join(copy, Path.GetFileName(Environment.ProcessPath!)),
                "-namespace",
                name + "*",
                "-class-",
                typeof(PlainUserTests).FullName!,
                "-noColor",
            ]
        )
        {
            RedirectStandardOutput = true,
            WorkingDirectory = folder.Path,
            Environment =
            {
                ["TMPDIR"] = folder.Join("tmp"),
                ["HOME"] = folder.Path,
                ["DOTNET_ROOT"] = Path.GetFullPath(Path.Join(RuntimeEnvironment.GetRuntimeDirectory(), "../../..")),
            },
        };
        using var tests = Process.Start(start)!;
        var output = await tests.StandardOutput.ReadToEndAsync(token);
        await tests.WaitForExitAsync(token);
        Assert.True(tests.ExitCode == 0, output);
        Assert.Contains("Failed: 0", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Total: 0", output, StringComparison.Ordinal);
    }
}
