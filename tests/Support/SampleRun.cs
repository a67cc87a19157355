using Recipes.Engine.Building;
using Recipes.Engine.Pictures;

namespace Recipes.Tests.Support;

/// <summary>A run on two lanes with a failure, a pause, and builds too short to be named.</summary>
internal static class SampleRun
{
    private static readonly TimelineBuild Musl = Build("musl", 2, 39, "configure", "compile", "install");
    private static readonly TimelineBuild Gcc = Build("gcc", 39, 1240, "configure", "compile", "install", "finish");
    private static readonly TimelineBuild Postgres = Build(
        "postgres",
        1251,
        1660,
        "configure",
        "compile",
        "install"
    ) with
    {
        State = BuildState.Failed,
    };

    public static Timeline Failed { get; } =
        new(
            [
                [Musl, Gcc, Build("zlib", 1240, 1243), Postgres],
                [
                    Build("busybox", 39, 61, "compile"),
                    Build("perl", 70, 260, "configure", "compile", "install"),
                    Build("a-package-with-quite-a-long-name", 260, 390, "compile"),
                ],
            ],
            [Musl, Gcc, Postgres],
            TimeSpan.FromSeconds(1662),
            2
        );

    private static TimelineBuild Build(string package, double start, double end, params string[] steps) =>
        new(
            package,
            TimeSpan.FromSeconds(start),
            TimeSpan.FromSeconds(end),
            BuildState.Built,
            [
                .. steps.Select(
                    (x, i) => new TimelineStep(x, TimeSpan.FromSeconds(start + ((end - start) * i / steps.Length)))
                ),
            ]
        );
}
