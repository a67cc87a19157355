using Recipes.Engine.Authoring;

namespace Recipes.Cli.Output;

/// <summary>What <c>recipes new</c> found, what it guessed, and what comes next.</summary>
internal static class NewView
{
    public static void Write(TextWriter writer, PreparedRecipe prepared, bool isStaged)
    {
        var (recipe, facts, plan) = (prepared.Recipe, prepared.Facts, prepared.Plan);
        BumpView.Line(writer, $"wrote {recipe.File}: {recipe.Name} {recipe.Version}");
        if (prepared.Image is { } image)
            BumpView.Line(writer, $"wrote {image.File}: an image of it");
        BumpView.Line(
            writer,
            $"pinned the commit {prepared.Pin.Commit} in "
                + $"recipes.lock{(isStaged ? ", and staged its gitlink and .gitmodules" : "")}"
        );
        writer.WriteLine();
        (string Key, Finding? Value)[] lines =
        [
            ("system", new(plan.System, plan.From, plan.IsGuess)),
            ("summary", facts.Summary),
            ("license", facts.License),
            ("homepage", facts.Homepage),
        ];
        foreach (var (key, value) in lines)
            BumpView.Line(
                writer,
                $"{key, -8}  {(value is null ? "not found; write it" : $"{value.Value}  ({(value.IsGuess ? "guessed" : "found")} from {value.From})")}"
            );
        foreach (var remark in prepared.Remarks)
            BumpView.Line(writer, $"note      {remark}");
        writer.WriteLine();
        BumpView.Line(writer, $"next:  recipes build {recipe.Name}");
        BumpView.Line(writer, $"       recipes test {recipe.Name}    once the recipe has a [test] (recipes help test)");
        if (prepared.Image is not null)
            WriteNext(writer, "       ", recipe.Name);
    }

    /// <summary>An image alone, of a package that was there.</summary>
    public static void Write(TextWriter writer, PreparedImage image)
    {
        BumpView.Line(writer, $"wrote {image.Recipe.File}: an image of {image.Package}");
        writer.WriteLine();
        WriteNext(writer, "next:  ", image.Package);
    }

    private static void WriteNext(TextWriter writer, string first, string package)
    {
        BumpView.Line(
            writer,
            $"{first}recipes files {package}    lists its programs: correct the entrypoint of the image"
        );
        BumpView.Line(writer, $"       recipes compose {package}-image");
    }
}
