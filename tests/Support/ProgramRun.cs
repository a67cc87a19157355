using System.Text;
using CliWrap;
using CliWrap.Buffered;
using Xunit;

namespace Recipes.Tests.Support;

/// <summary>A program run as a process of its own.</summary>
/// <param name="ExitCode">What it returned.</param>
/// <param name="Out">What it answered.</param>
/// <param name="Error">What it said beside.</param>
public sealed record ProgramRun(int ExitCode, string Out, string Error)
{
    /// <summary>The command line as it was built with these tests.</summary>
    public static Task<ProgramRun> OfCliAsync(string folder, params string[] arguments) =>
        OfAsync(WorkspaceFolder.Program, arguments, folder);

    public static async Task<ProgramRun> OfAsync(
        string program,
        IEnumerable<string> arguments,
        string folder,
        params (string Name, string? Value)[] variables
    )
    {
        var result = await CliWrap
            .Cli.Wrap(program)
            .WithArguments(arguments)
            .WithWorkingDirectory(folder)
            .WithEnvironmentVariables(variables.ToDictionary(x => x.Name, x => x.Value))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(Encoding.UTF8, TestContext.Current.CancellationToken);
        return new(result.ExitCode, result.StandardOutput, result.StandardError);
    }
}
