namespace Recipes.Engine.Inspection.Linking;

/// <summary>Words for a library that is not found: where it was looked for, and where it lies instead.</summary>
internal static class MissingLibrary
{
    /// <summary>Goes on after the path of the file.</summary>
    /// <param name="by">The file.</param>
    /// <param name="need">The library.</param>
    /// <param name="searched">The folders that were searched.</param>
    /// <param name="elsewhere">A file of that name or soname, or null.</param>
    /// <param name="nowhere">What to say where there is none.</param>
    public static string Describe<T>(
        LoadedFile<T> by,
        string need,
        IEnumerable<string> searched,
        (string Owner, string Path)? elsewhere,
        string nowhere
    )
    {
        var what = by.NeededBy is { } loader ? $"needs {need} when '{loader.File.Path}' loads it" : $"needs {need}";
        if (elsewhere is not var (owner, path))
            return LibrarySearch.IsGnu(by) && (LibrarySearch.IsLinkerItself(need) || GnuProgram.IsLinker($"/{need}"))
                ? $"{what}, {GnuProgram.MissingLibrary}"
                : $"{what}, which {nowhere}";
        var folders = searched.Distinct(StringComparer.Ordinal).ToList();
        var places = folders.Count > 1 ? $"{string.Join(", ", folders[..^1])} and {folders[^1]}" : folders[0];
        var folder = "/" + Path.GetDirectoryName(path);
        return need.Contains('/', StringComparison.Ordinal)
                ? $"{what}, and '{path}' of {owner} lies elsewhere; link by soname, not by path"
            : folders.Contains(folder)
                ? $"{what}, and '{path}' of {owner} has another file name; install it, or a link to it, as "
                    + $"'{folder}/{need}'"
            : $"{what}, which the dynamic linker looks for in {places}, and it lies in '{path}' of {owner}; link "
                + $"with -Wl,-rpath,{folder}, or install the library in /usr/lib";
    }
}
