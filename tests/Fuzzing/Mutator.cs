namespace Recipes.Fuzzing;

/// <summary>Makes inputs from others. The same random numbers give the same input.</summary>
internal sealed class Mutator(FuzzTarget target)
{
    private const int Longest = 1 << 16;

    private static readonly byte[] Edges =
    [
        0,
        1,
        0x7f,
        0x80,
        0xff,
        (byte)'0',
        (byte)'7',
        (byte)'8',
        (byte)'/',
        (byte)'\n',
        (byte)'"',
    ];

    public byte[] Make(Random random)
    {
        var input = Pick(target.Seeds, random).ToList();
        for (var changes = random.Next(1, 9); changes > 0; changes--)
            Change(input, random);
        if (input.Count > Longest)
            input.RemoveRange(Longest, input.Count - Longest);
        byte[] made = [.. input];
        // Half of them stay damaged there too.
        if (random.Next(2) == 0)
            target.Repair(made);
        return made;
    }

    private void Change(List<byte> input, Random random)
    {
        var at = random.Next(input.Count + 1);
        var length = Math.Min(input.Count - at, 1 << random.Next(10));
        switch (random.Next(9))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < input.Count:
                input[at] = Edges[random.Next(Edges.Length)];
                break;
            case 2:
                input.RemoveRange(at, length);
                break;
            case 3:
                // The same piece again, once or very often.
                var piece = input.GetRange(at, Math.Min(length, 64));
                for (
                    var times = random.Next(8) == 0 ? random.Next(1000) : 1;
                    times > 0 && input.Count < Longest;
                    times--
                )
                    input.InsertRange(at, piece);
                break;
            case 4 when target.Words.Count > 0:
                input.InsertRange(at, Pick(target.Words, random));
                break;
            case 5 when target.Words.Count > 0:
                Overwrite(input, at, Pick(target.Words, random));
                break;
            case 6:
                var other = Pick(target.Seeds, random);
                var from = random.Next(other.Length);
                input.InsertRange(at, other.AsSpan(from, Math.Min(other.Length - from, 1 << random.Next(12))));
                break;
            case 7:
                Overwrite(input, at, Enumerable.Repeat(Edges[random.Next(Edges.Length)], random.Next(1, 17)).ToArray());
                break;
            default:
                var bytes = new byte[random.Next(1, 9)];
                random.NextBytes(bytes);
                Overwrite(input, at, bytes);
                break;
        }
    }

    private static void Overwrite(List<byte> input, int at, byte[] bytes)
    {
        for (var i = 0; i < bytes.Length && at + i < input.Count; i++)
            input[at + i] = bytes[i];
    }

    private static byte[] Pick(IReadOnlyList<byte[]> of, Random random) => of[random.Next(of.Count)];
}
