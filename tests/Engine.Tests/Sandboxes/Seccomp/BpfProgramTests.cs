using System.Buffers.Binary;
using Recipes.Engine.Sandboxes.Seccomp;
using Xunit;

namespace Recipes.Engine.Tests.Sandboxes.Seccomp;

public sealed class BpfProgramTests
{
    private const uint X64 = 0xc000003e;
    private const uint I386 = 0x40000003;
    private const uint Allow = 0x7fff0000;
    private const uint Fail = 0x00050000;

    [Theory]
    [InlineData(0, Allow)] // read
    [InlineData(56, Allow)] // clone without flags
    [InlineData(101, Allow)] // ptrace
    [InlineData(165, Fail | 1)] // mount
    [InlineData(321, Fail | 1)] // bpf
    [InlineData(425, Fail | 1)] // io_uring_setup
    [InlineData(435, Fail | 38)] // clone3
    [InlineData(0x40000000, Fail | 38)] // x32
    [InlineData(0x40000027, Fail | 38)]
    [InlineData(0xffffffff, Fail | 38)]
    public void A_call_is_judged_by_its_number(uint number, uint expected) => Assert.Equal(expected, Run(X64, number));

    [Theory]
    [InlineData(16, 1, 0x5412, Fail | 1)] // ioctl TIOCSTI
    [InlineData(16, 1, 0x1_0000_5412, Fail | 1)]
    [InlineData(16, 1, 0xffff_ffff_0000_541c, Fail | 1)] // TIOCLINUX
    [InlineData(16, 1, 0x5413, Allow)] // TIOCGWINSZ
    [InlineData(41, 0, 1, Allow)] // socket AF_UNIX
    [InlineData(41, 0, 2, Allow)]
    [InlineData(41, 0, 10, Allow)]
    [InlineData(41, 0, 16, Allow)]
    [InlineData(41, 0, 9, Fail | 97)]
    [InlineData(41, 0, 17, Fail | 97)] // AF_PACKET
    [InlineData(41, 0, 38, Fail | 97)] // AF_ALG
    [InlineData(41, 0, 40, Fail | 97)] // AF_VSOCK
    [InlineData(41, 0, 0x1_0000_0028, Fail | 97)]
    [InlineData(53, 0, 30, Fail | 97)]
    [InlineData(56, 0, 0x10000011, Fail | 1)] // clone CLONE_NEWUSER | SIGCHLD
    [InlineData(56, 0, 0x00000080, Allow)] // a signal number here, and no flag
    [InlineData(56, 0, 0x003d0f00, Allow)] // a thread
    [InlineData(272, 0, 0x00020000, Fail | 1)] // unshare CLONE_NEWNS
    [InlineData(272, 0, 0x80, Fail | 1)]
    [InlineData(272, 0, 0x400, Allow)] // CLONE_FILES
    public void Or_by_an_argument(uint number, int index, ulong argument, uint expected) =>
        Assert.Equal(expected, Run(X64, number, (index, argument)));

    [Fact]
    public void Other_tables_of_calls_are_not_implemented()
    {
        Assert.Equal(Fail | 38, Run(I386, 0));
        Assert.Equal(Fail | 38, Run(I386, 20));
    }

    [Theory]
    [InlineData(165, Allow)]
    [InlineData(435, Allow)]
    [InlineData(321, Fail | 1)]
    public void Namespaces_are_allowed_to_those_that_say_why(uint number, uint expected) =>
        Assert.Equal(expected, Run(X64, number, allowsNamespaces: true));

    [Fact]
    public void Each_number_has_one_rule()
    {
        var rules = SyscallFilter.Rules(allowsNamespaces: false);
        Assert.Equal(rules.Length, rules.Select(x => x.Number).Distinct().Count());
        Assert.Equal(rules.Length, rules.Select(x => x.Name).Distinct().Count());
    }

    [Fact]
    public void Docker_gets_the_same_rules() =>
        Golden.Matches("docker-profile.json", DockerProfile.Of(SyscallFilter.Rules(allowsNamespaces: false)) + "\n");

    private static uint Run(
        uint architecture,
        uint number,
        (int Index, ulong Value)? argument = null,
        bool allowsNamespaces = false
    )
    {
        var data = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(data, number);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(4), architecture);
        if (argument is var (index, value))
            BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(16 + 8 * index), value);
        return Execute(BpfProgram.Of(SyscallFilter.Rules(allowsNamespaces)), data);
    }

    /// <summary>
    /// What the kernel does with a program (its documentation, networking/filter.rst), for the instructions that are
    /// used.
    /// </summary>
    private static uint Execute(byte[] program, byte[] data)
    {
        Assert.True(program.Length / 8 <= 4096);
        uint accumulator = 0;
        for (var at = 0; ; at++)
        {
            var instruction = program.AsSpan(8 * at, 8);
            var operand = BinaryPrimitives.ReadUInt32LittleEndian(instruction[4..]);
            switch (BinaryPrimitives.ReadUInt16LittleEndian(instruction))
            {
                case 0x20:
                    accumulator = BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan((int)operand));
                    break;
                case 0x54:
                    accumulator &= operand;
                    break;
                case 0x15:
                    at += accumulator == operand ? instruction[2] : instruction[3];
                    break;
                case 0x25:
                    at += accumulator > operand ? instruction[2] : instruction[3];
                    break;
                case 0x35:
                    at += accumulator >= operand ? instruction[2] : instruction[3];
                    break;
                case 0x06:
                    return operand;
                case var code:
                    Assert.Fail($"unknown instruction {code:x}");
                    break;
            }
        }
    }
}
