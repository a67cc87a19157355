using System.Collections.Immutable;
using Recipes.Engine;
using Recipes.Engine.Building;
using Recipes.Engine.Sources.Downloads;

namespace Recipes.Cli.Tests.Output;

/// <summary>The events of a small plan: one cached, one built, one failed, one skipped.</summary>
internal static class BuildStory
{
    public static ImmutableArray<EngineEvent> Events { get; } =
    [
        new PlanMade(
            [
                new("musl", [], TimeSpan.FromSeconds(38)),
                new("zlib", ["musl"], TimeSpan.FromSeconds(14)),
                new("perl", ["musl"], null),
                new("postgres", ["zlib", "perl"], TimeSpan.FromSeconds(20)),
            ],
            Builds: 2,
            KeepGoing: true
        ),
        new PackageStateChanged("musl", BuildState.Ready),
        new PackageStateChanged("musl", BuildState.Cached),
        new PackageStateChanged("zlib", BuildState.Ready),
        new PackageStateChanged("zlib", BuildState.Running, Expected: TimeSpan.FromSeconds(14)),
        new StepStarted("zlib", "configure"),
        new DownloadProgress("perl", 5_200_000, 13_930_924, "https://example.org/perl.tar.xz"),
        new DownloadRefused("perl", "https://example.org/perl.tar.xz", "not found (404)"),
        new DownloadProgress("flex", 700_000, null, "https://example.org/flex.tar.gz"),
        new DownloadProgress("perl", 1_200_000, 13_930_924, "https://example.com/perl.tar.xz"),
        new PackageStateChanged("perl", BuildState.Running),
        new StepStarted("perl", "compile"),
        new DownloadFinished("perl", 13_930_924, "https://example.com/perl.tar.xz"),
        new DownloadFinished("flex", 1_419_096, "https://example.org/flex.tar.gz"),
        new SourceUnpacked("perl", 6_412, TimeSpan.FromSeconds(1.2)),
        new PackageStateChanged("zlib", BuildState.Built, TimeSpan.FromSeconds(12.3)),
        new PackageFailure(
            "perl",
            "compile ended with status 2\nsee the log",
            ["cc [src/a.c]", "\e[31merror:\e[0m no such file\a"],
            "/store/logs/perl.log",
            "/store/failed/perl"
        ),
        new PackageStateChanged("perl", BuildState.Failed, TimeSpan.FromSeconds(185)),
        new PackageStateChanged("postgres", BuildState.Skipped),
    ];
}
