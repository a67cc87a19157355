using CsCheck;
using Recipes.Engine.Inspection;
using Xunit;

namespace Recipes.Engine.Tests.Inspection;

public sealed class ElfFileTests
{
    public static TheoryData<bool, bool> Kinds =>
        new()
        {
            { true, true },
            { true, false },
            { false, true },
            { false, false },
        };

    private static readonly ulong[] Extremes =
    [
        0,
        1,
        0x7fffffff,
        0xffffffff,
        0x8000000000000000,
        ulong.MaxValue - 8,
        ulong.MaxValue,
    ];

    private static ElfBuilder Sample(bool is64Bit = true, bool isLittleEndian = true) =>
        new(is64Bit, isLittleEndian)
        {
            Interpreter = "/lib/ld-musl-x86_64.so.1",
            Soname = "libx.so.1",
            Needed = ["libz.so.1", "libc.so"],
            RunPath = "/usr/lib/x:$ORIGIN/../y",
            Symbols =
            [
                ("inflate", false, false, "ZLIB_1.2"),
                ("maybe", false, true, null),
                ("x_open", true, false, null),
                ("crc32", false, false, "ZLIB_1.0"),
            ],
        };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_part_is_read_of_every_kind(bool is64Bit, bool isLittleEndian)
    {
        var elf = ElfFile.Parse(Sample(is64Bit, isLittleEndian).Build());
        Assert.Equal(
            (ElfType.Dynamic, 62, is64Bit, isLittleEndian),
            (elf.Type, elf.Machine, elf.Is64Bit, elf.IsLittleEndian)
        );
        Assert.Equal("/lib/ld-musl-x86_64.so.1", elf.Interpreter);
        Assert.Equal("libx.so.1", elf.Soname);
        Assert.Equal(["libz.so.1", "libc.so"], elf.Needed);
        Assert.Equal(["/usr/lib/x", "$ORIGIN/../y"], elf.RunPath);
        Assert.Equal(["x_open"], elf.Exported.Select(x => x.ToString()));
        Assert.Equal(["inflate@ZLIB_1.2", "maybe", "crc32@ZLIB_1.0"], elf.Undefined.Select(x => x.ToString()));
        Assert.Equal([false, true, false], elf.Undefined.Select(x => x.IsWeak));
        Assert.False(elf.HasGnuAbiTag);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_note_of_the_gnu_c_library_is_seen_in_a_static_program(bool is64Bit, bool isLittleEndian)
    {
        var elf = ElfFile.Parse(
            new ElfBuilder(is64Bit, isLittleEndian)
            {
                Type = 2,
                IsStatic = true,
                HasAbiTag = true,
            }.Build()
        );
        Assert.True(elf.HasGnuAbiTag);
        Assert.False(elf.IsDynamicallyLinked);
        Assert.Equal(ElfType.Executable, elf.Type);
    }

    [Fact]
    public void A_real_library_is_read()
    {
        var folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var elf = ElfFile.Read(Path.Join(folder, "libcoreclr.so"))!;
        Assert.Equal("libcoreclr.so", elf.Soname);
        Assert.Contains(elf.Exported, x => x.Name == "coreclr_initialize");
        Assert.Contains(elf.Undefined, x => x.Name == "malloc");
        Assert.NotEmpty(elf.Needed);
        Assert.Equal(Environment.Is64BitProcess, elf.Is64Bit);
    }

    [Theory]
    [InlineData("")]
    [InlineData("#!/bin/sh\n")]
    [InlineData("\u007fEL")]
    public void Other_files_are_no_elf_files(string text)
    {
        using var folder = new TemporaryDirectory();
        Assert.Null(ElfFile.Read(folder.Write("file", text)));
    }

    [Fact]
    public void Bytes_that_are_no_elf_file_say_so()
    {
        var exception = Assert.Throws<FormatException>(() => ElfFile.Parse("text, and enough of it"u8));
        Assert.Equal("This is not an ELF file.", exception.Message);
    }

    [Fact]
    public void A_file_that_is_cut_off_says_so()
    {
        var bytes = Sample().Build();
        var exception = Assert.Throws<FormatException>(() => ElfFile.Parse(bytes.AsSpan(0, bytes.Length / 2)));
        Assert.StartsWith("The ELF file is cut off, or damaged", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>Small files that would take gigabytes, or hours, if every name were believed.</summary>
    [Fact]
    public void Symbols_that_share_a_long_name_are_refused()
    {
        var symbols = Enumerable.Repeat((new string('n', 60_000), true, false, (string?)null), 20_000).ToArray();
        var file = new ElfBuilder { SharesNames = true, Symbols = symbols }.Build();
        var before = GC.GetAllocatedBytesForCurrentThread();

        var fault = Assert.Throws<FormatException>(() => ElfFile.Parse(file));

        Assert.Equal("The ELF file is damaged: its names are much longer than itself.", fault.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40L * file.Length);
    }

    [Fact]
    public void Libraries_that_share_a_long_name_are_refused()
    {
        var file = new ElfBuilder
        {
            SharesNames = true,
            Needed = [.. Enumerable.Repeat(new string('n', 60_000), 5000)],
        }.Build();

        Assert.Equal(
            "The ELF file is damaged: its names are much longer than itself.",
            Assert.Throws<FormatException>(() => ElfFile.Parse(file)).Message
        );
    }

    [Fact]
    public void Names_may_well_be_as_long_as_the_file()
    {
        var symbols = Enumerable
            .Range(0, 2000)
            .Select(x => ($"{new string('n', 1000)}{x}", true, false, (string?)"V_1"))
            .ToArray();

        Assert.Equal(2000, ElfFile.Parse(new ElfBuilder { Symbols = symbols }.Build()).Exported.Length);
    }

    [Fact(Timeout = 60_000)]
    public Task Versions_that_follow_themselves_end() =>
        Task.Run(
            () =>
            {
                var file = new ElfBuilder
                {
                    Symbols = [("one", false, false, "V_1"), ("two", false, false, "V_2")],
                }.Build();
                // The number of versions of the only library: as many as the field holds.
                var need = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[1, 0, 2, 0, 0, 0, 0, 0, 16, 0, 0, 0]);
                BitConverter.TryWriteBytes(file.AsSpan(need + 2), ushort.MaxValue);

                Assert.Equal("V_2", ElfFile.Parse(file).Undefined[1].Version);
            },
            TestContext.Current.CancellationToken
        );

    [Fact]
    public void Damage_is_never_anything_but_a_format_exception() =>
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Select(Gen.Int[0, 2000], Gen.Byte).Array[1, 12], Gen.Int[0, 3000])
            .Sample(
                (is64Bit, isLittleEndian, changes, length) =>
                {
                    var bytes = (Sample(is64Bit, isLittleEndian) with { HasAbiTag = true }).Build();
                    foreach (var (at, value) in changes)
                        bytes[at % bytes.Length] = value;
                    try
                    {
                        _ = ElfFile.Parse(bytes.AsSpan(0, Math.Min(length, bytes.Length)));
                    }
                    catch (FormatException)
                    {
                        // The documented answer.
                    }
                },
                iter: 5_000
            );

    [Fact]
    public void Extreme_numbers_are_never_anything_but_a_format_exception() =>
        Gen.Select(
                Gen.Bool,
                Gen.Select(Gen.Int[4, 400], Gen.Int[0, Extremes.Length - 1].Select(i => Extremes[i])).Array[1, 4]
            )
            .Sample(
                (is64Bit, changes) =>
                {
                    var bytes = Sample(is64Bit).Build();
                    foreach (var (at, value) in changes)
                        BitConverter.TryWriteBytes(bytes.AsSpan((at * 4) % (bytes.Length - 8), 8), value);
                    try
                    {
                        _ = ElfFile.Parse(bytes);
                    }
                    catch (FormatException)
                    {
                        // The documented answer.
                    }
                },
                iter: 5_000
            );
}
