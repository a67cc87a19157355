using System.Globalization;

namespace Recipes.Engine.Content;

/// <summary>
/// What a file system refused, told to a person: which path, on which file system, and what to do about it. The one
/// place that knows the error numbers.
/// </summary>
internal static class StorageFault
{
    /// <summary>True for what the file system, and no fault of this program, has caused.</summary>
    public static bool IsOne(Exception failure) =>
        failure is UnauthorizedAccessException
        || (
            failure is IOException
            && failure is not (FileNotFoundException or DirectoryNotFoundException or EndOfStreamException)
        );

    /// <summary>The failure as a message that says what to do.</summary>
    /// <param name="failure">As .NET, or a system call, throws it.</param>
    public static EngineException Of(Exception failure)
    {
        MessageText advice = NumberOf(failure) switch
        {
            Posix.NoSpace or Posix.QuotaExceeded => (MessageText)
                $" Free some space, {new Remedy(RemedyKind.CollectGarbage)}, or "
                + $"{new Remedy(RemedyKind.ChooseStore)}; what is finished is kept.",
            Posix.InputOutput => " The disk may be failing; 'dmesg' tells more.",
            Posix.FileTooLarge => " 'ulimit -f' shows the limit of this process.",
            _ => "",
        };
        var reason = Reason(failure);
        return new($"{char.ToUpperInvariant(reason[0])}{reason[1..]}.{advice}", failure);
    }

    /// <summary>What to tell of a failure that is one of the file system or a message already.</summary>
    public static MessageText Describe(Exception failure) => (failure as EngineException ?? Of(failure)).Text;

    /// <summary>What was refused, where, and on which file system, without a full stop.</summary>
    public static string Reason(Exception failure)
    {
        var path = PathIn(failure.Message);
        var place = path is null ? "" : $" at '{path}'{FileSystem(path)}";
        return NumberOf(failure) switch
        {
            Posix.NoSpace => $"no space is left{place}",
            Posix.QuotaExceeded => $"the disk quota is used up{place}",
            Posix.FileTooLarge => $"a file becomes larger than allowed{place}",
            Posix.InputOutput => $"input or output failed{place}",
            Posix.ReadOnlyFileSystem => $"the file system is read-only{place}",
            Posix.AccessDenied or Posix.NotPermitted => $"permission is denied{place}",
            Posix.NameTooLong => $"a path is too long for the kernel{place}",
            _ => failure.Message.TrimEnd('.'),
        };
    }

    // .NET wraps what the kernel said of access.
    private static int NumberOf(Exception failure) =>
        failure is UnauthorizedAccessException ? Posix.AccessDenied
        : failure is PathTooLongException ? Posix.NameTooLong
        : failure.HResult;

    private static string? PathIn(string message)
    {
        var start = message.IndexOf("'/", StringComparison.Ordinal);
        var end = start < 0 ? -1 : message.IndexOf('\'', start + 1);
        return end < 0 ? null : message[(start + 1)..end];
    }

    private static string FileSystem(string path)
    {
        try
        {
            var folder = path;
            while (!Directory.Exists(folder))
                folder = Path.GetDirectoryName(folder) ?? "/";
            var drive = new DriveInfo(folder);
            return $" ({TypeOf(folder)}, {Megabytes(drive.AvailableFreeSpace)} of {Megabytes(drive.TotalSize)} free)";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return "";
        }
    }

    // .NET has a property for it, which knows no mount point with a space in its name.
    private static string TypeOf(string folder)
    {
        // "36 35 98:0 /root /mnt rw,noatime master:1 - ext4 /dev/sda rw"; see proc_pid_mountinfo(5).
        var mounts =
            from line in File.ReadLines("/proc/self/mountinfo")
            let place = line.Split(' ')[4].Replace("\\040", " ", StringComparison.Ordinal)
            where place == "/" || folder == place || folder.StartsWith(place + "/", StringComparison.Ordinal)
            select (place, Type: line[(line.IndexOf(" - ", StringComparison.Ordinal) + 3)..].Split(' ')[0]);
        // Of two at one place, the later one is seen.
        return mounts.Aggregate((best, x) => x.place.Length >= best.place.Length ? x : best).Type;
    }

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.#} MB");
}
