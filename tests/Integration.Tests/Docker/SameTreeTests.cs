using Recipes.Engine;
using Recipes.Engine.Building;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Model;
using Recipes.Engine.Sandboxes;
using Recipes.Engine.Sandboxes.Bubblewrap;
using Recipes.Engine.Sandboxes.Docker;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Workspaces;
using Recipes.Integration.Tests.Building;
using Recipes.Integration.Tests.Postgres;
using Recipes.Integration.Tests.Sandboxes;
using Xunit;

namespace Recipes.Integration.Tests.Docker;

/// <summary>A build gives the same tree in both sandboxes, to the byte.</summary>
[Collection(nameof(DockerDaemon))]
public sealed class SameTreeTests(DockerDaemon daemon)
{
    [Fact]
    public async Task Small_packages_of_the_seed_alone()
    {
        using var here = Fill(new());
        // Each with a store of its own, so that nothing is taken from the other.
        using var there = Fill(new() { MakeSandbox = store => new DockerSandbox(store, new(new(daemon.Host))) });

        var built = await here.BuildAsync(["second"]);
        var rebuilt = await there.BuildAsync(["second"]);

        Assert.True(built.Succeeded && rebuilt.Succeeded);
        Assert.Equal("first\n1.1\n", there.Read(rebuilt, "second", "usr/share/second"));
        Assert.Equal(TreesOf(built), TreesOf(rebuilt));
    }

    /// <summary>
    /// In an image the last layer that has a path counts, and layers are ordered by their size. So one package that
    /// yields is smaller than what is taken in its place, and one is larger.
    /// </summary>
    [Fact]
    public async Task A_build_root_in_which_a_package_yields()
    {
        using var here = FillYielding(new());
        using var there = FillYielding(
            new() { MakeSandbox = store => new DockerSandbox(store, new(new(daemon.Host))) }
        );
        // The daemon then has an image with the layers of all that do not yield.
        Assert.True((await there.BuildAsync(["before"])).Succeeded);

        var built = await here.BuildAsync(["before", "user"]);
        var rebuilt = await there.BuildAsync(["before", "user"]);

        Assert.Equal(
            """
            /usr/bin/both: real
            /usr/bin/link: real
            /usr/bin/real-link: real
            /usr/bin/small-alone: small
            /usr/share/both: real
            /usr/share/large-alone: large
            real-link leads to both
            link is a file
            all are programs
            real runs

            """,
            there.Read(rebuilt, "user", "usr/share/seen")
        );
        Assert.Equal(TreesOf(built), TreesOf(rebuilt));
    }

    /// <summary>With the toolchain of this checkout, where this machine's store holds it.</summary>
    [Theory(Timeout = 900_000)]
    [InlineData("zlib")]
    [InlineData("busybox")]
    public async Task A_package_of_the_toolchain(string name)
    {
        var store = ContentStore.Open(
            ContentStore.DefaultRoot,
            cancellationToken: TestContext.Current.CancellationToken
        );
        var request = RequestOf(name, store);
        using var docker = new DockerSandbox(store, new(new(daemon.Host)));

        var here = await BuildAsync(new BubblewrapSandbox(store), request, TestContext.Current.CancellationToken);
        var there = await BuildAsync(docker, request, TestContext.Current.CancellationToken);

        Assert.Equal(here.Outputs, there.Outputs);
    }

    private static async Task<SandboxResult> BuildAsync(
        ISandbox sandbox,
        SandboxRequest request,
        CancellationToken cancellationToken
    )
    {
        using var log = new MemoryStream();
        var result = await sandbox.RunAsync(request, log, cancellationToken);
        Assert.True(
            result.Succeeded,
            System.Text.Encoding.UTF8.GetString(log.ToArray())[^Math.Min(2000, (int)log.Length)..]
        );
        return result;
    }

