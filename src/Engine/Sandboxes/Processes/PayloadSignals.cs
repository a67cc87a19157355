using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Recipes.Engine.Sandboxes.Processes;

/// <summary>Passes signals of this process on to the program in a sandbox.</summary>
/// <param name="sandbox">Where the program runs.</param>
/// <param name="end">Ends a sandbox whose program has not started.</param>
internal sealed class PayloadSignals(SandboxProcess sandbox, Action end)
{
    // As the first process of its namespace, a program without a handler ignores signals; whoever insists ends it.
    private const int Enough = 3;

    private int requests;

    /// <summary>
    /// True if a signal ended the sandbox: one that came before the program had started, or the third to ask for its
    /// end.
    /// </summary>
    public bool HasEnded { get; private set; }

    /// <summary>
    /// The number of the first process of the namespaces, which becomes bubblewrap; 0 if it has not started.
    /// </summary>
    public int FirstProcess
    {
        get
        {
            var file = Path.Join(sandbox.Scratch, "pid");
            return
                File.Exists(file) && int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var number)
                ? number
                : 0;
        }
    }

    /// <summary>Handles a signal to this process.</summary>
    public void Pass(PosixSignalContext context)
    {
        context.Cancel = true;
        Pass(context.Signal);
    }

    /// <summary>Passes a signal on.</summary>
    public void Pass(PosixSignal signal)
    {
        var insists =
            signal is PosixSignal.SIGINT or PosixSignal.SIGTERM && Interlocked.Increment(ref requests) >= Enough;
        if (insists || FindProgram() is not { } program)
        {
            HasEnded = true;
            end();
            return;
        }
        var name = signal.ToString()["SIG".Length..];
        using var kill = Process.Start(SandboxProcess.Shell, ["-c", "kill -$0 $1 2> /dev/null", name, program]);
        kill.WaitForExit();
    }

    private string? FindProgram()
    {
        try
        {
            // Others run before bubblewrap, or beside it.
            var first = FirstProcess;
            var level = NumbersOf(Text(first)).Length - 1;
            return sandbox.ReadProgram() is { } program
                ? ChildrenOf(first).FirstOrDefault(x => NumbersOf(x).ElementAtOrDefault(level) == Text(program))
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string[] ChildrenOf(int process) =>
        File.ReadAllText($"/proc/{Text(process)}/task/{Text(process)}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);

    // In each namespace that it has one in, from this process's inwards.
    private static string[] NumbersOf(string process) =>
        File.ReadLines($"/proc/{process}/status")
            .FirstOrDefault(x => x.StartsWith("NSpid:", StringComparison.Ordinal))
            ?.Split('\t', StringSplitOptions.RemoveEmptyEntries)[1..]
        ?? [];

    private static string Text(int process) => process.ToString(CultureInfo.InvariantCulture);
}
