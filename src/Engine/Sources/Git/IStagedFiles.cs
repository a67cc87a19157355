using LibGit2Sharp;

namespace Recipes.Engine.Sources.Git;

/// <summary>The index of a repository.</summary>
internal interface IStagedFiles
{
    /// <summary>All entries, those of merge conflicts included.</summary>
    IEnumerable<IndexItem> All { get; }

    /// <summary>The entry of a path without a merge conflict; null if there is none.</summary>
    IndexItem? Find(string path);

    /// <summary>True if a path has a merge conflict.</summary>
    bool IsConflicted(string path);

    /// <summary>Removes paths, sets others, and writes the index once.</summary>
    void Write(IReadOnlyCollection<string> remove, IReadOnlyCollection<IndexItem> set);
}

/// <summary>
/// Opens the index by the library, or by git where it has what the library does not read: a split index, a sparse one.
/// </summary>
/// <remarks>See gitformat-index(5): the extensions <c>link</c> and <c>sdir</c>.</remarks>
internal static class StagedFiles
{
    public static IStagedFiles Of(Repository repository, string root)
    {
        try
        {
            return new LibraryIndex(repository.Index);
        }
        catch (LibGit2SharpException e) when (e.Message.Contains("mandatory extension", StringComparison.Ordinal))
        {
            return new ProgramIndex(new(repository.Info.Path, root));
        }
    }
}
