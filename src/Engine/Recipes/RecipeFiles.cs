using System.Collections.Immutable;
using Recipes.Engine.Recipes.Reading;

namespace Recipes.Engine.Recipes;

/// <summary>A file of a recipe's folder.</summary>
/// <param name="RelativePath">In the folder, with <c>/</c>.</param>
/// <param name="AbsolutePath">On this machine.</param>
/// <param name="IsExecutable">By its owner.</param>
public sealed record RecipeFile(string RelativePath, string AbsolutePath, bool IsExecutable);

/// <summary>What lies in a recipe's folder beside <c>recipe.toml</c> and <c>source/</c>: patches, scripts, configurations.</summary>
public static class RecipeFiles
{
    internal const string SourceFolder = "source";

    /// <summary>All files, also hidden ones, sorted by the ordinal order of their paths; empty folders do not count.</summary>
    /// <exception cref="EngineException">There is a link, or something cannot be read.</exception>
    public static ImmutableArray<RecipeFile> List(Recipe recipe)
    {
        var files = ImmutableArray.CreateBuilder<RecipeFile>();
        try
        {
            Add(new DirectoryInfo(recipe.Folder), "", files);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"the files of '{recipe.Name}' cannot be read: {exception.Message}", exception);
        }
        files.Sort((a, b) => string.CompareOrdinal(a.RelativePath, b.RelativePath));
        return files.ToImmutable();
    }

    private static void Add(DirectoryInfo folder, string prefix, ImmutableArray<RecipeFile>.Builder files)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            var path = prefix + entry.Name;
            if (path is RecipeLocation.FileName or SourceFolder)
                continue;
            if (entry.LinkTarget is not null)
                throw new EngineException(
                    $"'{entry.FullName}' is a link; the files of a recipe have to be plain files, so copy its target there"
                );
            if (entry is DirectoryInfo inner)
                Add(inner, path + "/", files);
            else
                files.Add(new RecipeFile(path, entry.FullName, entry.UnixFileMode.HasFlag(UnixFileMode.UserExecute)));
        }
    }
}
