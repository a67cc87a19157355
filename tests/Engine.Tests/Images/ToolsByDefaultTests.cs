using Recipes.Engine.Images;
using Xunit;

namespace Recipes.Engine.Tests.Images;

/// <summary>
/// Programs beside libraries go where somebody names their package, and not where a file needs a library.
/// </summary>
public sealed class ToolsByDefaultTests
{
    [Fact]
    public void Who_names_a_package_gets_its_programs_too() =>
        Assert.Equal(["curl:main", "curl:tools"], Names(Packages(), "curl"));

    [Fact]
    public void Who_names_the_output_gets_that_alone() => Assert.Equal(["curl:main"], Names(Packages(), "curl:main"));

    [Fact]
    public void A_file_that_needs_the_library_gets_the_library() =>
        Assert.Equal(["curl:main", "git:main"], Names(Packages(), "git"));

    [Fact]
    public void A_recipe_that_requires_the_package_gets_its_programs() =>
        Assert.Equal(["curl:main", "curl:tools", "script:main"], Names(Packages(), "script"));

    [Fact]
    public void Why_knows_the_way_to_a_program_of_a_named_package()
    {
        var packages = Packages();
        var image = FakePackages.Image(FakePackages.Spec("curl"));

        var path = Assert.Single(RuntimePath.Find(image, packages.Closure(image), packages, "usr/bin/curl"));

        Assert.Equal("curl:tools", path.Output);
    }

    private static FakePackages Packages() =>
        new FakePackages()
            .Add("curl", [("main", "usr/lib/libcurl.so.4*=l", []), ("tools", "usr/bin/curl*=c", [])])
            .Add(
                "git",
                [("main", "usr/lib/git.so*=g", [FakePackages.Library("usr/lib/git.so", "git.so", "libcurl.so.4")])],
                ["curl:main"]
            )
            .Add("script", [("main", "usr/share/script=s", [])], requires: ["curl"]);

    private static IEnumerable<string> Names(FakePackages packages, string include)
    {
        var closure = packages.Closure(FakePackages.Image(FakePackages.Spec(include)));
        Assert.True(closure.IsWhole);
        return closure.Outputs.Select(x => x.Name);
    }
}
