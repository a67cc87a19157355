using System.Globalization;

namespace Recipes.Engine.Sandboxes.Docker;

/// <summary>
/// The process that made a container or volume, as its labels say. What a process of this machine left that has ended
/// is stale; of other machines' processes, which may share the daemon, nobody here can tell.
/// </summary>
/// <param name="Machine">Host name, machine id, and the namespace in which process ids count.</param>
/// <param name="Process">
/// Process id and start time, in clock ticks since the machine's start, and the machine's start itself.
/// </param>
internal sealed record DockerOwner(string Machine, string Process)
{
    /// <summary>On everything that is made, with a version: to find it again.</summary>
    public const string Mark = "recipes.sandbox";

    private const string MachineLabel = "recipes.machine";
    private const string ProcessLabel = "recipes.process";
    private const string MachineIdFile = "/etc/machine-id";
    private const string NamespaceFile = "/proc/self/ns/pid";
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>This process.</summary>
    public static DockerOwner Current { get; } = new(ThisMachine(), Describe(Environment.ProcessId)!);

    /// <summary>The labels of what this owner makes.</summary>
    /// <param name="label">For people: the package.</param>
    public Dictionary<string, string> Labels(string label) =>
        new(StringComparer.Ordinal)
        {
            [Mark] = label,
            [MachineLabel] = Machine,
            [ProcessLabel] = Process,
        };

    /// <summary>The owner that labels name, or null.</summary>
    public static DockerOwner? Of(IDictionary<string, string>? labels) =>
        labels is not null
        && labels.TryGetValue(MachineLabel, out var machine)
        && labels.TryGetValue(ProcessLabel, out var process)
            ? new(machine, process)
            : null;

    /// <summary>True if it was a process of this machine that has ended.</summary>
    public bool IsGone =>
        Machine == Current.Machine
        && !(
            int.TryParse(Process.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && Describe(id) == Process
        );

    // Process ids are used again; with its start and that of the machine, a process is told apart from all others.
    private static string? Describe(int id)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            // The name before it may hold spaces and parentheses.
            var started = stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
            return string.Create(CultureInfo.InvariantCulture, $"{id} {started} {File.ReadAllText(BootIdFile).Trim()}");
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string ThisMachine()
    {
        var id = File.Exists(MachineIdFile) ? File.ReadAllText(MachineIdFile).Trim() : "";
        return string.Join(' ', Environment.MachineName, id, new FileInfo(NamespaceFile).LinkTarget);
    }
}
