using System.Diagnostics;
using System.Globalization;

namespace Recipes.Benchmarks;

/// <summary>Wall times of one thing, run several times.</summary>
internal sealed class Samples(string name)
{
    private readonly List<double> milliseconds = [];

    public double Median => milliseconds.Order().ElementAt(milliseconds.Count / 2);

    public async Task TimeAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }

    /// <summary>
    /// Things that are compared run in turns, so that whatever else the machine does meets all of them.
    /// </summary>
    public static async Task<IReadOnlyList<Samples>> AlternateAsync(
        int rounds,
        params (string Name, Func<Task> Work)[] things
    )
    {
        var all = things.Select(x => new Samples(x.Name)).ToList();
        for (var round = 0; round <= rounds; round++)
            foreach (var (thing, samples) in things.Zip(all))
                await (round == 0 ? thing.Work() : samples.TimeAsync(thing.Work));
        return all;
    }

    /// <summary>A line each, with ratios to the first.</summary>
    public static void Write(IReadOnlyList<Samples> all)
    {
        foreach (var samples in all)
            Console.WriteLine(samples.Line(all[0].Median));
    }

    private string Line(double reference) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{name, -44} median {Median, 9:0.0} ms   min {milliseconds.Min(), 9:0.0}   max "
                + $"{milliseconds.Max(), 9:0.0}   ratio {Median / reference:0.00}"
        );
}
