using Recipes.Fuzzing.Targets;
using Xunit;

namespace Recipes.Fuzzing;

/// <summary>
/// A short search of every reader, the same one in every run. Longer ones are started by hand; see
/// <see cref="Program"/>.
/// </summary>
public sealed class FuzzingTests
{
    private const int Seed = 20261127;
    private const int Inputs = 1500;

    public static TheoryData<string> Targets { get; } = [.. AllTargets.All.Select(x => x.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Strangers_input_is_read_or_refused(string target)
    {
        var fuzzer = new Fuzzer(AllTargets.Named(target).Single(), Seed);

        var failure = fuzzer.Run(TimeSpan.FromMinutes(5), Inputs);

        Assert.True(failure is null, failure?.Report());
        Assert.Equal(Inputs, fuzzer.Runs);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Every_good_input_is_read(string target)
    {
        var reader = AllTargets.Named(target).Single();

        Assert.All(reader.Seeds, reader.Read);
    }

    [Fact]
    public void What_a_reader_throws_that_is_no_refusal_is_found() =>
        Assert.Contains(
            "DivideByZeroException",
            new Fuzzer(new BrokenTarget(() => throw new DivideByZeroException()), Seed)
                .Run(TimeSpan.FromMinutes(1), 10)
                ?.Reason,
            StringComparison.Ordinal
        );

    [Fact]
    public void Memory_out_of_proportion_is_found() =>
        Assert.Contains(
            "bytes of memory",
            new Fuzzer(new BrokenTarget(() => _ = new byte[1 << 30]), Seed).Run(TimeSpan.FromMinutes(1), 10)?.Reason,
            StringComparison.Ordinal
        );

    private sealed class BrokenTarget(Action read) : FuzzTarget
    {
        public override string Name => "broken";

        public override IReadOnlyList<byte[]> Seeds =>
            [
                [1],
            ];

        public override void Read(byte[] input) => read();
    }
}
