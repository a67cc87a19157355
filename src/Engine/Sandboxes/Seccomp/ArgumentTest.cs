namespace Recipes.Engine.Sandboxes.Seccomp;

/// <summary>A test of one argument of a system call.</summary>
/// <param name="Index">The argument, from 0.</param>
/// <param name="Mask">
/// The bits to look at; the kernel takes these arguments as 32-bit numbers, whatever a register's upper half holds.
/// </param>
/// <param name="Value">What these bits are equal to, or, if <paramref name="IsAbove"/>, less than.</param>
/// <param name="IsAbove">True for a number above <paramref name="Value"/>, in all 64 bits.</param>
internal sealed record ArgumentTest(uint Index, uint Mask, uint Value, bool IsAbove = false)
{
    /// <summary>True for an argument equal to a number.</summary>
    public static ArgumentTest Is(uint index, uint value) => new(index, uint.MaxValue, value);

    /// <summary>True for an argument with a flag.</summary>
    public static ArgumentTest Has(uint index, uint flag) => new(index, flag, flag);

    /// <summary>True for an argument above a number.</summary>
    public static ArgumentTest Above(uint index, uint value) => new(index, uint.MaxValue, value, IsAbove: true);
}
