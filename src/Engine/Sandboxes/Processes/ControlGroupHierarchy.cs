namespace Recipes.Engine.Sandboxes.Processes;

/// <summary>Where this process stands in the control groups of its machine.</summary>
internal static class ControlGroupHierarchy
{
    /// <summary>
    /// The folders in which a group with this controller may be made, nearest first: in version 1 the group of this
    /// process; in version 2 those above it that hand the controller on, since a group there holds either processes or
    /// groups with controllers.
    /// </summary>
    /// <param name="controller">Such as <c>memory</c>.</param>
    public static IEnumerable<string> ParentsFor(string controller)
    {
        foreach (var (controllers, path) in ReadMembership())
        {
            if (controllers.Contains(controller, StringComparer.Ordinal))
            {
                if (FindMount("cgroup", controller) is { } mount)
                    yield return Path.Join(mount, path);
            }
            else if (controllers is [""] && FindMount("cgroup2", null) is { } unified)
            {
                for (var current = path; ; current = Path.GetDirectoryName(current) ?? "/")
                {
                    if (HandsOn(Path.Join(unified, current), controller))
                        yield return Path.Join(unified, current);
                    if (current == "/")
                        break;
                }
            }
        }
    }

    private static IEnumerable<(string[] Controllers, string Path)> ReadMembership() =>
        ReadLines("/proc/self/cgroup")
            .Select(x => x.Split(':', 3))
            .Where(x => x.Length == 3)
            .Select(x => (x[1].Split(','), x[2]));

    // Fields of proc_pid_mountinfo(5): 5 is the mount point, and after the dash come type, source, and the options.
    private static string? FindMount(string type, string? controller) =>
        ReadLines("/proc/self/mountinfo")
            .Select(x => x.Split(" - ", 2))
            .Where(x => x.Length == 2)
            .Select(x => (Mount: x[0].Split(' '), System: x[1].Split(' ')))
            .Where(x => x.Mount.Length > 4 && x.Mount[3] == "/" && x.System.Length > 2 && x.System[0] == type)
            .Where(x => controller is null || x.System[2].Split(',').Contains(controller, StringComparer.Ordinal))
            .Select(x => x.Mount[4])
            .FirstOrDefault();

    private static bool HandsOn(string folder, string controller) =>
        ReadLines(Path.Join(folder, "cgroup.subtree_control"))
            .SelectMany(x => x.Split(' '))
            .Contains(controller, StringComparer.Ordinal);

    private static string[] ReadLines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
