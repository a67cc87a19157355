using Recipes.Engine.Content;
using Recipes.Engine.Sources.Downloads;
using Recipes.Engine.Workspaces.Keys;

namespace Recipes.Engine.Sources.Locking;

/// <summary>The keys of <c>recipes.lock</c>, as <c>docs/lock.md</c> describes them.</summary>
internal static class LockKeys
{
    /// <summary>The version of the format; a file with a higher one was written by a newer recipes.</summary>
    public const int FormatVersion = 3;

    /// <summary>
    /// The version that a lock is written in without artifacts and further archives, so that an older recipes reads it:
    /// it knows all there is in it.
    /// </summary>
    public const int PlainVersion = 2;

    private static readonly ValueForm DigestForm = new("digest", x =>
        Digest.TryParse(x, out _) ? null : "it is 'sha256:', 64 hexadecimal digits, '/', and a size"
    );

    private static readonly ValueForm GitForm = new("git object id", x =>
        x.Length == 40 && x.All(char.IsAsciiHexDigitLower) ? null : "it is 40 hexadecimal digits"
    );

    private static readonly ValueForm TimeForm = new("time", x =>
        Snapshot.Parse(x) is null ? "it is written as 20261123T081500Z" : null
    );

    private static readonly KeyDescription Source = new("source", KeyType.NamedTables, "The source of each recipe.")
    {
        Keys =
        [
            new("version", KeyType.Text, "The version that was pinned.") { Required = true },
            new("archive", KeyType.Text, "The archive's URL."),
            new("archive-digest", KeyType.Text, "The archive's SHA-256 and size.") { Form = DigestForm },
            new("inner", KeyType.Text, "The glob of the inner archive."),
            new("also", KeyType.TableList, "Further archives that are parts of the source.")
            {
                Keys =
                [
                    new("archive", KeyType.Text, "Its URL.") { Required = true },
                    new("digest", KeyType.Text, "SHA-256 and size.") { Required = true, Form = DigestForm },
                    new("into", KeyType.Text, "The folder that it is laid into.") { Required = true },
                ],
            },
            new("git", KeyType.Text, "Upstream's repository."),
            new("tag", KeyType.Text, "Upstream's tag."),
            new("only", KeyType.TextList, "The globs that narrowed the tree."),
            new("except", KeyType.TextList, "The globs of what was left out."),
            new("submodules", KeyType.TextList, "Upstream's submodules whose files are in the tree."),
            new("included", KeyType.TextList, "Upstream's submodules in whose place another source is included."),
            new("commit", KeyType.Text, "The git commit.") { Required = true, Form = GitForm },
            new("git-tree", KeyType.Text, "The tree of that commit.") { Required = true, Form = GitForm },
            new("tree", KeyType.Text, "The tree in the store.") { Required = true, Form = DigestForm },
            new("snapshot", KeyType.Text, "When it was pinned, for the snapshot service."),
        ],
    };

    private static readonly KeyDescription Seed = new("seed", KeyType.NamedTables, "The packages of each seed.")
    {
        Keys =
        [
            new("suite", KeyType.Text, "Debian suite.") { Required = true },
            new("request", KeyType.Text, "Digest of what the recipe asks for.") { Required = true },
            new("tree", KeyType.Text, "The tree in the store.") { Required = true, Form = DigestForm },
            new("snapshot", KeyType.Text, "When it was resolved, for the snapshot service."),
            new("index", KeyType.Text, "When the suite's list was made.") { Form = TimeForm },
            new("packages", KeyType.TableList, "The packages, by name.")
            {
                Required = true,
                Keys =
                [
                    new("name", KeyType.Text, "Binary package.") { Required = true },
                    new("version", KeyType.Text, "Debian version.") { Required = true },
                    new("path", KeyType.Text, "Pool path.") { Required = true },
                    new("digest", KeyType.Text, "SHA-256 and size.") { Required = true, Form = DigestForm },
                ],
            },
        ],
    };

    private static readonly KeyDescription Artifact = new(
        "artifact",
        KeyType.NamedTables,
        "The folders that were made outside."
    )
    {
        Keys =
        [
            new("path", KeyType.Text, "The folder.") { Required = true },
            new("only", KeyType.TextList, "The globs that narrowed the tree."),
            new("except", KeyType.TextList, "The globs of what was left out."),
            new("tree", KeyType.Text, "The tree in the store.") { Required = true, Form = DigestForm },
        ],
    };

    /// <summary>The whole file.</summary>
    public static KeyDescription Root { get; } =
        new("", KeyType.Table, "The lock.")
        {
            Keys =
            [
                new("version", KeyType.Integer, "Version of the format.") { Required = true, Minimum = 1 },
                Source,
                Seed,
                Artifact,
            ],
        };
}
