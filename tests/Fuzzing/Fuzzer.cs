using System.Diagnostics;

namespace Recipes.Fuzzing;

/// <summary>An input that broke the rules.</summary>
/// <param name="Target">The reader.</param>
/// <param name="Input">What it was given.</param>
/// <param name="Reason">What happened.</param>
internal sealed record FuzzFailure(FuzzTarget Target, byte[] Input, string Reason)
{
    /// <summary>The reason, with the file into which the input was written.</summary>
    public string Report()
    {
        var file = Path.Join(Path.GetTempPath(), $"recipes-fuzzing-{Target.Name}-{Environment.ProcessId}.bin");
        File.WriteAllBytes(file, Input);
        return $"{Reason}\nThe input, of {Input.Length} bytes, is in {file}";
    }
}

/// <summary>
/// Gives a reader one made input after the other. Only a refusal may come out, within a time and with memory in
/// proportion to the input. Input number n of a seed is always the same one.
/// </summary>
internal sealed class Fuzzer(FuzzTarget target, int seed)
{
    // Generous: machines are busy, and what hangs takes longer than any limit.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private const long FreeBytes = 128 << 20;
    private const long BytesPerByte = 4000;

    private readonly Mutator mutator = new(target);
    private byte[] current = [];
    private long started;
    private FuzzFailure? failure;

    /// <summary>The number of the first input.</summary>
    public int From { get; init; }

    /// <summary>How many inputs were read.</summary>
    public int Runs { get; private set; }

    /// <summary>Reads inputs until a time is over or some number is reached; the first failure, or null.</summary>
    public FuzzFailure? Run(TimeSpan time, int most)
    {
        var watch = Stopwatch.StartNew();
        started = Stopwatch.GetTimestamp();
        var reader = new Thread(() => ReadAll(watch, time, most)) { IsBackground = true };
        reader.Start();
        while (!reader.Join(TimeSpan.FromMilliseconds(100)))
        {
            if (Stopwatch.GetElapsedTime(Volatile.Read(ref started)) > Patience)
                return new(
                    target,
                    current,
                    $"input {From + Runs} of seed {seed} is still being read after {Patience.TotalSeconds} seconds"
                );
        }
        return failure;
    }

    /// <summary>Reads one input; the failure, or null.</summary>
    public FuzzFailure? Try(byte[] input)
    {
        var before = GC.GetTotalAllocatedBytes();
        try
        {
            target.Read(input);
        }
        catch (Exception e) when (!target.IsRefusal(e))
        {
            return new(target, input, $"input {From + Runs} of seed {seed} ends in: {e}");
        }
        catch (Exception e) when (target.IsRefusal(e))
        {
            // That is what it should do.
        }
        var used = GC.GetTotalAllocatedBytes() - before;
        return used > FreeBytes + (BytesPerByte * input.Length)
            ? new(target, input, $"input {From + Runs} of seed {seed} takes {used} bytes of memory")
            : null;
    }

    private void ReadAll(Stopwatch watch, TimeSpan time, int most)
    {
        while (failure is null && Runs < most && watch.Elapsed < time)
        {
            var input =
                Runs == 0 && From == 0 ? target.Seeds[0] : mutator.Make(new Random(HashCode(seed, From + Runs)));
            current = input;
            Volatile.Write(ref started, Stopwatch.GetTimestamp());
            failure = Try(input);
            Runs++;
        }
    }

    /// <summary>Not that of the framework, which differs from run to run.</summary>
    private static int HashCode(int a, int b) => unchecked((a * 486187739) + (b * 16777619) + (b >> 7));
}
