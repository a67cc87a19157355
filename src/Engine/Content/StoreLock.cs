using Microsoft.Win32.SafeHandles;

namespace Recipes.Engine.Content;

/// <summary>
/// The lock between those who use a store (shared, as long as the store is open) and the garbage collector (exclusive,
/// while it deletes). Ends with the process, however that ends.
/// </summary>
internal sealed class StoreLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly SafeFileHandle file;

    private StoreLock(SafeFileHandle file) => this.file = file;

    /// <summary>Takes the shared lock, after the collector of another process if one is at work.</summary>
    public static StoreLock Take(StoreLayout layout)
    {
        var end = DateTime.UtcNow + Patience;
        while (true)
        {
            // Opening takes a shared lock of its own on this handle, and fails while another holds the exclusive one.
            try
            {
                var file = File.OpenHandle(layout.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
                if (Posix.TryLock(file, exclusive: false, wait: false))
                    return new(file);
                file.Dispose();
            }
            catch (IOException) when (File.Exists(layout.Lock) && DateTime.UtcNow < end) { }
            if (DateTime.UtcNow >= end)
                throw new EngineException($"The store '{layout.Root}' is locked by another process that is cleaning it.");
            Thread.Sleep(50);
        }
    }

    /// <summary>Runs something while no other process uses the store; false, without running it, if one does.</summary>
    public bool TryExclusively(Action action)
    {
        if (!Posix.TryLock(file, exclusive: true, wait: false))
        {
            // A lock that could not be changed is lost.
            _ = Posix.TryLock(file, exclusive: false, wait: true);
            return false;
        }
        try
        {
            action();
            return true;
        }
        finally
        {
            _ = Posix.TryLock(file, exclusive: false, wait: true);
        }
    }
}
