using System.Collections.Immutable;
using Recipes.Engine.Building;
using Recipes.Engine.Images;

namespace Recipes.Cli.Output;

/// <summary>The answer of <c>build --json</c>.</summary>
internal sealed record BuildJson(
    bool Succeeded,
    ImmutableArray<PackageJson> Packages,
    ImmutableArray<ForecastJson> RuntimeNeeds
)
{
    public static BuildJson Of(BuildReport report, IEnumerable<RuntimeForecast> forecasts) =>
        new(
            report.Succeeded,
            [.. report.Outcomes.Values.Select(PackageJson.Of)],
            [.. forecasts.SelectMany(x => ForecastJson.Of(x))]
        );
}

/// <summary>
/// One package of <see cref="BuildJson"/>; times in seconds. <paramref name="Unpinned"/> has the recipes whose sources
/// were not the pinned ones.
/// </summary>
internal sealed record PackageJson(
    string Name,
    string State,
    double? Seconds,
    double? CpuSeconds,
    string? Action,
    bool? Clean,
    ImmutableArray<OutputJson> Outputs,
    ImmutableArray<string> Unpinned,
    FailureJson? Failure
)
{
    public static PackageJson Of(PackageOutcome outcome) =>
        new(
            outcome.Package,
            outcome.State.ToString().ToLowerInvariant(),
            outcome.Elapsed?.TotalSeconds,
            outcome.CpuTime?.TotalSeconds,
            outcome.Result?.Action.ToString(),
            outcome.Result?.IsClean,
            outcome.Result is { } result
                ? [.. result.Outputs.Values.Select(x => new OutputJson(x.Name, x.Tree.Oci, x.FileBytes))]
                : [],
            [.. outcome.Result?.Unpinned ?? []],
            outcome.Failure is { } failure ? FailureJson.Of(failure) : null
        );
}

/// <summary>One output in the store; <paramref name="Bytes"/> is the sum of its files' sizes.</summary>
internal sealed record OutputJson(string Name, string Tree, long Bytes);

/// <summary>Why a package failed.</summary>
internal sealed record FailureJson(
    string Message,
    string? Step,
    string? Command,
    ImmutableArray<string> LogTail,
    ImmutableArray<HintJson> Hints,
    string? Log,
    string? Kept
)
{
    public static FailureJson Of(PackageFailure failure) =>
        new(
            RemedyWords.Of(failure.Message),
            failure.Step,
            failure.Command,
            failure.LogTail,
            [
                .. failure.Hints.Select(x => new HintJson(
                    x.Missing,
                    x.Program,
                    x.Provider?.Output,
                    x.Provider?.Path,
                    x.Provider?.Need
                )),
            ],
            failure.LogPath,
            failure.Kept
        );
}

/// <summary>
/// What is missing, which output has it if any, and the need to add; <paramref name="Program"/> is the program that the
/// log calls missing where it is there and its interpreter is not.
/// </summary>
internal sealed record HintJson(string Missing, string? Program, string? Output, string? Path, string? Need);
