using System.Globalization;
using System.Text;

namespace Recipes.Engine.Content;

/// <summary>How sure it has to be that a file that got its name is still there after a loss of power.</summary>
internal enum FileDurability
{
    /// <summary>Not at all: it is checked when it is read, or made anew in no time.</summary>
    None,

    /// <summary>Where it has its name, it is whole.</summary>
    Content,

    /// <summary>It is there, and whole.</summary>
    Name,
}

/// <summary>
/// The one way to write a file that others read or that must not be lost: into a draft, which then takes the file's
/// name. At any time there is the old file or the new one under that name, and no draft is left when it does not come
/// to that.
/// </summary>
/// <remarks>
/// A link in the place of the file is replaced and not followed, so that the change is one rename; a file keeps its
/// mode.
/// </remarks>
internal sealed class FileDraft : IDisposable
{
    private readonly string target;
    private readonly FileDurability durability;
    private readonly bool keepsMode;
    private bool isPublished;

    private FileDraft(string path, string target, FileDurability durability, bool keepsMode) =>
        (Path, this.target, this.durability, this.keepsMode) = (path, target, durability, keepsMode);

    /// <summary>Where the draft is.</summary>
    public string Path { get; }

    /// <summary>A draft of a file anywhere, in the same folder.</summary>
    /// <param name="target">The file's absolute path; its folder exists.</param>
    /// <param name="durability">How sure it has to be.</param>
    public static FileDraft Beside(string target, FileDurability durability = FileDurability.Name)
    {
        var (folder, name) = (System.IO.Path.GetDirectoryName(target), System.IO.Path.GetFileName(target));
        return new(System.IO.Path.Join(folder, $".{NewName(name)}.new"), target, durability, keepsMode: true);
    }

    /// <summary>
    /// A draft elsewhere on the same file system, such as in the scratch folder of a store; it keeps its own mode.
    /// </summary>
    /// <param name="path">Of the draft; a file that is there is taken for it.</param>
    /// <param name="target">The file's path.</param>
    /// <param name="durability">How sure it has to be.</param>
    public static FileDraft At(string path, string target, FileDurability durability) =>
        new(path, target, durability, keepsMode: false);

    /// <summary>Writes a whole file.</summary>
    /// <exception cref="IOException">It cannot be written, and is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public static void Write(string target, ReadOnlySpan<byte> content, FileDurability durability = FileDurability.Name)
    {
        using var draft = Beside(target, durability);
        draft.Write(content);
        draft.Publish();
    }

    /// <inheritdoc cref="Write(string, ReadOnlySpan{byte}, FileDurability)"/>
    public static void Write(string target, string text, FileDurability durability = FileDurability.Name) =>
        Write(target, Encoding.UTF8.GetBytes(text), durability);

    /// <summary>
    /// A name that nobody has: the process first, for people and for what cleans up, then what it is for.
    /// </summary>
    public static string NewName(string label)
    {
        var safe = string.Concat(
            label.Take(60).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '+' ? c : '_')
        );
        var random = System.IO.Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal);
        return string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{safe}-{random}");
    }

    /// <summary>Opens the draft, which must not be there, for writing.</summary>
    public FileStream Create(int bufferSize) =>
        new(Path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize);

    /// <summary>Writes all of the draft.</summary>
    public void Write(ReadOnlySpan<byte> content)
    {
        // Cut to nothing first, though it is new: ext4 then takes the blocks when the file is closed, so that a name
        // that came to the disk hardly ever comes without them, also where nobody waits for either.
        using var file = File.OpenHandle(Path, FileMode.Create, FileAccess.Write, FileShare.None);
        RandomAccess.Write(file, content, 0);
    }

    /// <summary>Gives the finished draft the file's name, in place of what has it.</summary>
    /// <exception cref="IOException">That failed; the file is as it was.</exception>
    public void Publish()
    {
        if (keepsMode && File.Exists(target))
            File.SetUnixFileMode(Path, File.GetUnixFileMode(target));
        Sync();
        Posix.RenameFile(Path, target);
        Settle();
    }

    /// <summary>Gives the finished draft the file's name, if nothing has it.</summary>
    /// <exception cref="IOException">Something has that name, or it failed.</exception>
    public void PublishNew()
    {
        Sync();
        File.Move(Path, target, overwrite: false);
        Settle();
    }

    /// <summary>Deletes a draft that was not published.</summary>
    public void Dispose()
    {
        if (isPublished)
            return;
        try
        {
            if (File.Exists(Path))
                File.Delete(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Why it was not published is the better news.
        }
    }

    private void Sync()
    {
        if (durability != FileDurability.None)
            Posix.Sync(Path);
    }

    private void Settle()
    {
        isPublished = true;
        if (durability != FileDurability.Name)
            return;
        try
        {
            Posix.Sync(System.IO.Path.GetDirectoryName(target)!);
        }
        catch (IOException)
        {
            // Not every file system can; without it, the old file may come back after a loss of power.
        }
    }
}
