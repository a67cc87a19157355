using System.Collections.Immutable;
using System.Globalization;

namespace Recipes.Engine.Sandboxes.Processes;

/// <summary>
/// Limits on all processes of one sandbox together, by control groups of version 1 or 2 where this user may make them.
/// </summary>
/// <remarks>See the kernel's <c>Documentation/admin-guide/cgroup-v1</c> and <c>cgroup-v2.rst</c>.</remarks>
internal sealed class ControlGroup : IDisposable
{
    // Of version 2, and of version 1.
    private static readonly ImmutableArray<string> EventFiles = ["memory.events", "memory.oom_control"];

    private readonly string? memory;
    private readonly string? processes;

    private ControlGroup(string? memory, string? processes) => (this.memory, this.processes) = (memory, processes);

    /// <summary>True if a limit on memory was asked for and holds.</summary>
    public bool LimitsMemory => memory is not null;

    /// <summary>True if a limit on processes was asked for and holds.</summary>
    public bool LimitsProcesses => processes is not null;

    /// <summary>The groups that the first process has to enter.</summary>
    public ImmutableArray<string> Folders =>
        [.. new[] { memory, processes }.OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>True if the kernel killed a process of the group for want of memory.</summary>
    public bool RanOutOfMemory =>
        memory is not null
        && EventFiles
            .Select(x => Path.Join(memory, x))
            .Where(File.Exists)
            .SelectMany(File.ReadLines)
            .Any(x => x.StartsWith("oom_kill ", StringComparison.Ordinal) && x != "oom_kill 0");

    /// <summary>Makes groups for the limits that are set; what cannot be limited this way is left out.</summary>
    /// <param name="name">Of the new groups; unique on this machine.</param>
    /// <param name="memoryBytes">Main memory and swap together, or null.</param>
    /// <param name="processCount">Processes and threads at once, or null.</param>
    public static ControlGroup Create(string name, long? memoryBytes, int? processCount) =>
        new(
            memoryBytes is { } bytes ? TryCreate("memory", name, folder => LimitMemory(folder, bytes)) : null,
            processCount is { } count ? TryCreate("pids", name, folder => Write(folder, "pids.max", count)) : null
        );

    /// <summary>Removes the groups, which have no processes any more.</summary>
    public void Dispose()
    {
        foreach (var folder in Folders)
        {
            // The kernel takes a moment to let go of processes that ended; an empty group that stays does no harm.
            for (var attempt = 0; attempt < 20 && !TryRemove(folder); attempt++)
                Thread.Sleep(5);
        }
    }

    private static string? TryCreate(string controller, string name, Action<string> limit)
    {
        foreach (var parent in ControlGroupHierarchy.ParentsFor(controller))
        {
            var folder = Path.Join(parent, name);
            try
            {
                Directory.CreateDirectory(folder);
                limit(folder);
                return folder;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                TryRemove(folder);
            }
        }
        return null;
    }

    private static void LimitMemory(string folder, long bytes)
    {
        if (File.Exists(Path.Join(folder, "memory.max")))
        {
            Write(folder, "memory.max", bytes);
            WriteIfThere(folder, "memory.swap.max", 0);
            WriteIfThere(folder, "memory.oom.group", 1);
        }
        else
        {
            Write(folder, "memory.limit_in_bytes", bytes);
            WriteIfThere(folder, "memory.memsw.limit_in_bytes", bytes);
        }
    }

    private static void WriteIfThere(string folder, string file, long value)
    {
        if (File.Exists(Path.Join(folder, file)))
            Write(folder, file, value);
    }

    private static void Write(string folder, string file, long value)
    {
        // Opening with creation, as File.WriteAllText does, is not allowed in this file system.
        using var stream = new FileStream(Path.Join(folder, file), FileMode.Open, FileAccess.Write);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));
    }

    private static bool TryRemove(string folder)
    {
        try
        {
            // Not recursive: the files in it are the kernel's.
            if (Directory.Exists(folder))
                Directory.Delete(folder);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
