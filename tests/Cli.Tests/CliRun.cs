namespace Recipes.Cli.Tests;

/// <summary>The command line run in this process, with streams and variables of its own.</summary>
/// <param name="ExitCode">What the process would return.</param>
/// <param name="Out">What it answered.</param>
/// <param name="Error">What it said beside.</param>
public sealed record CliRun(int ExitCode, string Out, string Error)
{
    public static Task<CliRun> OfAsync(params string[] arguments) => InAsync(Path.GetTempPath(), arguments);

    public static async Task<CliRun> InAsync(string folder, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await CommandLine.RunAsync(arguments, Host(folder, output, error));
        return new(exitCode, output.ToString(), error.ToString());
    }

    internal static CliHost Host(string folder, TextWriter output, TextWriter error) =>
        new()
        {
            Out = output,
            Error = error,
            Variable = name => name == "PATH" ? Environment.GetEnvironmentVariable(name) : null,
            CurrentDirectory = folder,
        };
}
