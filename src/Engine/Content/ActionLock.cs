using Microsoft.Win32.SafeHandles;

namespace Recipes.Engine.Content;

/// <summary>
/// Held by the process that runs an action, so that no other runs it meanwhile. Ends with the process, however that
/// ends.
/// </summary>
internal sealed class ActionLock : IDisposable
{
    private readonly string path;
    private readonly SafeFileHandle file;

    private ActionLock(string path, SafeFileHandle file) => (this.path, this.file) = (path, file);

    /// <summary>Takes the lock; null if another holds it.</summary>
    /// <exception cref="IOException">The file cannot be made; waiting would not change that.</exception>
    internal static ActionLock? TryTake(string path)
    {
        var (file, error) = Posix.TryOpenLock(path, write: true);
        if (file is null)
            throw Posix.Failure("open", path, error);
        ActionLock? taken = null;
        try
        {
            // The one before deletes its file, and a lock on a deleted file keeps nobody out.
            if (Posix.TryLock(file, exclusive: true, wait: false) && Posix.Stat(path)?.Inode == Posix.Stat(file).Inode)
                taken = new(path, file);
            return taken;
        }
        finally
        {
            if (taken is null)
                file.Dispose();
        }
    }

    /// <summary>True if a process holds it; nothing is written.</summary>
    internal static bool IsHeld(string path)
    {
        using var file = Posix.TryOpenLock(path, write: false).File;
        return file is not null && !Posix.TryLock(file, exclusive: false, wait: false);
    }

    /// <summary>Lets go of it.</summary>
    public void Dispose()
    {
        File.Delete(path);
        file.Dispose();
    }
}
