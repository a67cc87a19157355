using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Artifacts;
using Recipes.Engine.Sources.Trees;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Building.Planning;

/// <summary>A directory that a recipe is built from in place of its pinned source.</summary>
/// <param name="Recipe">The recipe that has the source.</param>
/// <param name="Directory">Absolute path.</param>
/// <param name="Tree">What it held when it was read.</param>
public sealed record UnpinnedSource(string Recipe, string Directory, Digest Tree);

/// <summary>
/// The sources of a workspace that are not pinned. The store remembers which recipes were last built so: no image
/// composes from them unless it is asked to.
/// </summary>
/// <param name="workspace">Marks of other workspaces in the same store are not seen.</param>
/// <param name="store">Where trees and marks are kept.</param>
internal sealed class UnpinnedSources(Workspace workspace, ContentStore store)
{
    /// <summary>
    /// Workspace and recipe → the directory that the recipe was last built from; empty once it was built from its pin.
    /// </summary>
    internal static RecordType<UnpinnedRecord> Marks { get; } =
        new(
            "unpinned",
            RecordRole.Lasting,
            x =>
                x == UnpinnedRecord.Pinned
                    ? []
                    : JsonSerializer.SerializeToUtf8Bytes(x, UnpinnedJson.Default.UnpinnedRecord),
            x =>
                x.Length == 0
                    ? UnpinnedRecord.Pinned
                    : JsonSerializer.Deserialize(x, UnpinnedJson.Default.UnpinnedRecord)
        );

    /// <summary>Takes a directory, as it is now, into the store.</summary>
    /// <param name="source">The source that it stands in for, whose <c>only</c> narrows the directory too.</param>
    /// <param name="directory">Absolute path; <c>.git</c> in it is left out.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="EngineException">It cannot be read, or holds what no source may hold.</exception>
    public UnpinnedSource Import(OwnSource source, string directory, CancellationToken cancellationToken)
    {
        using var scratch = store.CreateScratch($"source-{source.Name}");
        var folder = System.IO.Directory.CreateDirectory(Path.Join(scratch.Path, "tree")).FullName;
        var imported = DirectoryImport.Run(directory, folder, source.Spec, cancellationToken);
        store.AddTree(folder, imported.Tree, cancellationToken);
        return new(source.Name, directory, imported.Tree.Digest);
    }

    /// <summary>Remembers that a recipe was built so.</summary>
    public void Mark(UnpinnedSource source) =>
        store.WriteRecord(Marks, Key(source.Recipe), new(source.Directory, source.Tree));

    /// <summary>Forgets it: the recipe was built from its pin.</summary>
    public void Forget(string recipe)
    {
        if (Find(recipe) is not null)
            store.WriteRecord(Marks, Key(recipe), UnpinnedRecord.Pinned);
    }

    /// <summary>What a recipe was last built from, or null if that was its pin.</summary>
    public UnpinnedSource? Find(string recipe) =>
        store.FindRecord(Marks, Key(recipe)) is { } record && record != UnpinnedRecord.Pinned
            ? new(recipe, record.Directory, record.Tree)
            : null;

    /// <summary>
    /// Remembers what was built from a directory, and forgets that of what was built from its pin now.
    /// </summary>
    /// <param name="report">How the builds ended.</param>
    /// <param name="names">What was to be built.</param>
    /// <param name="sources">The directories.</param>
    public void Note(BuildReport report, IReadOnlyCollection<string> names, IReadOnlyCollection<UnpinnedSource> sources)
    {
        var results = report.Outcomes.Values.Select(x => x.Result).OfType<BuiltPackage>().ToList();
        foreach (var source in sources.Where(x => results.Exists(r => r.Unpinned.Contains(x.Recipe))))
            Mark(source);
        foreach (var result in results.Where(x => x.Unpinned.IsEmpty && names.Contains(x.Recipe.Name)))
            Forget(result.Recipe.Name);
    }

