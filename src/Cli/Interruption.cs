using System.Runtime.InteropServices;

namespace Recipes.Cli;

/// <summary>
/// Ctrl-C and SIGTERM. The first asks the engine to end its children and to return; the second ends this process at
/// once, and with it its sandboxes, which die with their parent.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly CliHost host;
    private readonly Action<int> exit;
    private int ignored;
    private string notice = "ending the running builds; once more to end at once";

    /// <summary>Makes one that only <see cref="Receive"/> drives.</summary>
    /// <param name="host">Where the notice is written.</param>
    /// <param name="exit">Ends the process.</param>
    public Interruption(CliHost host, Action<int> exit) => (this.host, this.exit) = (host, exit);

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>What the process returns, by the first signal.</summary>
    public int ExitCode { get; private set; } = Cli.ExitCode.Interrupted;

    /// <summary>Listens to this process's signals.</summary>
    public static Interruption Listen(CliHost host)
    {
        var made = new Interruption(host, Environment.Exit);
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
            made.registrations.Add(PosixSignalRegistration.Create(signal, context =>
                {
                    context.Cancel = true;
                    made.Receive(signal);
                }));
        return made;
    }

    /// <summary>Takes one signal.</summary>
    public void Receive(PosixSignal signal)
    {
        if (Volatile.Read(ref ignored) > 0)
            return;
        if (source.IsCancellationRequested)
        {
            exit(ExitCode);
            return;
        }
        ExitCode = signal == PosixSignal.SIGTERM ? Cli.ExitCode.Terminated : Cli.ExitCode.Interrupted;
        host.Error.WriteLine(notice);
        source.Cancel();
    }

    /// <summary>
    /// Until disposal, signals are left to the program in the foreground, to which they are passed on.
    /// </summary>
    public IDisposable LeaveToChild()
    {
        Interlocked.Increment(ref ignored);
        return new Leave(this);
    }

    /// <summary>Until disposal, the first signal does something else than end builds, and says so.</summary>
    public IDisposable Announce(string other)
    {
        var announced = new Announcement(this, notice);
        notice = other;
        return announced;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        registrations.ForEach(x => x.Dispose());
        source.Dispose();
    }

    private sealed class Announcement(Interruption owner, string before) : IDisposable
    {
        public void Dispose() => owner.notice = before;
    }

    private sealed class Leave(Interruption owner) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref owner.ignored);
    }
}
