namespace Recipes.Engine.Workspaces.Toml;

/// <summary>Reads files that should be short.</summary>
internal static class TomlFile
{
    /// <summary>A character takes four bytes at most.</summary>
    private const int BytesOfCharacter = 4;

    /// <summary>The whole file, if it may be one of at most so many characters.</summary>
    /// <exception cref="EngineException">
    /// It is longer, or no regular file: one clause, without the file's name.
    /// </exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[] Read(string path, int longest = TomlReader.MaxRecipe)
    {
        // Opening a fifo would wait for someone to write.
        if (
            File.Exists(path)
            && (File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path) is var file
            && Content.Posix.Stat(file) is { Kind: not Content.FileKind.File }
        )
            throw new EngineException("it is not a regular file");
        using var stream = File.OpenRead(path);
        if (stream.Length > (long)longest * BytesOfCharacter)
            throw new EngineException(
                $"the file is longer than {longest >> 20} MiB, the most that is read of such a file"
            );
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
