using Recipes.Engine.Content;
using Recipes.Engine.Testing;
using Xunit;

namespace Recipes.Engine.Tests.Testing;

/// <summary>How a test runs, and when it counts as passed already.</summary>
public sealed class TestPlanTests : IDisposable
{
    private readonly TestedPackages packages = new();

    public TestPlanTests()
    {
        packages.Recipe("tool", "script = \"tool --version\"", "[build.limits]\nmemory = \"1GB\"\ntime = \"5m\"");
        packages.Recipe("other");
        packages.Built("tool", "usr/bin/tool*=x");
        packages.Built("other", "usr/bin/other*=x");
    }

    private TestRecords Records => new(packages.Store);

    public void Dispose() => packages.Dispose();

    [Fact]
    public void A_package_is_tested_by_a_user_with_a_name_in_an_empty_folder()
    {
        var request = Plan().Request(jobs: 3, packages.Store);

        Assert.Equal(1000, request.User);
        Assert.Equal("/tmp", request.WorkingDirectory);
        Assert.Equal(3, request.Jobs);
        Assert.Equal(["/bin/sh", "-eux", "/test/script"], request.Arguments);
        Assert.Equal("tool --version", Own("test/script").TrimEnd());
        Assert.Contains("tester:x:1000:1000:", Own("etc/passwd"), StringComparison.Ordinal);
        Assert.Contains("tester:x:1000:", Own("etc/group"), StringComparison.Ordinal);
        Assert.Equal(
            ["HOME=/tmp", "LC_ALL=C", "PATH=/usr/bin", "TZ=UTC"],
            request.Environment.Select(x => $"{x.Key}={x.Value}")
        );
    }

    [Fact]
    public void The_limits_of_the_build_are_those_of_the_test()
    {
        var request = Plan().Request(jobs: 1, packages.Store);

        Assert.Equal(TimeSpan.FromMinutes(5), request.Timeout);
        Assert.Equal(1_000_000_000, request.MemoryBytes);
        Assert.Equal(TimeSpan.FromHours(24), Plan("other").Request(jobs: 1, packages.Store).Timeout);
    }

    [Fact]
    public void An_image_is_tested_as_its_user_with_its_own_accounts_and_variables()
    {
        packages.Image(
            "tool-image",
            "include = [\"tool\"]\nuser = \"70\"\nenvironment = { PATH = \"/opt/bin\", LANG = \"C.UTF-8\" }"
        );

        var plan = TestPlan.Of(packages.Tested("tool-image"), RootOf("tool"), packages.Store);

        Assert.Equal(70, plan.User);
        Assert.Equal(
            ["HOME=/tmp", "LANG=C.UTF-8", "LC_ALL=C", "PATH=/opt/bin", "TZ=UTC"],
            plan.Request(jobs: 1, packages.Store).Environment.Select(x => $"{x.Key}={x.Value}")
        );
        Assert.Equal(["test", "test/script"], packages.Store.ReadTree(plan.Trees[0]).Walk().Select(x => x.Path));
    }

    [Fact]
    public void Outputs_that_disagree_are_named()
    {
        packages.Built("other", "usr/bin/tool*=y");

        Assert.Equal(
            "the root of tool's test cannot be made: outputs disagree on\n  usr/bin/tool: tool:main and other:main",
            Assert.Throws<EngineException>(() => Plan("tool", "tool", "other")).Message
        );
    }

    [Fact]
    public void The_very_test_on_the_very_files_has_passed_in_another_process_too()
    {
        Assert.False(Records.HasPassed(Plan().Action.Digest));

        Records.Add(Plan().Action.Digest, TimeSpan.FromSeconds(2));

        Assert.True(Records.HasPassed(Plan().Action.Digest));
        var again = ContentStore.Open(packages.Store.Root, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(new TestRecords(again).HasPassed(Plan().Action.Digest));
    }

    [Fact]
    public void Another_script_or_other_files_have_not()
    {
        Records.Add(Plan().Action.Digest, TimeSpan.FromSeconds(2));

        Assert.False(Records.HasPassed(Plan("tool", "tool", "other").Action.Digest));
        packages.Built("tool", "usr/bin/tool*=changed");
        Assert.False(Records.HasPassed(Plan().Action.Digest));
        packages.Built("tool", "usr/bin/tool*=x");
        Assert.True(Records.HasPassed(Plan().Action.Digest));
        packages.Recipe("tool", "script = \"tool --help\"", "[build.limits]\nmemory = \"1GB\"\ntime = \"5m\"");
        Assert.False(Records.HasPassed(Plan().Action.Digest));
    }

    // What has passed in a store of today has to count in any later version.
    [Fact]
    public void The_key_of_a_test_stays() =>
        Assert.StartsWith(
            "4ad7bdc167ac4acb54d78c5d1b6639084894210b85369d975a",
            Plan().Action.Digest.Hash,
            StringComparison.Ordinal
        );

    private TestPlan Plan(string name = "tool", params string[] trees) =>
        TestPlan.Of(packages.Tested(name), RootOf(trees.Length == 0 ? [name] : trees), packages.Store);

    private TestRoot RootOf(params string[] names) =>
        new([.. names.Select(x => ($"{x}:main", packages.Tree(x)))], [], null);

    private string Own(string path) => packages.Store.ReadText(packages.Store.ReadTree(Plan().Trees[0]), path);
}
