using System.Collections.Immutable;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Images;

namespace Recipes.Cli.Output;

/// <summary>Why something has to be built, for people.</summary>
internal static class ExplanationView
{
    public static void Write(TextWriter writer, string name, BuildExplanation explanation)
    {
        if (explanation.Causes.IsEmpty)
            writer.WriteLine($"{name} and all it needs are built");
        foreach (var cause in explanation.Causes)
        {
            var expected =
                cause.Expected is { } time && cause.Standing == Standing.Unbuilt
                    ? $" (took {Quantities.Duration(time)} last time)"
                    : "";
            writer.WriteLine(Printable.Line($"{cause.Package}: {Reason(cause)}{expected}"));
            foreach (var difference in cause.Differences)
                writer.WriteLine("  " + Printable.Line(Describe(difference)));
        }
        if (!explanation.Waiting.IsEmpty)
            writer.WriteLine(
                $"then, unless what they need comes out unchanged: {string.Join(", ", explanation.Waiting)}"
            );
    }

    private static string Reason(RootCause cause) =>
        cause.Standing switch
        {
            Standing.Faulty => cause.Problem is { } problem ? RemedyWords.Of(problem) : "it cannot be planned",
            Standing.WithoutSource =>
                $"its pinned source is not in the store yet, with its patches; recipes fetch --unpack {cause.Package} brings it",
            Standing.Unsplit => "what it installed is in the store, and only its outputs are split and checked anew",
            _ when !cause.WasBuilt => "it was never built into this store",
            _ when cause.Differences.IsEmpty =>
                "it changed since it was built last, and what it was built from then is no longer kept",
            _ => "it changed since it was built last",
        };

    // A line of a script has quotes of its own.
    private static string Quoted(string? text) =>
        text?.Contains('\'', StringComparison.Ordinal) == true ? $"`{text}`" : $"'{text}'";

    private static string Describe(ActionDifference difference)
    {
        var verb =
            difference.IsAdded ? "added"
            : difference.IsRemoved ? "removed"
            : "changed";
        var more = difference.More > 0 ? $", and {Quantities.Count(difference.More, "more file")}" : "";
        var values = difference is { Before: null, After: null }
            ? ""
            : $": {Quoted(difference.Before)} → {Quoted(difference.After)}";
        return difference.Part switch
        {
            ActionPart.Environment => $"environment: {difference.Subject} {verb}{values}",
            ActionPart.Steps => $"steps: {difference.Before} → {difference.After}",
            ActionPart.Step => $"step {difference.Subject} {verb}{values}",
            ActionPart.RecipeFile => $"file of the recipe: {difference.Subject} {verb}{more}",
            ActionPart.Source => $"source: {difference.Subject} {verb}{more}",
            ActionPart.Need =>
                $"need: {difference.Subject} {verb}{(difference.Path is null ? "" : $", {difference.Path}{more}")}",
            _ => $"limit: {difference.Subject} {verb}{values}",
        };
    }
}

/// <summary>The answer of <c>explain --json</c>.</summary>
internal sealed record ExplanationJson(
    bool Built,
    ImmutableArray<CauseJson> Causes,
    ImmutableArray<string> Waiting,
    ImmutableArray<ForecastJson> RuntimeNeeds
)
{
    public static ExplanationJson Of(BuildExplanation explanation, RuntimeForecast forecast) =>
        new(
            explanation.Causes.IsEmpty,
            [.. explanation.Causes.Select(CauseJson.Of)],
            explanation.Waiting,
            ForecastJson.Of(forecast)
        );
}

/// <summary>
/// One cause; <paramref name="Standing"/> is <c>unbuilt</c>, <c>unsplit</c>, <c>without-source</c> or <c>faulty</c>.
/// </summary>
internal sealed record CauseJson(
    string Package,
    string Standing,
    bool WasBuilt,
    double? ExpectedSeconds,
    string? Problem,
    ImmutableArray<DifferenceJson> Differences
)
{
    public static CauseJson Of(RootCause cause) =>
        new(
            cause.Package,
            cause.Standing == Engine.Building.Planning.Standing.WithoutSource
                ? "without-source"
                : cause.Standing.ToString().ToLowerInvariant(),
            cause.WasBuilt,
            cause.Expected?.TotalSeconds,
            cause.Problem is { } problem ? RemedyWords.Of(problem) : null,
            [
                .. cause.Differences.Select(x => new DifferenceJson(
                    x.Part == ActionPart.RecipeFile ? "recipe-file" : x.Part.ToString().ToLowerInvariant(),
                    x.Subject,
                    x.Path,
                    x.Before,
                    x.After,
                    x.IsAdded,
                    x.IsRemoved,
                    x.More
                )),
            ]
        );
}

/// <summary>One part of an action that differs.</summary>
internal sealed record DifferenceJson(
    string Part,
    string Subject,
    string? Path,
    string? Before,
    string? After,
    bool Added,
    bool Removed,
    int More
);
