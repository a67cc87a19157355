using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Sources.Locking;

internal sealed partial record LockFile
{
    /// <summary>A lock without pins.</summary>
    public static LockFile Empty { get; } =
        new(
            ImmutableSortedDictionary.Create<string, Pin>(StringComparer.Ordinal),
            ImmutableSortedDictionary.Create<string, SeedPin>(StringComparer.Ordinal)
        );

    /// <summary>
    /// The digest of what the lock says: comments, line ends and the order of its tables take no part.
    /// </summary>
    public Digest SemanticDigest => Digest.OfText(ToText());

    /// <summary>Reads <c>recipes.lock</c>; a missing file is an empty lock.</summary>
    /// <exception cref="EngineException">
    /// The file has faults, or holds a merge conflict: each with file and line.
    /// </exception>
    /// <param name="path">Where it is.</param>
    /// <param name="name">How messages name it; null for by its own name.</param>
    public static LockFile Read(string path, string? name = null) =>
        LockReader.Read(path, name ?? Path.GetFileName(path));

    /// <summary>Reads the text of a lock; the name is for messages.</summary>
    /// <exception cref="EngineException">As with <see cref="Read"/>.</exception>
    public static LockFile Parse(string text, string name = "recipes.lock") =>
        LockReader.Parse(new SourceText(name, text));

    /// <summary>The text of the file: equal locks have equal text.</summary>
    public string ToText() => LockWriter.Write(this);

    /// <summary>
    /// Writes the file in one piece, or leaves the old one as it was; a file that says the same is left alone.
    /// </summary>
    /// <exception cref="EngineException">The file cannot be written.</exception>
    public void Write(string path)
    {
        try
        {
            var text = ToText();
            if (File.Exists(path) && string.Equals(File.ReadAllText(path), text, StringComparison.Ordinal))
                return;
            FileDraft.Write(path, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"The lock '{path}' cannot be written: {e.Message}", e);
        }
    }
}
