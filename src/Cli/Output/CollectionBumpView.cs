using System.Globalization;
using Recipes.Engine.Bumping.Collections;

namespace Recipes.Cli.Output;

/// <summary>The review of a collection's move, for a person's eyes and as the message of its commit.</summary>
internal static class CollectionBumpView
{
    /// <summary>The message: a subject, an empty line, and the rest.</summary>
    public static string Message(CollectionReview review)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        Write(writer, review);
        return writer.ToString();
    }

    /// <summary>The same on a terminal, and what came of it.</summary>
    public static void Write(TextWriter writer, CollectionBumpResult bump)
    {
        Write(writer, bump.Review);
        if (bump.Review.Faults.IsEmpty)
            writer.WriteLine(
                bump.Commit is not null ? $"committed as {bump.Commit}"
                : bump.IsChanged ? "checked out, and staged"
                : "nothing was changed"
            );
    }

    private static void Write(TextWriter writer, CollectionReview review)
    {
        var (before, after) = (CollectionRepository.Short(review.Before), CollectionRepository.Short(review.After));
        BumpView.Line(writer, $"Bump {review.Collection} from {before} to {after}");
        writer.WriteLine();
        BumpView.Line(
            writer,
            Quantities.Count(review.Ahead, "commit")
                + (review.Behind == 0 ? "" : $" forward, {Quantities.Count(review.Behind, "commit")} back")
        );
        if (!review.Faults.IsEmpty)
            return;
        if (review.Recipes.IsEmpty)
            writer.WriteLine("no recipe changes");
        foreach (var change in review.Recipes)
            BumpView.Line(writer, $"  {Clause(change)}");
        foreach (var recipe in review.Lagging)
            BumpView.Line(
                writer,
                $"{recipe.File}{Version(recipe.Version)} stays in place of {recipe.Recipe}, which "
                    + (
                        recipe.Before == recipe.After
                            ? "changes"
                            : $"goes from {recipe.Before ?? "no version"} to {recipe.After ?? "none"}"
                    )
            );
        writer.WriteLine();
        BumpView.WriteRebuilds(writer, review.Rebuilds, review.Images);
        if (review.Built is { } built)
            BumpBuildView.Write(writer, built);
    }

    private static string Clause(RecipeChange change) =>
        change.Kind switch
        {
            RecipeChangeKind.Added => $"+ {change.Recipe}{Version(change.After)}",
            RecipeChangeKind.Removed => $"- {change.Recipe}{Version(change.Before)}",
            _ when change.Before == change.After => $"{change.Recipe}{Version(change.After)} changed",
            _ => $"{change.Recipe} {change.Before ?? "without version"} → {change.After ?? "without version"}",
        };

    private static string Version(string? version) =>
        version is null ? "" : string.Create(CultureInfo.InvariantCulture, $" {version}");
}
