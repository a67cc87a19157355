using System.CommandLine;
using Recipes.Cli.Commands;
using Recipes.Cli.Output;
using Recipes.Engine;
using Recipes.Engine.Content;

namespace Recipes.Cli;

/// <summary>One run of the program: from arguments to an exit code. No stack trace leaves it.</summary>
internal static class CommandLine
{
    /// <summary>Parses and runs.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CliHost host)
    {
        using var interruption = Interruption.Listen(host);
        return await RunAsync(arguments, host, interruption);
    }

    /// <summary>Parses and runs, to be ended by the given interruption.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CliHost host, Interruption interruption)
    {
        host = host with { Interrupted = interruption.Token };
        var parser = new ParserConfiguration { ResponseFileTokenReplacer = null };
        var parsed = RecipesCommand.Create(host, interruption).Parse(arguments, parser);
        if (parsed.Errors.Count > 0)
            return UsageErrors.Write(parsed, host);
        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = host.Out,
                Error = host.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration, interruption.Token);
        }
        catch (UsageException failure)
        {
            ErrorWriter.Write(host, failure.Text);
            return ExitCode.Usage;
        }
        catch (RecipeFaultsException failure)
        {
            ErrorWriter.Write(host.Error, host.ErrorHasStyle, failure.Diagnostics);
            ErrorWriter.Write(
                host,
                $"{Quantities.Count(failure.Diagnostics.Length, "fault")} in the recipes; nothing was done"
            );
            return ExitCode.Failure;
        }
        catch (EngineException failure)
        {
            ErrorWriter.Write(host, failure.Text);
            return ExitCode.Failure;
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            ErrorWriter.Write(host, "interrupted; what was finished is kept");
            return interruption.ExitCode;
        }
        catch (Exception failure) when (StorageFault.IsOne(failure))
        {
            ErrorWriter.Write(host, StorageFault.Describe(failure));
            return ExitCode.Failure;
        }
        // The last line of defence: whatever it is, a person gets a message and not a stack trace.
#pragma warning disable CA1031
        catch (Exception failure)
        {
            ErrorWriter.WriteInternal(host, failure);
            return ExitCode.Failure;
        }
#pragma warning restore CA1031
    }
}
