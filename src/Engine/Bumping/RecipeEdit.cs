using System.Collections.Immutable;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Releases;
using Recipes.Engine.Workspaces;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Bumping;

/// <summary>A string of a recipe that a bump exchanges.</summary>
/// <param name="File">Relative to the workspace.</param>
/// <param name="Key">Such as <c>version</c> or <c>archive</c>.</param>
/// <param name="Before">As it is written, with templates.</param>
/// <param name="After">As it will be written.</param>
internal sealed record RecipeEdit(string File, string Key, string Before, string After);

/// <summary>The files of a recipe, and of those that build from its source, as they read at another version.</summary>
/// <param name="Originals">As they are; the bumped recipe's own is the first.</param>
/// <param name="Texts">As they will be.</param>
/// <param name="Edits">What changes.</param>
internal sealed record EditedRecipes(
    ImmutableArray<RecipeText> Originals,
    ImmutableArray<RecipeText> Texts,
    ImmutableArray<RecipeEdit> Edits
)
{
    /// <summary>Where a recipe says where its source comes from: tables and keys.</summary>
    private static readonly (string Table, string Key)[] Origins =
    [
        ("source", "archive"),
        ("source", "mirrors"),
        ("source", "inner"),
        ("source", "tag"),
        ("source.also", "archive"),
        ("source.also", "mirrors"),
    ];

    /// <summary>
    /// The ways to write the new version, the most likely first. In each, <c>version</c> changes, and every origin that
    /// holds the old version literally. In later ones, places that stand in folders by series (<c>1.2/</c>,
    /// <c>gcc-14/</c>) move to the new one's. Only the given tag differs from a template's.
    /// </summary>
    /// <param name="workspace">The recipes as they are.</param>
    /// <param name="source">The one to bump.</param>
    /// <param name="version">The new version.</param>
    /// <param name="tag">The tag where the template's is not meant, or null.</param>
    public static IEnumerable<EditedRecipes> Candidates(
        Workspace workspace,
        OwnSource source,
        string version,
        string? tag
    )
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var (own, others) = (
            RecipeText.Read(source.Recipe),
            Followers(workspace, source).Select(RecipeText.Read).ToList()
        );
        foreach (var rewrite in (Func<string, string>[])[x => x, x => InSeries(x, source.Version, version)])
        {
            var changed = Edit(own, source.Version, version, (key, x) =>
                key == "tag" && tag is not null ? Tag(x, version, tag) : rewrite(x)
            );
            var texts = others.Select(x => Edit(x, source.Version, version, (_, same) => same)).Prepend(changed);
            var candidate = new EditedRecipes(
                [own, .. others],
                [.. texts.Select(x => x.Text)],
                [.. texts.SelectMany(x => x.Edits)]
            );
            if (seen.Add(string.Join('\n', candidate.Edits)))
                yield return candidate;
        }
    }

    /// <summary>The places of archives, as they are written in this candidate.</summary>
    public IEnumerable<string> Places =>
        Origins
            .Where(x => x.Key is "archive" or "mirrors")
            .SelectMany(x => Texts[0].Strings(x.Table, x.Key))
            .Select(x => x.Value);

    /// <summary>The same with one more string exchanged.</summary>
    /// <param name="before">An origin as it is written in this candidate.</param>
    /// <param name="after">What it becomes.</param>
    public EditedRecipes With(string before, string after)
    {
        var changes = Origins
            .SelectMany(x => Texts[0].Strings(x.Table, x.Key).Select(place => (x.Key, Place: place)))
            .Where(x => x.Place.Value == before)
            .ToList();
        var edits = Edits.ToBuilder();
        foreach (var (key, _) in changes)
        {
            var known = edits.FirstOrDefault(x => x.File == Texts[0].File && x.Key == key && x.After == before);
            if (known is not null)
                edits[edits.IndexOf(known)] = known with { After = after };
            else
                edits.Add(new(Texts[0].File, key, before, after));
        }
        return new(
            Originals,
            Texts.SetItem(0, Texts[0].With(changes.Select(x => (x.Place, after)))),
            edits.ToImmutable()
        );
    }

    /// <summary>Those that build from the source and write its version themselves.</summary>
    private static IEnumerable<Recipe> Followers(Workspace workspace, OwnSource source) =>
        workspace.OwnRecipes.Where(x =>
            x.WrittenSource?.From?.Name == source.Name
            && x.Version == source.Version
            && RecipeText.Read(x).Strings("", "version").Count > 0
        );

    private static (RecipeText Text, ImmutableArray<RecipeEdit> Edits) Edit(
        RecipeText text,
        string before,
        string after,
        Func<string, string, string> rewrite
    )
    {
        var changes = text.Strings("", "version").Select(x => (Key: "version", Place: x, Value: after)).ToList();
        foreach (var (table, key) in Origins)
            changes.AddRange(
                text.Strings(table, key).Select(x => (key, x, rewrite(key, Literal(key, x.Value, before, after))))
            );
        changes.RemoveAll(x => x.Place.Value == x.Value);
        return (
            text.With(changes.Select(x => (x.Place, x.Value))),
            [.. changes.Select(x => new RecipeEdit(text.File, x.Key, x.Place.Value, x.Value))]
        );
    }

    private static string Literal(string key, string text, string before, string after)
    {
        var replaced = Token.Replace(text, before, after);
        return key == "tag" && replaced == text
            ? Token.Replace(text, before.Replace('.', '_'), after.Replace('.', '_'))
            : replaced;
    }

    /// <summary>
    /// A tag that the template yields leaves it alone; another becomes a template if it holds the version.
    /// </summary>
    private static string Tag(string template, string version, string tag) =>
        template.Replace(VersionPattern.Word, version, StringComparison.Ordinal) == tag
            ? template
            : Token.Replace(tag, version, VersionPattern.Word);

    private static string InSeries(string text, string before, string after)
    {
        var (old, current) = (before.Split('.'), after.Split('.'));
        if (old.Length > 2 && current.Length > 1)
            text = Token.Replace(text, $"{old[0]}.{old[1]}", $"{current[0]}.{current[1]}");
        return old.Length > 1 ? Token.Replace(text, $"-{old[0]}", $"-{current[0]}") : text;
    }
}
