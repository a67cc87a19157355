using System.Collections.Immutable;
using Recipes.Engine.Testing;

namespace Recipes.Cli.Output;

/// <summary>The answer of <c>test --json</c>.</summary>
internal sealed record TestJson(
    bool Succeeded,
    ImmutableArray<TestOutcomeJson> Tests,
    ImmutableArray<PackageJson> Packages
)
{
    public static TestJson Of(TestReport report) =>
        new(
            report.Succeeded,
            [.. report.Outcomes.Select(TestOutcomeJson.Of)],
            [.. report.Builds.Select(PackageJson.Of)]
        );
}

/// <summary>One test: <c>passed</c>, <c>cached</c>, <c>failed</c> or <c>notBuilt</c>; the time in seconds.</summary>
internal sealed record TestOutcomeJson(
    string Recipe,
    string State,
    double? Seconds,
    string? Message,
    ImmutableArray<string> LogTail,
    string? Log
)
{
    public static TestOutcomeJson Of(TestOutcome outcome) =>
        new(
            outcome.Recipe,
            System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(outcome.State.ToString()),
            outcome.Elapsed?.TotalSeconds,
            outcome.Message is { } message ? RemedyWords.Of(message) : null,
            outcome.LogTail,
            outcome.LogPath
        );
}
