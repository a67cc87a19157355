using System.Diagnostics;
using System.Globalization;
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

    /// <summary>
    /// Takes the shared lock, after the collector of another process if one is at work. Nothing else is waited for: a
    /// file that cannot be opened now cannot be opened later.
    /// </summary>
    /// <param name="layout">The store.</param>
    /// <param name="write">Make the file where it is missing; else the store may be one that nobody can write.</param>
    /// <param name="observer">Is told once if we wait, and for whom.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null where there is no file, and we were not to make it: nobody can clean such a store.</returns>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="EngineException">The other process does not end.</exception>
    public static StoreLock? Take(
        StoreLayout layout,
        bool write,
        IEngineObserver observer,
        CancellationToken cancellationToken
    )
    {
        var (file, error) = Posix.TryOpenLock(layout.Lock, write);
        if (file is null)
            return !write && error is Posix.NoEntry or Posix.AccessDenied
                ? null
                : throw Posix.Failure("open", layout.Lock, error);
        try
        {
            Wait(file, layout, observer, cancellationToken);
            return new(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void Wait(
        SafeFileHandle file,
        StoreLayout layout,
        IEngineObserver observer,
        CancellationToken cancellationToken
    )
    {
        var clock = Stopwatch.StartNew();
        for (var isTold = false; !Posix.TryLock(file, exclusive: false, wait: false); isTold = true)
        {
            var holder = Holder(Posix.Stat(file).Inode);
            if (!isTold)
                observer.On(new StoreAwaited(layout.Root, holder));
            if (clock.Elapsed > Patience)
                throw new EngineException(
                    $"The store '{layout.Root}' is still being cleaned by {holder ?? "another process"}; run the "
                        + $"command again when that has ended."
                );
            cancellationToken.WaitHandle.WaitOne(50);
            cancellationToken.ThrowIfCancellationRequested();
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

    /// <summary>
    /// Who holds a lock that keeps others out, such as <c>process 123 (recipes store gc)</c>; null where the kernel
    /// does not tell.
    /// </summary>
    private static string? Holder(ulong inode)
    {
        // "1: FLOCK ADVISORY WRITE 123 fe:00:456 0 EOF"; see proc_locks(5). The device may be another one on overlays.
        var end = string.Create(CultureInfo.InvariantCulture, $":{inode}");
        var pid = Lines("/proc/locks")
            .Select(x => x.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(x =>
                x is [_, "FLOCK", _, "WRITE", _, var place, ..] && place.EndsWith(end, StringComparison.Ordinal)
            )
            .Select(x => x[4])
            .FirstOrDefault(x => x.All(char.IsAsciiDigit) && x != "0");
        if (pid is null)
            return null;
        var command = string.Join('\n', Lines($"/proc/{pid}/cmdline")).Replace('\0', ' ').Trim();
        return command.Length == 0 ? $"process {pid}" : $"process {pid} ({command})";
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
