using Recipes.Engine.Sandboxes.Roots;
using Xunit;

namespace Recipes.Engine.Tests.Sandboxes;

public sealed class RootPlanTests
{
    private static readonly RootPlan Plan = new(
        [new("/", ["/store/a"], false), new("/build", ["/store/b"], true), new("/build/gmp", ["/store/c"], true)],
        [
            new("/build/gmp/out/x", "/scratch/1", false),
            new("/tmp", "/scratch/2", false),
            new("/run/jobserver", "/scratch/3", true),
        ]
    );

    [Theory]
    [InlineData("/", "build dev proc run/jobserver(file) tmp")]
    [InlineData("/build", "gmp")]
    [InlineData("/build/gmp", "out/x")]
    [InlineData("/tmp", "")]
    public void Each_mount_knows_what_is_mounted_in_it(string path, string expected) =>
        Assert.Equal(
            expected,
            string.Join(
                ' ',
                Plan.MountPointsIn(path).Select(x => x.Path + (x.IsFile ? "(file)" : "")).Order(StringComparer.Ordinal)
            )
        );
}
