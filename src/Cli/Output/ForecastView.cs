using System.Collections.Immutable;
using Recipes.Engine.Images;
using Recipes.Engine.Model;

namespace Recipes.Cli.Output;

/// <summary>What composing will build that no recipe names, for people.</summary>
internal static class ForecastView
{
    /// <summary>Nothing is written if there is nothing of the kind.</summary>
    public static void Write(TextWriter writer, Recipe recipe, RuntimeForecast forecast)
    {
        var needs = forecast.Needs.ToList();
        if (needs.Count == 0)
            return;
        var who = recipe is ImageRecipe ? recipe.Name : $"an image with {recipe.Name}";
        foreach (var (output, (user, file, need)) in needs)
            writer.WriteLine(Printable.Line($"{who} also takes {output}: '{file}' of {user} needs {need}"));
        var builds = forecast.Builds;
        var packages = builds.Causes.Select(x => x.Package).Concat(builds.Waiting);
        var time = builds.Expected is { } expected ? $" ({Quantities.Duration(expected)} last time)" : "";
        writer.WriteLine(Printable.Line($"composing it builds first: {string.Join(", ", packages)}{time}"));
    }
}

/// <summary>An output that composing builds though no recipe names it.</summary>
internal sealed record ForecastJson(string Output, string NeededBy, string File, string Need)
{
    public static ImmutableArray<ForecastJson> Of(RuntimeForecast forecast) =>
        [.. forecast.Needs.Select(x => new ForecastJson(x.Key, x.Value.Output, x.Value.File, x.Value.Need))];
}
