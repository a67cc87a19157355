using System.Runtime.InteropServices;
using Recipes.Engine.Sandboxes.Processes;

namespace Recipes.Engine.Sandboxes.Terminal;

/// <summary>
/// Passes keys from the caller's terminal to that of a sandbox, and what that shows back. The caller's is raw
/// meanwhile, so that keys such as Ctrl-C mean what they mean to the program inside.
/// </summary>
internal sealed partial class TerminalRelay : IDisposable
{
    private const int Input = 0;
    private const short Readable = 1;
    private const int Wait = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly PseudoTerminal terminal;
    private readonly CallerStreams streams;
    private readonly PayloadSignals signals;
    private readonly TerminalModes? before = TerminalModes.Read(Input);
    private readonly PosixSignalRegistration onResize;
    private readonly PosixSignalRegistration onContinue;
    private readonly Thread keys;
    private readonly Thread screen;
    private volatile bool isFinished;

    /// <summary>Starts it.</summary>
    /// <param name="terminal">Of the sandbox.</param>
    /// <param name="streams">The caller's, which are a terminal.</param>
    /// <param name="signals">Of its program.</param>
    public TerminalRelay(PseudoTerminal terminal, CallerStreams streams, PayloadSignals signals)
    {
        (this.terminal, this.streams, this.signals) = (terminal, streams, signals);
        onResize = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => terminal.CopySize());
        onContinue = PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => before?.Raw().Apply(Input));
        before?.Raw().Apply(Input);
        (keys, screen) = (new(PassKeys), new(PassScreen));
        keys.IsBackground = screen.IsBackground = true;
        keys.Start();
        screen.Start();
    }

    /// <summary>Shows what is still to be shown, after the sandbox has ended.</summary>
    public void Finish()
    {
        isFinished = true;
        // Nobody has the other end open any more, so that reading ends; unless nobody ever had.
        screen.Join(terminal.ForegroundGroup == 0 ? TimeSpan.FromMilliseconds(Wait) : Patience);
        keys.Join();
    }

    /// <summary>Leaves the caller's terminal as it was.</summary>
    public void Dispose()
    {
        isFinished = true;
        onResize.Dispose();
        onContinue.Dispose();
        before?.Apply(Input);
    }

    private void PassKeys()
    {
        Span<byte> buffer = stackalloc byte[1024];
        try
        {
            while (!isFinished)
            {
                if (!IsReadable())
                    continue;
                var count = streams.Input.Read(buffer);
                if (count == 0)
                    return;
                Pass(buffer[..count]);
            }
        }
        catch (IOException)
        {
            // The terminal is gone, and SIGHUP says so.
        }
    }

    private void Pass(Span<byte> typed)
    {
        foreach (ref var key in typed)
        {
            // Bubblewrap itself waits in the first group, and would end by a signal that its program handles.
            if (terminal.Modes?.SignalOf(key) is { } signal && terminal.ForegroundGroup == signals.FirstProcess)
            {
                if (signal != PosixSignal.SIGTSTP)
                    signals.Pass(signal);
            }
            else
            {
                terminal.Stream.Write([key]);
            }
        }
    }

    private void PassScreen()
    {
        Span<byte> buffer = stackalloc byte[1 << 14];
        while (true)
        {
            try
            {
                var count = terminal.Stream.Read(buffer);
                if (count == 0)
                    return;
                streams.Output.Write(buffer[..count]);
            }
            catch (IOException)
            {
                // Nobody has the other end open: not yet, or not any more.
                if (isFinished)
                    return;
                Thread.Sleep(10);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static unsafe bool IsReadable()
    {
        var request = new PollRequest { Descriptor = Input, Events = Readable };
        return Poll(&request, 1, Wait) > 0;
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int Poll(PollRequest* requests, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollRequest
    {
        public int Descriptor;
        public short Events;
        public short Results;
    }
}
