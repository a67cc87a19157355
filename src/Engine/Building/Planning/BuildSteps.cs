using System.Collections.Immutable;
using Recipes.Engine.Model;

namespace Recipes.Engine.Building.Planning;

/// <summary>
/// What each step of a build runs: the recipe's own script or that of its build system, with variables filled in.
/// </summary>
internal static class BuildSteps
{
    /// <summary>Step and script, in order; a step without anything to run is left out.</summary>
    public static IEnumerable<(string Step, string Script)> Of(PackageRecipe recipe)
    {
        var build = recipe.Build;
        foreach (var step in BuildSpec.StepNames)
        {
            var script = build.Steps.TryGetValue(step, out var own)
                ? build.Variables.IsEmpty
                    ? own.Text
                    : own.Fill(x => ValueOf(x, recipe))
                : build.System?.Steps.GetValueOrDefault(step)?.Fill(x => ValueOf(x, recipe));
            if (!string.IsNullOrWhiteSpace(script))
                yield return (step, script);
        }
    }

    private static string? ValueOf(string variable, PackageRecipe recipe)
    {
        var build = recipe.Build;
        return variable switch
        {
            "name" => recipe.Name,
            "version" => recipe.Version,
            "source" => build.OutOfTree ? "/build" : ".",
            _ when BuildSpec.StepNames.Contains(variable) => Words(build.Arguments.GetValueOrDefault(variable, [])),
            _ when (
                    build.Variables.GetValueOrDefault(variable)
                    ?? build.System?.Variables.GetValueOrDefault(variable)?.Default
                )
                    is { } value => value.IsList ? Words(value.Words) : value.Words[0],
            _ => throw new ArgumentException($"the variable '{variable}' is not checked", nameof(variable)),
        };
    }

    private static string? Words(ImmutableArray<string> words) =>
        words.IsEmpty ? null : string.Join(' ', words.Select(Shell.Quote));
}
