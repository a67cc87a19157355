using System.Collections;
using System.Text;
using CliWrap;

namespace Recipes.Engine.Sandboxes;

/// <summary>The programs of the host that sandboxes are made with.</summary>
internal static class HostPrograms
{
    /// <summary>
    /// The search path: the caller's, and the folders of system programs that plain users often lack.
    /// </summary>
    public static string SearchPath { get; } =
        string.Join(
            ':',
            (Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(':', StringSplitOptions.RemoveEmptyEntries)
                .Concat(["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"])
                .Distinct(StringComparer.Ordinal)
        );

    /// <summary>The path of a program, or null.</summary>
    public static string? Find(string name) =>
        SearchPath.Split(':').Select(x => Path.Join(x, name)).FirstOrDefault(IsProgram);

    private static bool IsProgram(string path) =>
        File.Exists(path) && (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.OtherExecute)) != 0;

    /// <summary>The whole environment of host programs: nothing of the caller's changes what they do or say.</summary>
    public static IReadOnlyDictionary<string, string?> CleanEnvironment()
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
            variables[(string)entry.Key] = null;
        variables["PATH"] = SearchPath;
        variables["LC_ALL"] = "C";
        return variables;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>
    /// Its exit status, its output, and what it said on standard error; status -1 if it cannot be started.
    /// </returns>
    public static async Task<(int Status, string Output, string Error)> RunAsync(
        string program,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken
    )
    {
        if (Find(program) is not { } path)
            return (-1, "", $"{program}: not found");
        var (output, error) = (new StringBuilder(), new StringBuilder());
        var result = await CliWrap
            .Cli.Wrap(path)
            .WithArguments(arguments)
            .WithEnvironmentVariables(CleanEnvironment())
            .WithStandardOutputPipe(PipeTarget.ToStringBuilder(output))
            .WithStandardErrorPipe(PipeTarget.ToStringBuilder(error))
            .WithValidation(CommandResultValidation.None)
            .ExecuteAsync(cancellationToken);
        return (result.ExitCode, output.ToString().Trim(), error.ToString().Trim());
    }
}
