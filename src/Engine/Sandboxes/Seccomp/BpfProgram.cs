using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Recipes.Engine.Sandboxes.Seccomp;

/// <summary>
/// Rules as a program of the kernel's classic packet filter over <c>struct seccomp_data</c>, for
/// <c>bwrap --seccomp</c>.
/// </summary>
/// <remarks>
/// See seccomp(2), "BPF programs": eight bytes an instruction, jumps only ahead and by 255 at most. Calls of other ABIs
/// of the processor (i386, x32), whose numbers mean something else, fail with ENOSYS.
/// </remarks>
internal sealed class BpfProgram
{
    private const ushort Load = 0x20;
    private const ushort And = 0x54;
    private const ushort JumpIfEqual = 0x15;
    private const ushort JumpIfAbove = 0x25;
    private const ushort JumpIfAtLeast = 0x35;
    private const ushort Return = 0x06;
    private const uint Allow = 0x7fff0000;
    private const uint Fail = 0x00050000;

    private const uint NumberOffset = 0;
    private const uint ArchitectureOffset = 4;
    private const uint ArgumentsOffset = 16;
    private const uint X64 = 0xc000003e;
    private const uint FirstX32 = 0x40000000;

    private readonly List<byte> bytes = [];

    private BpfProgram() { }

    /// <summary>Assembles rules; all other calls are allowed.</summary>
    /// <exception cref="EngineException">This machine is not x86-64, whose numbers these are.</exception>
    public static byte[] Of(ImmutableArray<SyscallRule> rules)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
            throw new EngineException(
                $"There is no filter of system calls for {RuntimeInformation.ProcessArchitecture}: builds run on "
                    + $"x86-64 only."
            );
        var program = new BpfProgram();
        program.Add(Load, ArchitectureOffset);
        program.Add(JumpIfEqual, X64, then: 1);
        program.Add(Return, Fail | SyscallRule.NotImplemented);
        program.Add(Load, NumberOffset);
        program.Add(JumpIfAtLeast, FirstX32, otherwise: 1);
        program.Add(Return, Fail | SyscallRule.NotImplemented);
        foreach (var rule in rules)
            program.Add(rule);
        program.Add(Return, Allow);
        return [.. program.bytes];
    }

    private void Add(SyscallRule rule)
    {
        var body = new BpfProgram();
        foreach (var test in rule.When)
            body.Add(test);
        // Past its own rule, a call whose arguments passed is through.
        if (rule.When.IsEmpty)
            body.Add(Return, Fail | (uint)rule.Error);
        else
            body.Add(Return, Allow).Add(Return, Fail | (uint)rule.Error);
        var count = body.bytes.Count / 8;
        Add(JumpIfEqual, rule.Number, otherwise: checked((byte)count));
        // A test that holds jumps to the last instruction of the body, which is not known before.
        for (var i = 0; i < count; i++)
        {
            if (body.bytes[i * 8 + 2] == ToEnd)
                body.bytes[i * 8 + 2] = checked((byte)(count - 2 - i));
        }
        bytes.AddRange(body.bytes);
    }

    private const byte ToEnd = byte.MaxValue;

    private void Add(ArgumentTest test)
    {
        var offset = ArgumentsOffset + 8 * test.Index;
        if (test.IsAbove)
        {
            // The upper half first: x86-64 is little-endian.
            Add(Load, offset + 4);
            Add(JumpIfAbove, 0, then: ToEnd);
            Add(Load, offset);
            Add(JumpIfAbove, test.Value, then: ToEnd);
            return;
        }
        Add(Load, offset);
        if (test.Mask != uint.MaxValue)
            Add(And, test.Mask);
        Add(JumpIfEqual, test.Value, then: ToEnd);
    }

    private BpfProgram Add(ushort code, uint operand, byte then = 0, byte otherwise = 0)
    {
        Span<byte> instruction = stackalloc byte[8];
        BinaryPrimitives.WriteUInt16LittleEndian(instruction, code);
        instruction[2] = then;
        instruction[3] = otherwise;
        BinaryPrimitives.WriteUInt32LittleEndian(instruction[4..], operand);
        bytes.AddRange(instruction);
        return this;
    }
}