    /// <summary>What to say to those who compose from pinned sources only.</summary>
    public static EngineException NotAllowed(string image, ImmutableArray<UnpinnedSource> sources) =>
        new(
            $"{image} would not hold what was built last: "
                + $"{string.Join(", ", sources.Select(x => $"{x.Recipe} from '{x.Directory}'"))}, "
                + $"which is not pinned; either {new Remedy(RemedyKind.AllowUnpinned)}, or to go back to the pin, "
                + $"{new Remedy(RemedyKind.Build, string.Join(' ', sources.Select(x => x.Recipe)))}"
        );

    /// <summary>What to say to those who compose from committed code only.</summary>
    public static EngineException NotCommitted(string image, ImmutableArray<UncommittedCode> code)
    {
        var changes = string.Join(", ", code.Select(x => $"{x.Recipe} with changes of {Listed(x.Paths)}"));
        return new(
            $"{image} would hold what is not committed: {changes}; either commit that, or "
                + $"{new Remedy(RemedyKind.AllowUnpinned)}"
        );
    }

    /// <summary>What to say to those who compose from what was made outside as it is pinned.</summary>
    public static EngineException NotRenewed(string image, IEnumerable<ArtifactSource> sources)
    {
        var all = sources.ToList();
        return new(
            $"{image} would not hold what is pinned: {MessageText.Lines(all.Select(ArtifactFolder.Difference))}, or "
                + $"{new Remedy(RemedyKind.AllowUnpinned)}"
        );
    }

    private static string Listed(ImmutableArray<string> paths)
    {
        const int most = 3;
        var shown = string.Join(", ", paths.Take(most).Select(x => $"'{x}'"));
        return paths.Length > most
            ? string.Create(CultureInfo.InvariantCulture, $"{shown} and {paths.Length - most} more")
            : shown;
    }

    /// <summary>Those that take part in the builds of some recipes.</summary>
    /// <param name="recipes">As the build order has them.</param>
    public ImmutableArray<UnpinnedSource> Among(IEnumerable<string> recipes) =>
        [
            .. recipes
                .SelectMany(x => SourceLayout.Of(workspace.Require(x), workspace).Trees)
                .Select(x => x.Recipe.Name)
                .Distinct(StringComparer.Ordinal)
                .Select(Find)
                .OfType<UnpinnedSource>(),
        ];

    private Digest Key(string recipe) => Digest.OfText($"{workspace.Root}\n{recipe}");
}

/// <summary>The pinned trees, but for some.</summary>
internal sealed class PartlyUnpinnedSources(
    ISourceTrees pinned,
    IReadOnlyCollection<UnpinnedSource> unpinned,
    ContentStore store
) : ISourceTrees
{
    private readonly Dictionary<string, UnpinnedSource> sources = unpinned.ToDictionary(
        x => x.Recipe,
        StringComparer.Ordinal
    );

    /// <inheritdoc/>
    public bool IsPinned(Recipe recipe) => !sources.ContainsKey(recipe.Name) && pinned.IsPinned(recipe);

    /// <inheritdoc/>
    public Digest PinnedTree(Recipe recipe) =>
        sources.TryGetValue(recipe.Name, out var source) ? source.Tree : pinned.PinnedTree(recipe);

    /// <inheritdoc/>
    public Task EnsureAsync(Recipe recipe, CancellationToken cancellationToken)
    {
        if (!sources.TryGetValue(recipe.Name, out var source))
            return pinned.EnsureAsync(recipe, cancellationToken);
        return store.HasTree(source.Tree)
            ? Task.CompletedTask
            : throw new EngineException(
                $"What '{recipe.Name}' was built from is no longer in the store; "
                    + $"{new Remedy(RemedyKind.BuildFrom, recipe.Name, source.Directory)}"
            );
    }

    /// <inheritdoc/>
    public long ArchiveBytes(Recipe recipe) => pinned.ArchiveBytes(recipe);
}

internal sealed record UnpinnedRecord([property: JsonRequired] string Directory, [property: JsonRequired] Digest Tree)
{
    public static UnpinnedRecord Pinned { get; } = new("", default);
}

[JsonSerializable(typeof(UnpinnedRecord))]
internal sealed partial class UnpinnedJson : JsonSerializerContext;
