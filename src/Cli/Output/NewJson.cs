using System.Collections.Immutable;
using Recipes.Engine.Authoring;

namespace Recipes.Cli.Output;

/// <summary>The answer of <c>new --json</c>; what was not found is null.</summary>
internal sealed record NewJson(
    string Recipe,
    string File,
    PinnedVersionJson Pin,
    bool Staged,
    BuildPlanJson Build,
    FindingJson? Summary,
    FindingJson? License,
    FindingJson? Homepage,
    ImmutableArray<string> Remarks,
    string Text,
    NewImageJson? Image
)
{
    public static NewJson Of(PreparedRecipe recipe, bool isStaged) =>
        new(
            recipe.Recipe.Name,
            recipe.Recipe.File,
            PinnedVersionJson.Of(recipe.Pin),
            isStaged,
            new(recipe.Plan.System, recipe.Plan.From, recipe.Plan.IsGuess),
            FindingJson.Of(recipe.Facts.Summary),
            FindingJson.Of(recipe.Facts.License),
            FindingJson.Of(recipe.Facts.Homepage),
            recipe.Remarks,
            recipe.Text,
            recipe.Image is { } image ? new($"{recipe.Recipe.Name}-image", image.File, image.Text) : null
        );
}

/// <summary>The recipe of an image, as <c>new --image</c> wrote it.</summary>
internal sealed record NewImageJson(string Recipe, string File, string Text);

/// <summary>How it is built.</summary>
internal sealed record BuildPlanJson(string System, string From, bool Guess);

/// <summary>What the source tells; <paramref name="Guess"/> if a person has to look.</summary>
internal sealed record FindingJson(string Value, string From, bool Guess)
{
    public static FindingJson? Of(Finding? finding) =>
        finding is null ? null : new(finding.Value, finding.From, finding.IsGuess);
}
