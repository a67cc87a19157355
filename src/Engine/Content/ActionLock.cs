using Microsoft.Win32.SafeHandles;

namespace Recipes.Engine.Content;

/// <summary>Held by the process that runs an action, so that no other runs it meanwhile. Ends with the process, however that ends.</summary>
public sealed class ActionLock : IDisposable
{
    private readonly string path;
    private readonly SafeFileHandle file;

    private ActionLock(string path, SafeFileHandle file) => (this.path, this.file) = (path, file);

    /// <summary>Takes the lock; null if another holds it.</summary>
    internal static ActionLock? TryTake(string path)
    {
        SafeFileHandle? file = null;
        try
        {
            // On Unix this is an exclusive flock(2).
            file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            // The one before deletes its file, and a lock on a deleted file keeps nobody out.
            if (Posix.Stat(path)?.Inode != Posix.Stat(file).Inode)
                return null;
            var taken = new ActionLock(path, file);
            file = null;
            return taken;
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>Lets go of it.</summary>
    public void Dispose()
    {
        File.Delete(path);
        file.Dispose();
    }
}
