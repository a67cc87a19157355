using System.Collections.Immutable;
using Recipes.Engine.Building;

namespace Recipes.Cli.Output;

/// <summary>The answer of <c>build --json</c>.</summary>
internal sealed record BuildJson(bool Succeeded, ImmutableArray<PackageJson> Packages)
{
    public static BuildJson Of(BuildReport report) => new(report.Succeeded, [.. report.Outcomes.Values.Select(PackageJson.Of)]);
}

/// <summary>
/// One package of <see cref="BuildJson"/>; times in seconds. <paramref name="Unpinned"/> has the recipes whose sources were not
/// the pinned ones.
/// </summary>
internal sealed record PackageJson(
    string Name,
    string State,
    double? Seconds,
    double? CpuSeconds,
    string? Action,
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
            outcome.Result is { } result
                ? [.. result.Outputs.Values.Select(x => new OutputJson(x.Name, x.Tree.ToString(), x.FileBytes))]
                : [],
            [.. outcome.Result?.Unpinned ?? []],
            outcome.Failure is { } failure ? new(failure.Message, failure.LogPath, failure.Kept) : null
        );
}

/// <summary>One output in the store; <paramref name="Bytes"/> is the sum of its files' sizes.</summary>
internal sealed record OutputJson(string Name, string Tree, long Bytes);

/// <summary>Why a package failed.</summary>
internal sealed record FailureJson(string Message, string? Log, string? Kept);
