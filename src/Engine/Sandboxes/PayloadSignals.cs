using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Recipes.Engine.Sandboxes;

/// <summary>Passes signals of this process on to the program in a sandbox.</summary>
/// <param name="scratch">Of the sandbox.</param>
/// <param name="end">Ends a sandbox whose program has not started.</param>
internal sealed class PayloadSignals(string scratch, Action end)
{
    // Bubblewrap is the first process of the outer namespace, its reaper that of the inner one, and the program comes next.
    private const string ProgramNumber = "2";

    /// <summary>True if a signal came before the program had started, and ended the sandbox.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Handles a signal.</summary>
    public void Pass(PosixSignalContext context)
    {
        context.Cancel = true;
        // A terminal sends these to the program as well as to us.
        if (context.Signal is PosixSignal.SIGINT or PosixSignal.SIGQUIT && !Console.IsInputRedirected)
            return;
        if (FindProgram() is not { } program)
        {
            HasEnded = true;
            end();
            return;
        }
        var name = context.Signal.ToString()["SIG".Length..];
        using var kill = Process.Start(SandboxProcess.Shell, ["-c", "kill -$0 $1 2> /dev/null", name, program]);
        kill.WaitForExit();
    }

    private string? FindProgram()
    {
        try
        {
            var bubblewrap = File.ReadAllText(Path.Join(scratch, "pid")).Trim();
            return ChildrenOf(bubblewrap).SelectMany(ChildrenOf).FirstOrDefault(IsProgram);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string[] ChildrenOf(string process) =>
        File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    // The last number of NSpid is that in the innermost namespace (proc_pid_status(5)).
    private static bool IsProgram(string process) =>
        File.ReadLines($"/proc/{process}/status")
            .Any(x => x.StartsWith("NSpid:", StringComparison.Ordinal) && x.Split('\t')[^1] == ProgramNumber);
}
