namespace Recipes.Engine.Content;

internal sealed partial class ContentStore
{
    /// <summary>Keeps some bytes.</summary>
    public Digest AddBlob(ReadOnlySpan<byte> bytes)
    {
        var digest = Digest.Of(bytes);
        if (FindBlob(digest) is null)
            Write(Layout.Blob(digest), bytes, isDear: true);
        return digest;
    }

    /// <summary>Takes a file below a scratch folder as a blob; the file is gone afterwards.</summary>
    public Digest AddBlobFile(string scratchFile)
    {
        RequireWritable();
        var digest = Digest.OfFile(scratchFile);
        var path = Layout.Blob(digest);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.SetUnixFileMode(scratchFile, FileStamp.ModeOf(isExecutable: false));
        using var draft = FileDraft.At(scratchFile, path, FileDurability.Content);
        draft.Publish();
        return digest;
    }

    /// <summary>The path of a blob that is here (size compared), else null. Marks it as used now.</summary>
    public string? FindBlob(Digest blob)
    {
        var path = Layout.Blob(blob);
        if (!Use(path, out var size))
            return null;
        if (size == blob.Size)
            return path;
        Drop(path);
        return null;
    }
}
