using System.Runtime.InteropServices;
using Xunit;

namespace Recipes.Cli.Tests;

public sealed class InterruptionTests : IDisposable
{
    private readonly StringWriter error = new();
    private readonly List<int> exits = [];
    private readonly Interruption interruption;

    public InterruptionTests() => interruption = new(CliRun.Host("/", TextWriter.Null, error), exits.Add);

    [Fact]
    public void The_first_signal_cancels_and_the_second_ends_the_process()
    {
        interruption.Receive(PosixSignal.SIGINT);
        Assert.True(interruption.Token.IsCancellationRequested);
        Assert.Empty(exits);
        Assert.Contains("once more to end at once", error.ToString(), StringComparison.Ordinal);

        interruption.Receive(PosixSignal.SIGINT);
        Assert.Equal([130], exits);
    }

    [Fact]
    public void A_command_that_builds_nothing_says_what_the_first_signal_does()
    {
        using (interruption.Announce("stopping the container"))
            interruption.Receive(PosixSignal.SIGINT);

        Assert.Equal("stopping the container\n", error.ToString());
    }

    [Fact]
    public void A_termination_signal_gives_its_own_status()
    {
        interruption.Receive(PosixSignal.SIGTERM);

        Assert.True(interruption.Token.IsCancellationRequested);
        Assert.Equal(143, interruption.ExitCode);
    }

    [Fact]
    public void While_a_program_runs_in_the_foreground_signals_are_its_own()
    {
        using (interruption.LeaveToChild())
        {
            interruption.Receive(PosixSignal.SIGINT);
            Assert.False(interruption.Token.IsCancellationRequested);
        }

        interruption.Receive(PosixSignal.SIGINT);
        Assert.True(interruption.Token.IsCancellationRequested);
    }

    public void Dispose()
    {
        interruption.Dispose();
        error.Dispose();
    }
}
