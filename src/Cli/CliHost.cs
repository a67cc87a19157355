using Recipes.Cli.Output;

namespace Recipes.Cli;

/// <summary>What the process was given: streams, variables, a folder. Tests give others.</summary>
internal sealed record CliHost
{
    /// <summary>Takes answers: data, tables, graphs.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Takes progress and errors.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>True if <see cref="Out"/> is a terminal.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>What <see cref="Error"/> is if it is a terminal, else null.</summary>
    public Terminal? ErrorTerminal { get; init; }

    /// <summary>Reads an environment variable; null if it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>Absolute.</summary>
    public required string CurrentDirectory { get; init; }

    /// <summary>Cancelled when the person wants this run to end.</summary>
    public CancellationToken Interrupted { get; init; }

    /// <summary>The clock of elapsed times.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>True if neither <c>NO_COLOR</c> (https://no-color.org) nor <c>CI</c> asks for plain text.</summary>
    public bool AllowsStyle =>
        string.IsNullOrEmpty(Variable("NO_COLOR"))
        && Variable("CI") is null or "" or "false"
        && Variable("TERM") != "dumb";

    /// <summary>True if answers may be coloured.</summary>
    public bool OutHasStyle => OutIsTerminal && AllowsStyle;

    /// <summary>True if progress and errors may be coloured and redrawn.</summary>
    public bool ErrorHasStyle => ErrorTerminal is not null && AllowsStyle;

    /// <summary>The running process's own.</summary>
    public static CliHost OfProcess()
    {
        var terminal = Console.IsErrorRedirected ? null : Terminal.OfStandardError();
        return new()
        {
            Out = Console.Out,
            Error = terminal ?? Console.Error,
            OutIsTerminal = !Console.IsOutputRedirected,
            ErrorTerminal = terminal,
            Variable = Environment.GetEnvironmentVariable,
            CurrentDirectory = Environment.CurrentDirectory,
        };
    }
}
