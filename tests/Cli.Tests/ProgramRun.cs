using System.Text;
using CliWrap;
using CliWrap.Buffered;

namespace Recipes.Cli.Tests;

/// <summary>A program run as a process of its own.</summary>
internal static class ProgramRun
{
    /// <summary>The command line as it was built with these tests.</summary>
    public static Task<CliRun> OfCliAsync(string folder, params string[] arguments) =>
        OfAsync(WorkspaceFolder.Program, arguments, folder);

    public static async Task<CliRun> OfAsync(
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
            .ExecuteBufferedAsync(Encoding.UTF8, Xunit.TestContext.Current.CancellationToken);
        return new(result.ExitCode, result.StandardOutput, result.StandardError);
    }
}
