using Recipes.Engine.Inspection;

namespace Recipes.Fuzzing.Targets;

/// <summary>Programs and libraries.</summary>
internal sealed class ElfTarget : FuzzTarget
{
    public override string Name => "elf";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [Build(true, true), Build(false, true), Build(true, false), Build(false, false)];

    public override IReadOnlyList<byte[]> Words { get; } =
    [
        [0xff, 0xff, 0xff, 0xff],
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        [0, 0, 0, 0x80],
        [4, 0, 0, 0],
        [0xf5, 0xfe, 0xff, 0x6f],
        [1, 0, 0, 0, 0, 0, 0, 0],
    ];

    public override void Read(byte[] input)
    {
        var elf = ElfFile.Parse(input);
        foreach (var symbol in elf.Exported)
            _ = symbol.ToString();
    }

    public static byte[] Small() => Build(true, true);

    private static byte[] Build(bool is64Bit, bool isLittleEndian) =>
        new ElfBuilder(is64Bit, isLittleEndian)
        {
            Interpreter = "/lib/ld-musl-x86_64.so.1",
            Soname = "libx.so.1",
            Needed = ["libc.so", "libz.so.1"],
            RunPath = "/usr/lib:$ORIGIN",
            HasAbiTag = true,
            Symbols = [("one", true, false, "V_1"), ("two", false, true, "V_2"), ("three", false, false, null)],
        }.Build();
}
