using Recipes.Engine.Building.Planning;
using Recipes.Engine.Graph;
using Xunit;

namespace Recipes.Integration.Tests.Building;

public sealed class BuildExplanationTests : IDisposable
{
    private readonly TinyWorkspace workspace = new();

    [Fact]
    public async Task What_is_built_has_no_cause()
    {
        workspace.Package("a", "mkdir -p /stage/usr; echo a > /stage/usr/a");
        await workspace.BuildAsync(["a"]);

        var explanation = Explain("a");

        Assert.Empty(explanation.Causes);
        Assert.Empty(explanation.Waiting);
    }

    [Fact]
    public async Task A_changed_step_is_the_cause_and_its_dependents_only_wait()
    {
        workspace.Package("a", "mkdir -p /stage/usr; echo one > /stage/usr/a");
        workspace.Package("b", "mkdir -p /stage/usr; cat /usr/a > /stage/usr/b", "a");
        await workspace.BuildAsync(["b"]);
        workspace.Package("a", "mkdir -p /stage/usr; echo two > /stage/usr/a");

        var explanation = Explain("b");

        var cause = Assert.Single(explanation.Causes);
        Assert.Equal(("a", Standing.Unbuilt, true), (cause.Package, cause.Standing, cause.WasBuilt));
        var difference = Assert.Single(cause.Differences);
        Assert.Equal((ActionPart.Step, "install"), (difference.Part, difference.Subject));
        Assert.Equal("mkdir -p /stage/usr; echo one > /stage/usr/a", difference.Before);
        Assert.Equal("mkdir -p /stage/usr; echo two > /stage/usr/a", difference.After);
        Assert.Equal(["b"], explanation.Waiting);
    }

    [Fact]
    public async Task A_need_that_came_out_different_is_told_with_the_file()
    {
        workspace.Package("a", "mkdir -p /stage/usr; echo one > /stage/usr/a; echo same > /stage/usr/b");
        workspace.Package("b", "mkdir -p /stage/usr; cat /usr/a > /stage/usr/c", "a");
        await workspace.BuildAsync(["b"]);
        workspace.Package("a", "mkdir -p /stage/usr; echo two > /stage/usr/a; echo same > /stage/usr/b");
        await workspace.BuildAsync(["a"]);

        var difference = Assert.Single(Assert.Single(Explain("b").Causes).Differences);

        Assert.Equal(
            (ActionPart.Need, "a:main", "usr/a", 0),
            (difference.Part, difference.Subject, difference.Path, difference.More)
        );
    }

    [Fact]
    public async Task Variables_limits_files_and_needs_are_each_told()
    {
        workspace.Package("a", "mkdir -p /stage/usr; echo a > /stage/usr/a");
        workspace.Package("b", "mkdir -p /stage/usr; echo b > /stage/usr/b");
        workspace.Package(
            "c",
            "mkdir -p /stage/usr; echo c > /stage/usr/c",
            "a",
            "[build.environment]\nMODE = \"old\""
        );
        await workspace.BuildAsync(["b", "c"]);
        workspace.Package(
            "c",
            "mkdir -p /stage/usr; echo c > /stage/usr/c",
            "b",
            "[build.environment]\nMODE = \"new\"\n[build.limits]\nprocesses = 99"
        );
        await File.WriteAllTextAsync(
            Path.Join(workspace.Root, "pkgs/c/settings"),
            "x",
            TestContext.Current.CancellationToken
        );

        var differences = Assert.Single(Explain("c").Causes).Differences;

        Assert.Equal(
            [
                new ActionDifference(ActionPart.Environment, "MODE", "old", "new"),
                new ActionDifference(ActionPart.RecipeFile, "settings", IsAdded: true),
                new ActionDifference(ActionPart.Need, "a:main", IsRemoved: true),
                new ActionDifference(ActionPart.Need, "b:main", IsAdded: true),
                new ActionDifference(ActionPart.Limit, "processes", null, "99", IsAdded: true),
            ],
            differences
        );
    }

    [Fact]
    public void What_was_never_built_says_so()
    {
        workspace.Package("a", "true");

        var causes = Explain("a").Causes;

        Assert.Equal(["toolchain"], causes.Select(x => x.Package));
        Assert.False(causes[0].WasBuilt);
    }

    [Fact]
    public async Task Other_outputs_of_the_same_build_only_split_it_again()
    {
        workspace.Package("a", "mkdir -p /stage/usr; echo one > /stage/usr/a; echo two > /stage/usr/b");
        await workspace.BuildAsync(["a"]);
        workspace.Package(
            "a",
            "mkdir -p /stage/usr; echo one > /stage/usr/a; echo two > /stage/usr/b",
            more: "[outputs]\nb = [\"usr/b\"]"
        );

        Assert.Equal(Standing.Unsplit, Assert.Single(Explain("a").Causes).Standing);
    }

    public void Dispose() => workspace.Dispose();

    private BuildExplanation Explain(string name)
    {
        var graph = RecipeGraph.Create(workspace.Load());
        return BuildExplanation.Of(graph, workspace.Standing(), workspace.Store, name);
    }
}
