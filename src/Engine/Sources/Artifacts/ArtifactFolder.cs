using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Sources.Trees;

namespace Recipes.Engine.Sources.Artifacts;

/// <summary>
/// A folder that was made outside, as it is now. What tells is its content, not a time or a mark: whoever makes it
/// knows nothing of this program.
/// </summary>
internal static class ArtifactFolder
{
    /// <summary>The tree that it makes; null where it is not there, or holds nothing of what is wanted.</summary>
    /// <exception cref="EngineException">It cannot be read, or holds something that no source may hold.</exception>
    public static Digest? Find(ArtifactSource source, CancellationToken cancellationToken) =>
        Exists(source) && DirectoryImport.Look(source.Directory, source.Spec, cancellationToken) is { Files: > 0 } found
            ? found.Tree.Digest
            : null;

    /// <summary>Copies it; it stays as it is.</summary>
    /// <param name="source">Names it.</param>
    /// <param name="destination">An existing empty folder.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="EngineException">
    /// It is not there, cannot be read, or holds something that no source may hold.
    /// </exception>
    public static ImportedTree Import(ArtifactSource source, string destination, CancellationToken cancellationToken) =>
        Exists(source)
        && DirectoryImport.Run(source.Directory, destination, source.Spec, cancellationToken) is { Files: > 0 } imported
            ? imported
            : throw Missing(source);

    /// <summary>What to say where it is not there, though it is wanted.</summary>
    public static EngineException Missing(ArtifactSource source) =>
        new(
            $"the artifact of '{source.Name}' is missing: '{source.Folder}' is not there, or has nothing of what the "
                + $"recipe wants; make it again"
        );

    /// <summary>What to say where it is not what the lock pins.</summary>
    public static MessageText Difference(ArtifactSource source)
    {
        MessageText clause = $"the artifact of '{source.Name}' in '{source.Folder}' differs from what is pinned";
        return source.Recipe.Collection is { } collection
            ? (MessageText)$"{clause}; that is for the collection '{collection.Name}' to fix"
            : (MessageText)$"{clause}; {new Remedy(RemedyKind.LockAnew, source.Name)}";
    }

    /// <summary>Refuses what is not as it is pinned.</summary>
    /// <exception cref="EngineException">It differs.</exception>
    public static void Verify(ArtifactSource source, ArtifactPin pin, Digest found)
    {
        if (found != pin.Tree)
            throw new EngineException(Difference(source));
    }

    private static bool Exists(ArtifactSource source)
    {
        if (File.Exists(source.Directory))
            throw new EngineException($"the artifact of '{source.Name}' is a folder, and '{source.Folder}' is a file");
        return Directory.Exists(source.Directory);
    }
}
