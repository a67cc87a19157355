using CliWrap;

namespace Recipes.Benchmarks;

/// <summary>Runs programs as processes of their own.</summary>
internal static class Programs
{
    /// <summary>The checkout that this was built from.</summary>
    public static string Checkout { get; } = FindCheckout();

    /// <summary>Runs a program to its end, dropping what it says.</summary>
    public static Task RunAsync(string program, string folder, params string[] arguments) =>
        CliWrap.Cli.Wrap(program).WithArguments(arguments).WithWorkingDirectory(folder).ExecuteAsync();

    /// <summary>The path of a program, or null.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Select(x => Path.Join(x, name))
            .FirstOrDefault(File.Exists);

    private static string FindCheckout()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Join(folder, "Recipes.sln")))
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("The benchmarks are not in a checkout.");
        return folder;
    }
}
