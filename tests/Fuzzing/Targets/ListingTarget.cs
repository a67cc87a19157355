using Recipes.Engine.Content;

namespace Recipes.Fuzzing.Targets;

/// <summary>Listings in the store: of whole trees, or of single directories.</summary>
internal sealed class ListingTarget(bool isTree) : FuzzTarget
{
    public override string Name => isTree ? "tree" : "directory";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [isTree ? Sample().Encode() : Sample().Root.Encode().ToArray()];

    public override IReadOnlyList<byte[]> Words { get; } =
    [
        [0x0a],
        [0x12],
        [0x1a],
        [0xff, 0xff, 0xff, 0xff, 0x0f],
        [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
        [0],
    ];

    public override void Read(byte[] input)
    {
        if (isTree)
            _ = Tree.Parse(input).Walk().Take(10_000).Count();
        else
            _ = TreeDirectory.Parse(input);
    }

    private static Tree Sample()
    {
        var builder = new TreeBuilder();
        builder.AddFile("usr/bin/a", Digest.Of("a"u8), isExecutable: true);
        builder.AddFile("usr/lib/b", Digest.Of("b"u8), isExecutable: false);
        builder.AddLink("bin", "usr/bin");
        builder.AddFolder("etc");
        return builder.Build();
    }
}