    private static SandboxRequest RequestOf(string name, ContentStore store)
    {
        var workspace = Workspace.Load(Checkout.Root);
        var graph = RecipeGraph.Create(workspace);
        var locks = LockFile.Read(workspace.LockPath);
        var packages = BuiltPackages.Find(graph, locks, store);
        var missing = graph.BuildOrder([name]).FirstOrDefault(x => x != name && packages.Find(x) is null);
        Assert.SkipWhen(
            missing is not null,
            $"the store {store.Root} does not hold what builds {name}: {missing} is not built; run ./recipes build "
                + $"{name} first"
        );
        var recipe = workspace.RequirePackage(name);
        var pins = new LockedSources(locks, null!);
        var trees = new BuildSources(workspace, pins, store).Find(recipe);
        Assert.SkipUnless(
            trees?.All(x => store.HasTree(x.Tree)) ?? false,
            $"the store {store.Root} does not hold the source of {name}; run ./recipes fetch {name} first"
        );
        var results = graph
            .BuildOrder([name])
            .Where(x => x != name)
            .ToDictionary(x => x, x => packages.Find(x)!, StringComparer.Ordinal);
        var plan = PackagePlan.Of(
            recipe,
            BuildRoot.Of(name, graph.DirectNeeds(name), results, new(store), store),
            trees.Value,
            store
        );
        plan.RecipeTree.AddTo(store);
        return plan.Request with { Jobs = Environment.ProcessorCount };
    }

    private static TinyWorkspace Fill(TinyWorkspace workspace)
    {
        workspace.Package(
            "first",
            "mkdir -p /stage/usr/share; echo first > /stage/usr/share/first; ln -s first /stage/usr/share/link"
        );
        workspace.Package(
            "second",
            """
            cat /usr/share/link > /tmp/file
            echo 1.1 >> /tmp/file
            mkdir -p /stage/usr/share/empty /stage/usr/bin
            cp /tmp/file /stage/usr/share/second
            ln /stage/usr/share/second /stage/usr/share/again
            cp /bin/busybox /stage/usr/bin/tool
            id -u > /stage/usr/share/user
            """,
            "first",
            """
            [[waivers]]
            check = "seed-trace"
            path = "usr/bin/tool"
            reason = "The host's BusyBox."
            """
        );
        return workspace;
    }

    private static TinyWorkspace FillYielding(TinyWorkspace workspace)
    {
        const string yields = "[outputs.main]\nyields = true";
        workspace.Package(
            "small",
            """
            mkdir -p /stage/usr/bin
            cd /stage/usr/bin
            printf '#!/bin/sh\necho small\n' > small-alone
            chmod +x small-alone
            echo small > both
            ln -s small-alone link
            ln small-alone real-link
            """,
            more: yields
        );
        workspace.Package(
            "large",
            """
            mkdir -p /stage/usr/share
            cd /stage/usr/share
            echo large > large-alone
            echo large > both
            head -c 300000 /dev/zero > large-filler
            """,
            more: yields
        );
        workspace.Package(
            "real",
            """
            mkdir -p /stage/usr/bin /stage/usr/share
            cd /stage/usr/bin
            printf '#!/bin/sh\necho real\n' > both
            chmod +x both
            cp both link
            ln -s both real-link
            echo real > ../share/both
            head -c 100000 /dev/zero > ../share/real-filler
            """
        );
        workspace.Package("before", "mkdir -p /stage/usr/share; both > /stage/usr/share/before", "real");
        workspace.Package(
            "user",
            """
            mkdir -p /stage/usr/share
            cd /stage/usr/share
            programs='/usr/bin/both /usr/bin/link /usr/bin/real-link /usr/bin/small-alone'
            for file in $programs /usr/share/both /usr/share/large-alone; do
                echo "$file: $(tail -n 1 $file | sed 's/^echo //')"
            done > seen
            echo "real-link leads to $(readlink /usr/bin/real-link)" >> seen
            if [ ! -L /usr/bin/link ]; then echo "link is a file" >> seen; fi
            for file in $programs; do test -x $file; done
            echo "all are programs" >> seen
            echo "$(both) runs" >> seen
            ls -lR /usr/bin /usr/share | grep -v '^total' | awk '{ print $1, $NF }' > listing
            cp -a /usr/bin/real-link /usr/bin/both .
            """,
            "small large real"
        );
        return workspace;
    }

    private static IEnumerable<string> TreesOf(BuildReport report) =>
        report.Outcomes.SelectMany(x => x.Value.Result!.Outputs.Select(o => $"{x.Key}:{o.Key} {o.Value.Tree}"));
}
