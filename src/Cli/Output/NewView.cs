using Recipes.Engine.Authoring;

namespace Recipes.Cli.Output;

/// <summary>What <c>recipes new</c> found, what it guessed, and what comes next.</summary>
internal static class NewView
{
    public static void Write(TextWriter writer, PreparedRecipe prepared, bool isStaged)
    {
        var (recipe, facts, plan) = (prepared.Recipe, prepared.Facts, prepared.Plan);
        BumpView.Line(writer, $"wrote {recipe.File}: {recipe.Name} {recipe.Version}");
        BumpView.Line(writer, $"pinned the commit {prepared.Pin.Commit} in recipes.lock{(isStaged ? ", and staged its gitlink and .gitmodules" : "")}");
        writer.WriteLine();
        (string Key, Finding? Value)[] lines =
        [
            ("system", new(plan.System.ToString().ToLowerInvariant(), plan.From, plan.IsGuess)),
            ("summary", facts.Summary),
            ("license", facts.License),
            ("homepage", facts.Homepage),
        ];
        foreach (var (key, value) in lines)
            BumpView.Line(writer, $"{key,-8}  {(value is null ? "not found; write it" : $"{value.Value}  ({(value.IsGuess ? "guessed" : "found")} from {value.From})")}");
        foreach (var remark in prepared.Remarks)
            BumpView.Line(writer, $"note      {remark}");
        writer.WriteLine();
        BumpView.Line(writer, $"next:  recipes build {recipe.Name}");
        BumpView.Line(writer, $"       recipes test {recipe.Name}    once the recipe has a [test] (recipes help test)");
    }
}
