namespace Recipes.Engine.Inspection.Linking;

/// <summary>Where a need of a file leads.</summary>
/// <param name="File">The library.</param>
/// <param name="Scan">What that needs itself; null if nothing, or if it is not to be followed.</param>
internal sealed record LoadedLibrary<T>(Located<T> File, FileScan? Scan);

/// <summary>
/// Loads files as the dynamic linker does: breadth first, each library once. So that a library without a run path may
/// lean on that of the program which loads it, each need is judged where it is loaded: only of a file that no other
/// loads does it count what it finds by itself, as after <c>dlopen</c>.
/// </summary>
/// <param name="find">Finds what a need of a file leads to, or null.</param>
internal sealed class LoadWalk<T>(Func<LoadedFile<T>, string, LoadedLibrary<T>?> find)
    where T : notnull
{
    private readonly List<(LoadedFile<T> By, string Need)> missing = [];
    private readonly HashSet<(T Owner, string Path)> loaded = [];

    /// <summary>What was not found, each need of a file once.</summary>
    public IEnumerable<(LoadedFile<T> By, string Need)> Missing =>
        missing
            .Where(x => x.By.NeededBy is not null || !loaded.Contains((x.By.Owner, x.By.File.Path)))
            .DistinctBy(x => (x.By.Owner, x.By.File.Path, x.Need));

    /// <summary>Loads a program, or a library as <c>dlopen</c> would, with all they need.</summary>
    /// <param name="start">The file.</param>
    /// <param name="onFound">Is told of each need that was found, also where it was in memory already.</param>
    public void Load(LoadedFile<T> start, Action<LoadedFile<T>, string, Located<T>>? onFound = null)
    {
        var searched = new Dictionary<string, Located<T>>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal) { start.File.Path };
        var open = new Queue<LoadedFile<T>>([start]);
        while (open.TryDequeue(out var file))
        {
            foreach (var need in file.File.Needed)
            {
                if (searched.TryGetValue(need, out var known))
                {
                    onFound?.Invoke(file, need, known);
                    continue;
                }
                if (find(file, need) is not { } library)
                {
                    missing.Add((file, need));
                    continue;
                }
                onFound?.Invoke(file, need, library.File);
                // What was opened by its path does not answer to its name.
                if (!need.Contains('/', StringComparison.Ordinal))
                    searched.Add(need, library.File);
                if (library.Scan is not { } scan || !seen.Add(library.File.Path))
                    continue;
                loaded.Add((library.File.Owner, scan.Path));
                open.Enqueue(new(library.File.Owner, library.File.OpenedAs, scan, file));
            }
        }
    }
}
