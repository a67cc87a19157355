using Recipes.Engine.Sources.Locking;

namespace Recipes.Fuzzing.Targets;

/// <summary><c>recipes.lock</c>.</summary>
internal sealed class LockTarget : TextTarget
{
    private const string Hash = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855/0";
    private const string Id = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

    public override string Name => "lock";

    protected override IReadOnlyList<string> Texts { get; } =
    [
        $$"""
            version = 1

            [source.zlib]
            version = "1.3"
            archive = "https://example.org/zlib.tar.gz"
            archive-digest = "{{Hash}}"
            only = ["a", "b"]
            commit = "{{Id}}"
            git-tree = "{{Id}}"
            tree = "{{Hash}}"
            snapshot = "20261123T000000Z"

            [seed.debian]
            suite = "trixie"
            request = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            tree = "{{Hash}}"
            packages = [
                { name = "a", version = "1", path = "pool/a.deb", digest = "{{Hash}}" },
            ]
            """,
    ];

    protected override IReadOnlyList<string> Pieces { get; } =
    [
        "\"",
        "[",
        "]",
        "{",
        "}",
        "=",
        "\n",
        "=======",
        "<<<<<<< ",
        "version = 99999999999999999999",
        "\\ud800",
        "[source.x]",
        "[seed.x]",
        Hash,
        Id,
        "/-1",
        "/99999999999999999999",
    ];

    protected override void Read(string text) => LockFile.Parse(text).ToText();
}
