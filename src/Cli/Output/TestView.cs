using Recipes.Engine.Testing;

namespace Recipes.Cli.Output;

/// <summary>The last lines about tests, for people; each test has told its end already.</summary>
internal static class TestView
{
    /// <param name="host">Takes the lines: the answer, or where something failed the error stream.</param>
    /// <param name="report">How the tests ended.</param>
    /// <param name="untested">Packages without a test, to be named.</param>
    /// <param name="elapsed">Of the whole command.</param>
    public static void Write(CliHost host, TestReport report, IEnumerable<string> untested, TimeSpan elapsed)
    {
        var counts = report
            .Outcomes.GroupBy(x => x.State)
            .OrderBy(x => x.Key)
            .Select(x => $"{x.Count().ToString(System.Globalization.CultureInfo.InvariantCulture)} {Word(x.Key)}");
        var writer = report.Succeeded ? host.Out : host.Error;
        writer.WriteLine(
            $"{Quantities.Count(report.Outcomes.Length, "test")}: {string.Join(", ", counts)}, in "
                + $"{Quantities.Duration(elapsed)}"
        );
        if (string.Join(", ", untested) is { Length: > 0 } names)
            ErrorWriter.Warn(host, $"without a [test]: {names}");
    }

    /// <summary>What a test that ended leaves on the screen.</summary>
    public static IEnumerable<string> Lines(TestOutcome outcome)
    {
        if (outcome.Message is null)
        {
            var time = outcome.Elapsed is { } elapsed ? $" in {Quantities.Duration(elapsed)}" : "";
            return [$"{outcome.Recipe}: test {Word(outcome.State)}{time}"];
        }
        var message = Printable.Lines(RemedyWords.Of(outcome.Message)).Split('\n');
        return
        [
            $"error: {outcome.Recipe}: {message[0]}",
            .. message.Skip(1).Select(x => "  " + x),
            .. outcome.LogTail.Select(x => "  | " + Printable.Line(x)),
            .. outcome.LogPath is null ? Array.Empty<string>() : [$"  whole log: {outcome.LogPath}"],
        ];
    }

    private static string Word(TestState state) =>
        state switch
        {
            TestState.Passed => "passed",
            TestState.Cached => "passed before",
            TestState.Failed => "failed",
            _ => "not built",
        };
}
