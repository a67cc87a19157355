using System.Globalization;
using Docker.DotNet.Models;
using Recipes.Engine.Sandboxes.Seccomp;

namespace Recipes.Engine.Sandboxes.Docker;

/// <summary>The container of an action, as data: <c>docs/sandbox.md</c> describes what is seen inside.</summary>
internal static class DockerContainer
{
    /// <summary>Where the job server's fifo is shown.</summary>
    public const string JobServer = "/run/jobserver";

    private const long DefaultProcesses = 16384;

    /// <summary>What to ask the daemon for.</summary>
    /// <param name="request">The action.</param>
    /// <param name="image">The id of its root's image.</param>
    /// <param name="jobs">Jobs at once.</param>
    /// <param name="memoryOfHost">Main memory of the daemon's machine, in bytes.</param>
    /// <param name="mounts">All its mounts.</param>
    /// <param name="labels">All its labels.</param>
    public static CreateContainerParameters Of(
        SandboxRequest request,
        string image,
        int jobs,
        long memoryOfHost,
        IList<Mount> mounts,
        IDictionary<string, string> labels
    )
    {
        // A machine whose memory is used up ends more than this one build.
        var memory = request.MemoryBytes ?? memoryOfHost / 8 * 7;
        return new()
        {
            Image = image,
            Entrypoint = [],
            Cmd = Command(request),
            Env = Environment(request, jobs),
            WorkingDir = request.WorkingDirectory,
            Hostname = "recipes",
            User = "0:0",
            AttachStdout = true,
            AttachStderr = true,
            NetworkDisabled = true,
            Labels = labels,
            HostConfig = new()
            {
                NetworkMode = "none",
                ReadonlyRootfs = true,
                CapDrop = ["ALL"],
                SecurityOpt =
                [
                    "no-new-privileges",
                    $"seccomp={DockerProfile.Of(SyscallFilter.Rules(request.AllowsNamespaces))}",
                ],
                Memory = memory,
                MemorySwap = memory,
                PidsLimit = request.Processes ?? DefaultProcesses,
                MaskedPaths = [.. ProcFiles.Masked, "/sys"],
                ReadonlyPaths = [.. ProcFiles.ReadOnly],
                Mounts = mounts,
                LogConfig = new() { Type = "none" },
                IpcMode = "private",
                Init = false,
            },
        };
    }

    /// <summary>A container that is never started: its volumes can be filled.</summary>
    public static CreateContainerParameters ToFill(
        string image,
        IList<Mount> mounts,
        IDictionary<string, string> labels
    ) =>
        new()
        {
            Image = image,
            Cmd = ["none"],
            NetworkDisabled = true,
            Labels = labels,
            HostConfig = new()
            {
                NetworkMode = "none",
                Mounts = mounts,
                LogConfig = new() { Type = "none" },
            },
        };

    // The daemon keeps standard output and error apart, and their lines would lose their order. A shell can join them;
    // it also takes away what it and the runtime add to the environment.
    private static List<string> Command(SandboxRequest request)
    {
        if (Path.GetFileName(request.Arguments[0]) != "sh")
            return [.. request.Arguments];
        string[] added = ["SHLVL", "HOME"];
        var unset = string.Join(' ', added.Where(x => !request.Environment.ContainsKey(x)).Prepend("unset"));
        return [request.Arguments[0], "-c", unset + "; exec \"$@\" 2>&1", "sh", .. request.Arguments];
    }

    private static List<string> Environment(SandboxRequest request, int jobs)
    {
        var own = request
            .Environment.SetItem("JOBS", jobs.ToString(CultureInfo.InvariantCulture))
            .SetItem("PWD", request.WorkingDirectory);
        // A name alone takes away a variable that the daemon would set.
        string[] foreign = ["HOSTNAME", "PATH"];
        return [.. own.Select(x => $"{x.Key}={x.Value}"), .. foreign.Where(x => !own.ContainsKey(x))];
    }
}
