using System.Text;
using CliWrap;
using CliWrap.Buffered;
using Recipes.Engine.Sandboxes;
using Xunit;

namespace Recipes.Integration.Tests;

/// <summary>Real programs, which judge what the engine makes.</summary>
internal static class Programs
{
    /// <summary>Runs a program, which must succeed; its standard output.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var run = await TryAsync(program, arguments);
        Assert.True(
            run.ExitCode == 0,
            $"{program} {string.Join(' ', arguments)}\n{run.StandardOutput}{run.StandardError}"
        );
        return run.StandardOutput;
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<BufferedCommandResult> TryAsync(string program, params string[] arguments)
    {
        var path = HostPrograms.Find(program);
        Assert.True(path is not null, $"'{program}' is missing; ./test installs it");
        return await CliWrap
            .Cli.Wrap(path)
            .WithArguments(arguments)
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(Encoding.UTF8, TestContext.Current.CancellationToken);
    }
}
