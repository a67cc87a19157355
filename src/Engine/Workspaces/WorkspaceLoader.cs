using System.Collections.Concurrent;
using System.Collections.Immutable;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Collections;
using Recipes.Engine.Workspaces.Reading;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Workspaces;

/// <summary>Reads all recipes of a workspace and of its collections, on all cores.</summary>
internal static class WorkspaceLoader
{
    /// <summary>So few recipes are read before the threads of a pool have even started.</summary>
    private const int FewRecipes = 32;

    /// <param name="root">Absolute.</param>
    /// <param name="edited">Content that counts in place of a file's, by the file relative to the workspace.</param>
    /// <param name="moved">Folders of collections that are looked at elsewhere, by name.</param>
    /// <param name="cancellationToken">Stops it between two recipes.</param>
    public static Workspace Load(
        string root,
        IReadOnlyDictionary<string, byte[]> edited,
        IReadOnlyDictionary<string, string> moved,
        CancellationToken cancellationToken
    )
    {
        if (!Directory.Exists(root))
            throw new EngineException($"the workspace '{root}' does not exist");
        try
        {
            var (collections, faults) = CollectionFinder.Find(root, moved);
            List<RecipeLocation> locations =
            [
                .. Locations(root, collection: null, edited.Keys),
                .. collections.SelectMany(x => Locations(x.Root, x, [])),
            ];
            var results = new RecipeReadResult?[locations.Count];
            if (locations.Count <= FewRecipes)
            {
                Read(0, results.Length);
            }
            else
            {
                // Recipes take about the same time: whole ranges are dealt out, not single ones.
                Parallel.ForEach(
                    Partitioner.Create(0, results.Length),
                    new ParallelOptions { CancellationToken = cancellationToken },
                    range => Read(range.Item1, range.Item2)
                );
            }
            List<SystemReadResult> systems =
            [
                .. SystemReader.ReadAll(root, collection: null),
                .. collections.SelectMany(x => SystemReader.ReadAll(x.Root, x)),
            ];
            return WorkspaceChecker.Check(root, collections, systems, [.. results.OfType<RecipeReadResult>()], faults);

            void Read(int start, int end)
            {
                for (var i = start; i < end; i++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    results[i] = WorkspaceLoader.Read(locations[i], edited);
                }
            }
        }
        catch (AggregateException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (AggregateException exception)
            when (exception.InnerException is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(exception.InnerException);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(exception);
        }
    }

    private static EngineException Unreadable(Exception exception) =>
        new($"the recipes cannot be read: {exception.Message}", exception);

    /// <summary>
    /// Every folder of every area, sorted by file name, hidden ones left out; and those that edited files will be in.
    /// </summary>
    private static List<RecipeLocation> Locations(string root, Collection? collection, IEnumerable<string> edited)
    {
        var locations = new List<RecipeLocation>();
        foreach (var area in Enum.GetValues<RecipeArea>())
        {
            var folder = Path.Combine(root, Areas.Directory(area));
            var present = Directory.Exists(folder) ? Directory.GetDirectories(folder) : [];
            var names = edited
                .Select(x => Path.GetDirectoryName(Path.Combine(root, x))!)
                .Where(x => Path.GetDirectoryName(x) == folder)
                .Union(present, StringComparer.Ordinal)
                .Order(StringComparer.Ordinal);
            locations.AddRange(
                names
                    .Where(x => !Path.GetFileName(x).StartsWith('.'))
                    .Select(x => new RecipeLocation(area, x, collection))
            );
        }
        return locations;
    }

    private static RecipeReadResult? Read(RecipeLocation location, IReadOnlyDictionary<string, byte[]> edited)
    {
        try
        {
            return edited.TryGetValue(location.File, out var text)
                ? RecipeReader.Read(text, location)
                : RecipeReader.Read(TomlFile.Read(Path.Combine(location.Folder, RecipeLocation.FileName)), location);
        }
        catch (FileNotFoundException)
        {
            return Missing(location);
        }
        catch (EngineException e)
        {
            return RecipeReader.Faulty(location, e.Message);
        }
    }

    /// <summary>
    /// A folder may be left over with nothing but a source in it; one with other files lacks its recipe.
    /// </summary>
    private static RecipeReadResult? Missing(RecipeLocation location) =>
        Directory.EnumerateFileSystemEntries(location.Folder).Any(x => Path.GetFileName(x) != RecipeFiles.SourceFolder)
            ? RecipeReader.Faulty(location, $"the folder has no {RecipeLocation.FileName}")
            : null;
}
