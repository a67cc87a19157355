namespace Recipes.Fuzzing.Targets;

/// <summary>Every reader that is searched.</summary>
internal static class AllTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new TomlTarget(),
        new LockTarget(),
        new GitmodulesTarget(),
        new GlobTarget(),
        new TarTarget(),
        new DebTarget(),
        new ImageTarget(),
        new ElfTarget(),
        new DebianIndexTarget("packages"),
        new DebianIndexTarget("sources"),
        new DebianIndexTarget("suite"),
        new RegistryTarget(),
        new ListingTarget(isTree: true),
        new ListingTarget(isTree: false),
        new LogTarget(),
        new SourceFactsTarget(),
    ];

    public static IReadOnlyList<FuzzTarget> Named(string? name) =>
        name is null ? All
        : All.Where(x => x.Name == name).ToList() is { Count: > 0 } found ? found
        : throw new ArgumentException(
            $"there is no target '{name}'; there are {string.Join(", ", All.Select(x => x.Name))}",
            nameof(name)
        );
}
