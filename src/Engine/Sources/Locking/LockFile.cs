using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Sources.Downloads;

namespace Recipes.Engine.Sources.Locking;

/// <summary>The exact source of one recipe.</summary>
internal sealed record Pin
{
    /// <summary>The recipe's name.</summary>
    public required string Name { get; init; }

    /// <summary>The version that was pinned.</summary>
    public required string Version { get; init; }

    /// <summary>The archive's URL, or null for a git origin without one.</summary>
    public string? Archive { get; init; }

    /// <summary>SHA-256 and size of the archive, or empty.</summary>
    public Digest ArchiveDigest { get; init; }

    /// <summary>Further archives that are parts of the source.</summary>
    public ImmutableArray<FurtherPin> Also { get; init; } = [];

    /// <summary>The digests of all archives.</summary>
    public IEnumerable<Digest> ArchiveDigests => Also.Select(x => x.Digest).Prepend(ArchiveDigest);

    /// <summary>Upstream's repository and tag, or null.</summary>
    public string? Git { get; init; }

    /// <summary>The tag, or null.</summary>
    public string? Tag { get; init; }

    /// <summary>The globs that narrowed the tree when it was pinned.</summary>
    public ImmutableArray<string> Only { get; init; } = [];

    /// <summary>The globs of what was left out when it was pinned.</summary>
    public ImmutableArray<string> Except { get; init; } = [];

    /// <summary>Paths of upstream's submodules whose files are in the tree.</summary>
    public ImmutableArray<string> Submodules { get; init; } = [];

    /// <summary>Paths of upstream's submodules in whose place the recipe included another source.</summary>
    public ImmutableArray<string> Included { get; init; } = [];

    /// <summary>The inner archive's glob when pinned, or null.</summary>
    public string? Inner { get; init; }

    /// <summary>The git commit: upstream's, or the root commit that the import makes. 40 hexadecimal digits.</summary>
    public required string Commit { get; init; }

    /// <summary>The git tree of that commit. 40 hexadecimal digits.</summary>
    public required string GitTree { get; init; }

    /// <summary>The tree in the store.</summary>
    public required Digest Tree { get; init; }

    /// <summary>
    /// When it was pinned, as the snapshot service writes it (<c>20261123T000000Z</c>); used for the last mirror.
    /// </summary>
    public string? Snapshot { get; init; }
}

/// <summary>The exact content of a further archive of a source.</summary>
/// <param name="Archive">Its URL.</param>
/// <param name="Digest">SHA-256 and size.</param>
/// <param name="Into">The folder of the source that it is laid into.</param>
internal sealed record FurtherPin(string Archive, Digest Digest, string Into);

/// <summary>One Debian package of a seed.</summary>
/// <param name="Name">Binary package.</param>
/// <param name="Version">Debian version.</param>
/// <param name="Path">Pool path: <c>pool/main/…/x.deb</c>.</param>
/// <param name="File">SHA-256 and size.</param>
internal sealed record SeedPackagePin(string Name, string Version, string Path, Digest File);

/// <summary>The exact content of one seed.</summary>
/// <param name="Name">The recipe's name.</param>
/// <param name="Suite">Debian suite.</param>
/// <param name="Request">
/// Digest of what the recipe asked for (packages, exclude, links), so that a change is noticed.
/// </param>
/// <param name="Snapshot">When it was resolved, for the snapshot service.</param>
/// <param name="Packages">Sorted by name.</param>
/// <param name="Tree">The tree in the store.</param>
internal sealed record SeedPin(
    string Name,
    string Suite,
    string Request,
    string? Snapshot,
    ImmutableArray<SeedPackagePin> Packages,
    Digest Tree
)
{
    /// <summary>
    /// When the suite's list of files was made that the packages are from (<c>20261123T000000Z</c>), so that no older
    /// one is believed later; null in locks from before this was kept.
    /// </summary>
    public string? Index { get; init; }
}

/// <summary>The exact content of a folder that was made outside.</summary>
/// <param name="Name">The recipe's name.</param>
/// <param name="Path">The folder, as the recipe names it.</param>
/// <param name="Tree">The tree in the store.</param>
internal sealed record ArtifactPin(string Name, string Path, Digest Tree)
{
    /// <summary>The globs that narrowed the tree when it was pinned.</summary>
    public ImmutableArray<string> Only { get; init; } = [];

    /// <summary>The globs of what was left out when it was pinned.</summary>
    public ImmutableArray<string> Except { get; init; } = [];
}

/// <summary>
/// <c>recipes.lock</c>: every pin of the workspace. Immutable; <c>docs/lock.md</c> describes the file.
/// </summary>
/// <param name="Sources">By recipe name.</param>
/// <param name="Seeds">By recipe name.</param>
internal sealed partial record LockFile(
    ImmutableSortedDictionary<string, Pin> Sources,
    ImmutableSortedDictionary<string, SeedPin> Seeds
)
{
    /// <summary>What was made outside, by recipe name.</summary>
    public ImmutableSortedDictionary<string, ArtifactPin> Artifacts { get; init; } =
        ImmutableSortedDictionary.Create<string, ArtifactPin>(StringComparer.Ordinal);

    /// <summary>The names of all recipes that it has a pin of.</summary>
    public IEnumerable<string> Names => Sources.Keys.Concat(Seeds.Keys).Concat(Artifacts.Keys);
}
