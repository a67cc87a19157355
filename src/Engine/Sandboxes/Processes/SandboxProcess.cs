using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Recipes.Engine.Sandboxes.Seccomp;

namespace Recipes.Engine.Sandboxes.Processes;

/// <summary>The chain of host programs that becomes one sandbox, and what it leaves in the scratch folder.</summary>
/// <param name="Scratch">Below the store; holds <c>mounts</c>, and takes the files below.</param>
/// <param name="Store">The store's root.</param>
/// <param name="Users">Who runs it.</param>
internal sealed record SandboxProcess(string Scratch, string Store, UserMapping Users)
{
    /// <summary>
    /// What a container engine leaves to root, less what concerns devices and the network: enough to install files as
    /// root would, too little to mount.
    /// </summary>
    public static readonly ImmutableArray<string> Capabilities =
    [
        "CAP_CHOWN",
        "CAP_DAC_OVERRIDE",
        "CAP_FOWNER",
        "CAP_FSETID",
        "CAP_KILL",
        "CAP_NET_BIND_SERVICE",
        "CAP_SETGID",
        "CAP_SETPCAP",
        "CAP_SETUID",
        "CAP_SYS_CHROOT",
    ];

    /// <summary>What is taken from bubblewrap before it starts.</summary>
    public required Launcher Launcher { get; init; }

    /// <summary>
    /// <c>detached</c>; <c>pipes</c> for standard streams of this process; or the path of a terminal.
    /// </summary>
    public string Terminal { get; init; } = "detached";

    /// <summary>
    /// How many user namespaces may be made in that of the sandbox, bubblewrap's among them; null for any number.
    /// </summary>
    public int? UserNamespaces { get; init; } = 1;

    /// <summary>
    /// How many user namespaces bubblewrap makes for a user other than that which it runs as: it needs one more to be
    /// another.
    /// </summary>
    /// <param name="user">Inside.</param>
    public static int NamespacesOf(int user) => user == 0 ? 1 : 2;

    /// <summary>The shell that runs it all.</summary>
    public static string Shell =>
        HostPrograms.Find("sh") ?? throw new EngineException("No sandbox can be made: sh is not found.");

    /// <summary>
    /// Writes the options of bubblewrap where the script looks for them, and says what to start the shell with.
    /// </summary>
    /// <param name="options">Of bubblewrap.</param>
    /// <param name="command">To run inside.</param>
    /// <exception cref="EngineException">A word holds a NUL, which no program can be given.</exception>
    public ImmutableArray<string> Prepare(IEnumerable<string> options, ImmutableArray<string> command)
    {
        var words = options.ToList();
        if (words.Concat(command).FirstOrDefault(x => x.Contains('\0', StringComparison.Ordinal)) is { } bad)
            throw new EngineException(
                $"An argument or variable of the sandbox holds a NUL character: '{bad.Replace('\0', '?')}'."
            );
        File.WriteAllText(Path.Join(Scratch, "args"), string.Concat(words.Select(x => x + "\0")));
        File.WriteAllBytes(Path.Join(Scratch, "filter"), BpfProgram.Of(SyscallFilter.Rules(UserNamespaces is null)));
        var namespaces = UserNamespaces?.ToString(CultureInfo.InvariantCulture) ?? "";
        return Script(SandboxScripts.Inside, [Launcher.Words, namespaces, Terminal, .. command]);
    }

    /// <summary>
    /// What to start the shell with so that it runs a script in the namespaces, in place of bubblewrap.
    /// </summary>
    /// <param name="inside">The script.</param>
    /// <param name="arguments">Of the script, after scratch folder and store.</param>
    public ImmutableArray<string> Script(string inside, IEnumerable<string> arguments) =>
        [
            "-c",
            SandboxScripts.Around,
            "sh",
            Scratch,
            Store,
            Users.First,
            Users.Count,
            Users.Namespaces,
            SandboxScripts.Enter,
            inside,
            .. arguments,
        ];

    /// <summary>
    /// The exit status that bubblewrap noted, or null if the command never started or bubblewrap was killed.
    /// </summary>
    public int? ReadExitStatus() => ReadReport("exit-code");

    /// <summary>
    /// The number of the command among the processes of bubblewrap's namespace, or null if it has not started.
    /// </summary>
    public int? ReadProgram() => ReadReport("child-pid");

    private int? ReadReport(string name)
    {
        foreach (var line in ReadLines("status"))
        {
            try
            {
                using var report = JsonDocument.Parse(line);
                if (report.RootElement.TryGetProperty(name, out var number))
                    return number.GetInt32();
            }
            catch (JsonException)
            {
                // A line that is not complete: yet, or for ever by the end of the sandbox.
            }
        }
        return null;
    }

    /// <summary>
    /// User and system time of all processes that were waited for, or null if the sandbox was killed.
    /// </summary>
    /// <remarks>The second line of the shell's <c>times</c>: <c>1m2.30s 0m0.40s</c>.</remarks>
    public TimeSpan? ReadCpuTime()
    {
        if (ReadLines("times") is not [_, var children, ..])
            return null;
        var total = TimeSpan.Zero;
        foreach (var word in children.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (
                word.Split('m') is not [var minutes, var seconds]
                || !double.TryParse(minutes, CultureInfo.InvariantCulture, out var m)
                || !double.TryParse(seconds.TrimEnd('s'), CultureInfo.InvariantCulture, out var s)
            )
                return null;
            total += TimeSpan.FromMinutes(m) + TimeSpan.FromSeconds(s);
        }
        return total;
    }

    private string[] ReadLines(string file)
    {
        var path = Path.Join(Scratch, file);
        return File.Exists(path) ? File.ReadAllLines(path, Encoding.UTF8) : [];
    }
}
