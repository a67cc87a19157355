using Recipes.Engine.Building;
using Recipes.Engine.Pictures;

namespace Recipes.Tests.Support;

/// <summary>A run on two lanes with a failure, a pause, and builds too short to be named.</summary>
internal static class SampleRun
{
    private static readonly TimelineBuild s_musl = Build("musl", 2, 39, "configure", "compile", "install");
    private static readonly TimelineBuild s_gcc = Build("gcc", 39, 1240, "configure", "compile", "install", "finish");
    private static readonly TimelineBuild s_postgres = Build(
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
                [s_musl, s_gcc, Build("zlib", 1240, 1243), s_postgres],
                [
                    Build("busybox", 39, 61, "compile"),
                    Build("perl", 70, 260, "configure", "compile", "install"),
                    Build("a-package-with-quite-a-long-name", 260, 390, "compile"),
                ],
            ],
            [s_musl, s_gcc, s_postgres],
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
