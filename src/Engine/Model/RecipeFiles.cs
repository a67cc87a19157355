using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Recipes.Engine.Model;

/// <summary>A file of a recipe's folder.</summary>
/// <param name="RelativePath">In the folder, with <c>/</c>.</param>
/// <param name="AbsolutePath">On this machine.</param>
/// <param name="IsExecutable">By its owner.</param>
internal sealed record RecipeFile(string RelativePath, string AbsolutePath, bool IsExecutable);

/// <summary>
/// What lies in a recipe's folder beside <c>recipe.toml</c>, <c>source/</c>, the archives of a <c>file:</c> source and
/// an artifact: patches, scripts, configurations.
/// </summary>
internal static class RecipeFiles
{
    internal const string SourceFolder = "source";
    private const string FileScheme = "file:";

    /// <summary>
    /// All files, also hidden ones, sorted by the ordinal order of their paths; empty folders do not count.
    /// </summary>
    /// <exception cref="EngineException">There is a link, or something cannot be read.</exception>
    public static ImmutableArray<RecipeFile> List(Recipe recipe)
    {
        var files = ImmutableArray.CreateBuilder<RecipeFile>();
        try
        {
            Add(new DirectoryInfo(recipe.Folder), Archives(recipe), recipe.Artifact?.Directory, files);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"the files of '{recipe.Name}' cannot be read: {exception.Message}", exception);
        }
        files.Sort((a, b) => string.CompareOrdinal(a.RelativePath, b.RelativePath));
        return files.ToImmutable();
    }

    // An archive is the source, and known by its pin: were it a file too, the next release beside it would rebuild this
    // one.
    private static Regex[] Archives(Recipe recipe) =>
        recipe.WrittenSource is not { Archive: { } archive } source
            ? []
            :
            [
                .. source
                    .Mirrors.Prepend(archive)
                    .Concat(source.Also.SelectMany(x => x.Mirrors.Prepend(x.Archive)))
                    .Where(x => x.StartsWith(FileScheme, StringComparison.Ordinal))
                    .Select(x => AnyVersion(x[FileScheme.Length..], recipe.Version)),
            ];

    private static Regex AnyVersion(string path, string? version)
    {
        var pieces = string.IsNullOrEmpty(version) ? [path] : path.Split(version);
        return new(
            $"^{string.Join("[^/]+", pieces.Select(Regex.Escape))}$",
            RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
        );
    }

    private static void Add(
        DirectoryInfo top,
        Regex[] archives,
        string? artifact,
        ImmutableArray<RecipeFile>.Builder files
    )
    {
        var open = new Stack<(DirectoryInfo Folder, string Prefix)>([(top, "")]);
        while (open.TryPop(out var at))
        {
            foreach (var entry in at.Folder.EnumerateFileSystemInfos())
            {
                var path = at.Prefix + entry.Name;
                if (path is RecipeLocation.FileName or SourceFolder || entry.FullName == artifact)
                    continue;
                if (entry.LinkTarget is not null)
                    throw new EngineException(
                        $"'{entry.FullName}' is a link; the files of a recipe have to be plain files, so copy its "
                            + $"target there"
                    );
                if (entry is DirectoryInfo inner)
                    open.Push((inner, path + "/"));
                else if (!archives.Any(x => x.IsMatch(path)))
                    files.Add(
                        new RecipeFile(path, entry.FullName, entry.UnixFileMode.HasFlag(UnixFileMode.UserExecute))
                    );
            }
        }
    }
}
