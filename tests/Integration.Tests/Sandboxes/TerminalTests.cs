using System.Diagnostics;
using Xunit;

namespace Recipes.Integration.Tests.Sandboxes;

/// <summary>What runs for a person has a terminal, and it is not the person's.</summary>
public sealed class TerminalTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    private const string ScriptVariable = "RECIPES_TEST_SCRIPT";

    [Fact(Timeout = 120_000)]
    public async Task It_is_a_terminal_of_the_same_size_and_another_one()
    {
        var shown = await TypeAsync(
            "[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo a terminal; stty size; stat -L -c %t:%T:%i /proc/self/fd/0; "
                + "echo end",
            "",
            TestContext.Current.CancellationToken
        );
        Assert.Contains("a terminal\r\n24 80\r\n", shown, StringComparison.Ordinal);
        var outside = new FileInfo("/proc/self/fd/0").LinkTarget;
        Assert.DoesNotContain($"{outside}\r\n", shown, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Keys_reach_the_program() =>
        Assert.Contains(
            "<typed>\r\n",
            await TypeAsync("read -r line; echo \"<$line>\"", "typed\r", TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );

    [Fact(Timeout = 120_000)]
    public async Task An_interrupt_is_the_program_s_to_handle()
    {
        var shown = await TypeAsync(
            "trap 'echo caught; exit 3' INT; echo ready; while :; do sleep 0.1; done",
            "\u0003",
            TestContext.Current.CancellationToken
        );
        Assert.Contains("caught\r\n", shown, StringComparison.Ordinal);
        Assert.Contains("status 3", shown, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_program_that_asks_for_raw_keys_gets_them()
    {
        var shown = await TypeAsync(
            "stty raw -echo; echo ready; dd bs=1 count=1 2> /dev/null | od -An -tx1; stty sane",
            "\u0003",
            TestContext.Current.CancellationToken
        );
        Assert.Contains(" 03", shown, StringComparison.Ordinal);
        Assert.Contains("status 0", shown, StringComparison.Ordinal);
    }

    /// <summary>Not a test: run by one.</summary>
    [Fact(Explicit = true)]
    public async Task A_program_at_a_terminal()
    {
        var request = fixture.Script(Environment.GetEnvironmentVariable(ScriptVariable)!);
        var status = await fixture.Sandbox.AttachAsync(request, TestContext.Current.CancellationToken);
        await using var output = Console.OpenStandardOutput();
        await output.WriteAsync(
            System.Text.Encoding.ASCII.GetBytes($"status {status}\r\n"),
            TestContext.Current.CancellationToken
        );
    }

    // script(1) is the terminal; it passes on what it gets once the program has shown something.
    private static async Task<string> TypeAsync(string script, string keys, CancellationToken cancellationToken)
    {
        var command = string.Join(
            ' ',
            new[]
            {
                "stty rows 24 cols 80;",
                "exec",
                $"'{Environment.ProcessPath}'",
                "-explicit",
                "only",
                "-noColor",
                "-method",
                $"{typeof(TerminalTests).FullName}.{nameof(A_program_at_a_terminal)}",
            }
        );
        using var terminal = Process.Start(
            new ProcessStartInfo("script", ["--quiet", "--return", "--command", command, "/dev/null"])
            {
                Environment = { [ScriptVariable] = "echo started; " + script },
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        // A test that gives up leaves no program behind.
        await using var end = cancellationToken.Register(() => terminal.Kill(entireProcessTree: true));
        var shown = new System.Text.StringBuilder();
        var buffer = new char[256];
        var isTyped = keys.Length == 0;
        int count;
        while ((count = await terminal.StandardOutput.ReadAsync(buffer, cancellationToken)) > 0)
        {
            shown.Append(buffer, 0, count);
            var text = shown.ToString();
            if (
                isTyped
                || !text.Contains("started\r\n", StringComparison.Ordinal)
                || (
                    script.Contains("echo ready", StringComparison.Ordinal)
                    && !text.Contains("ready", StringComparison.Ordinal)
                )
            )
                continue;
            isTyped = true;
            await terminal.StandardInput.WriteAsync(keys.AsMemory(), cancellationToken);
            await terminal.StandardInput.FlushAsync(cancellationToken);
        }
        terminal.StandardInput.Close();
        await terminal.WaitForExitAsync(cancellationToken);
        return shown.ToString();
    }
}
