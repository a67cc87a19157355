using System.Text;
using System.Text.RegularExpressions;
using CliWrap;
using Recipes.Engine.Sandboxes;
using Xunit;

namespace Recipes.Integration.Tests.CommandLine;

/// <summary>
/// The command line on a pseudo-terminal that <c>script</c> makes, with a screen that shows what comes out of it.
/// </summary>
internal sealed partial class TerminalRun
{
    private readonly StringBuilder unread = new();
    private readonly Decoder decoder = Encoding.UTF8.GetDecoder();

    /// <summary>What a person sees.</summary>
    public VtScreen Screen { get; } = new(100, 24);

    /// <summary>All that was written.</summary>
    public StringBuilder Output { get; } = new();

    /// <summary>Told after each change of the screen.</summary>
    public event Action<VtScreen>? Changed;

    /// <summary>
    /// Runs shell commands on the terminal; <c>resize COLUMNS ROWS</c> is one of them. As with a real terminal, the
    /// screen has its new size before the programs on it hear of it.
    /// </summary>
    public async Task<int> RunAsync(SmallWorkspace workspace, string commands, PipeSource input)
    {
        var script = HostPrograms.Find("script");
        Assert.True(script is not null, "'script' is missing; ./test installs it");
        var prelude =
            "resize() { printf '\\033]777;%s;%s\\007' \"$1\" \"$2\"; stty cols \"$1\" rows \"$2\" < /dev/tty; }; "
            + "resize 100 24; ";
        var run = await workspace
            .Command()
            .WithTargetFile(script)
            .WithArguments(["--quiet", "--return", "--flush", "--command", prelude + commands, "/dev/null"])
            .WithEnvironmentVariables(x =>
                x.Set("RECIPES_STORE", workspace.Store)
                    .Set("RECIPES", WorkspaceFolder.Program)
                    .Set("TERM", "xterm")
                    .Set("SHELL", "/bin/sh")
                    .Set("CI", null)
                    .Set("NO_COLOR", null)
            )
            .WithStandardInputPipe(input)
            .WithStandardOutputPipe(PipeTarget.Create(ReadAsync))
            .ExecuteAsync(TestContext.Current.CancellationToken);
        return run.ExitCode;
    }

    private async Task ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var (bytes, characters) = (new byte[4096], new char[4096]);
        for (int count; (count = await stream.ReadAsync(bytes, cancellationToken)) > 0; )
            Show(new string(characters, 0, decoder.GetChars(bytes, 0, count, characters, 0)));
    }

    private void Show(string text)
    {
        Output.Append(text);
        var all = unread.Append(text).ToString();
        var at = 0;
        foreach (Match resize in Resize().Matches(all))
        {
            Screen.Write(all[at..resize.Index]);
            Screen.Resize(int.Parse(resize.Groups[1].ValueSpan), int.Parse(resize.Groups[2].ValueSpan));
            at = resize.Index + resize.Length;
        }
        // A sequence may come in two pieces.
        var end = all.LastIndexOf('\e') is var last && last >= at && all.Length - last < 12 ? last : all.Length;
        Screen.Write(all[at..end]);
        unread.Clear().Append(all, end, all.Length - end);
        Changed?.Invoke(Screen);
    }

    [GeneratedRegex(@"\e\]777;(\d+);(\d+)\a")]
    private static partial Regex Resize();
}
