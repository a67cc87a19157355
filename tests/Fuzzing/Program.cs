using System.Globalization;
using Recipes.Fuzzing.Targets;

namespace Recipes.Fuzzing;

/// <summary>
/// Runs the tests like any other test project; with <c>--minutes</c> it searches longer:
/// <c>dotnet run --project tests/Fuzzing -- --minutes 30 [--target toml] [--seed 1] [--from 0]</c>.
/// </summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        if (!args.Contains("--minutes"))
            return args.Any(x => x is "--server" or "--internal-msbuild-node")
                ? Xunit
                    .MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(
                        args,
                        SelfRegisteredExtensions.AddSelfRegisteredExtensions
                    )
                    .GetAwaiter()
                    .GetResult()
                : Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args).GetAwaiter().GetResult();
        var minutes = double.Parse(Option("--minutes")!, CultureInfo.InvariantCulture);
        var seed = int.Parse(
            Option("--seed") ?? Environment.TickCount.ToString(CultureInfo.InvariantCulture),
            CultureInfo.InvariantCulture
        );
        var from = int.Parse(Option("--from") ?? "0", CultureInfo.InvariantCulture);
        var targets = AllTargets.Named(Option("--target"));
        var failures = 0;
        foreach (var target in targets)
        {
            var fuzzer = new Fuzzer(target, seed) { From = from };
            Console.WriteLine($"{target.Name}: seed {seed}");
            var failure = fuzzer.Run(TimeSpan.FromMinutes(minutes / targets.Count), int.MaxValue);
            Console.WriteLine(
                failure is null
                    ? $"{target.Name}: {fuzzer.Runs} inputs, no failure"
                    : $"{target.Name}: {failure.Report()}"
            );
            failures += failure is null ? 0 : 1;
        }
        return failures;

        string? Option(string name) =>
            Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }
}
