using System.Collections.Immutable;

namespace Recipes.Cli.Doctor;

/// <summary>All checks of a host.</summary>
internal sealed record HostReport(ImmutableArray<HostCheck> Checks)
{
    /// <summary>True if everything will work, perhaps with drawbacks.</summary>
    public bool IsUsable => Checks.All(x => x.State != HostState.Fault);

    /// <summary>The commands that mend what can be mended: one for all packages, then one for each other fault.</summary>
    public ImmutableArray<string> Mends(bool isRoot)
    {
        var sudo = isRoot ? "" : "sudo ";
        var ailing = Checks.Where(x => x.State != HostState.Good).ToList();
        var packages = ailing.SelectMany(x => x.Packages).Distinct().Order(StringComparer.Ordinal).ToList();
        var install = packages.Count > 0 ? [$"{sudo}apt-get install -y {string.Join(' ', packages)}"] : Array.Empty<string>();
        var others = ailing.Where(x => x.Packages.IsEmpty).Select(x => x.Command).OfType<string>().Select(x => sudo + x);
        return [.. install, .. others.Distinct()];
    }
}
