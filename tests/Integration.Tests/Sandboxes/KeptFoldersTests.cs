using Recipes.Engine.Sandboxes.Bubblewrap;
using Xunit;

namespace Recipes.Integration.Tests.Sandboxes;

/// <summary>What a failed action leaves for inspection follows none of its names.</summary>
public sealed class KeptFoldersTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    [Theory]
    [InlineData("ln -s \"$VICTIM\" deps", true)]
    [InlineData("ln -s \"$VICTIM\" deps", false)]
    [InlineData("ln -s /proc/self/cwd deps", true)]
    [InlineData("touch deps", true)]
    [InlineData("mkdir deps; ln -s \"$VICTIM\" deps/.ssh", true)]
    [InlineData("mkdir -p deps/.ssh; chmod 0 deps", true)]
    [InlineData(":", true)]
    public async Task A_link_in_the_place_of_a_mount_s_parent_leads_nowhere(string replacement, bool overlay)
    {
        var victim = Directory.CreateDirectory(Path.Join(fixture.Folder, $"victim {Guid.NewGuid():n}")).FullName;
        await File.WriteAllTextAsync(Path.Join(victim, "mine"), "mine", TestContext.Current.CancellationToken);
        var kept = Path.Join(fixture.Folder, $"kept {Guid.NewGuid():n}");
        var request = fixture.Script($"mv deps moved; {replacement}; exit 1") with
        {
            WorkingDirectory = "/build",
            Mounts =
            [
                new("/build", fixture.AddTree(("a", "a")), true),
                new("/build/deps/.ssh", fixture.AddTree(("authorized_keys", "evil")), true),
            ],
            KeepOnFailure = kept,
        };
        var sandbox = new BubblewrapSandbox(fixture.Store) { Overlay = new(overlay, overlay) };
        var (result, log) = await fixture.RunAsync(
            request with
            {
                Environment = request.Environment.Add("VICTIM", victim),
            },
            sandbox
        );

        Assert.Equal((1, kept, ""), (result.ExitStatus, result.Kept, log));
        Assert.Equal(["mine"], Directory.EnumerateFileSystemEntries(victim).Select(Path.GetFileName));
        Assert.Equal(
            "evil",
            await File.ReadAllTextAsync(
                Path.Join(kept, "build/deps/.ssh/authorized_keys"),
                TestContext.Current.CancellationToken
            )
        );
        Assert.Null(new DirectoryInfo(Path.Join(kept, "build/deps")).LinkTarget);
        Assert.Null(new DirectoryInfo(Path.Join(kept, "build/deps/.ssh")).LinkTarget);
    }
}
