using System.Collections.Immutable;

namespace Recipes.Engine.Sandboxes.Hosts;

/// <summary>All checks of a host.</summary>
internal sealed record HostReport(ImmutableArray<HostCheck> Checks)
{
    /// <summary>How a fix begins that only installs Debian packages.</summary>
    internal const string Install = "apt-get install ";

    /// <summary>True if everything will work, perhaps with drawbacks.</summary>
    public bool IsUsable => Checks.All(x => x.Passed || !x.IsRequired);

    /// <summary>What to do: one command that installs all packages, then what each other check asks for.</summary>
    /// <param name="isRoot">Whether commands need no <c>sudo</c>.</param>
    /// <param name="say">Words each remedy.</param>
    public ImmutableArray<string> Fixes(bool isRoot, Func<Remedy, string> say)
    {
        var sudo = isRoot ? "" : "sudo ";
        var fixes = Checks.Where(x => !x.Passed).Select(x => x.Fix?.Render(say)).OfType<string>().ToList();
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
