using System.Collections.Immutable;
using Recipes.Engine.Sandboxes;

namespace Recipes.Cli.Doctor;

/// <summary>All checks of a host.</summary>
internal sealed record HostReport(ImmutableArray<HostCheck> Checks)
{
    /// <summary>How a fix begins that only installs Debian packages.</summary>
    public const string Install = "apt-get install ";

    /// <summary>True if everything will work, perhaps with drawbacks.</summary>
    public bool IsUsable => Checks.All(x => x.Passed || !x.IsRequired);

    /// <summary>What to do: one command that installs all packages, then what each other check asks for.</summary>
    public ImmutableArray<string> Mends(bool isRoot)
    {
        var sudo = isRoot ? "" : "sudo ";
        var fixes = Checks.Where(x => !x.Passed).Select(x => x.Fix).OfType<string>().ToList();
        var packages = fixes
            .Where(x => x.StartsWith(Install, StringComparison.Ordinal))
            .SelectMany(x => x[Install.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(x => !x.StartsWith('-'))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToList();
        var others = fixes
            .Where(x => !x.StartsWith(Install, StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal);
        return
        [
            .. packages.Count > 0 ? [$"{sudo}{Install}-y {string.Join(' ', packages)}"] : Array.Empty<string>(),
            .. others.Select(x => x.StartsWith("sysctl ", StringComparison.Ordinal) ? sudo + x : x),
        ];
    }
}
