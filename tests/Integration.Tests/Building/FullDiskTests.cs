using Recipes.Engine;
using Recipes.Engine.Building;
using Recipes.Engine.Content;
using Recipes.Integration.Tests.Sandboxes;
using Xunit;

namespace Recipes.Integration.Tests.Building;

/// <summary>A disk that is full at one point or another: said as it is, and nothing is lost.</summary>
public sealed class FullDiskTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    [InlineData(1024)]
    [InlineData(2048)]
    [InlineData(4096)]
    public async Task A_full_disk_is_said_and_the_same_build_goes_through_once_there_is_space(int freeKilobytes)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "A file system of its own needs root.");
        using var workspace = new TinyWorkspace(SandboxFixture.OnFileSystem(megabytes: 40));
        workspace.Package(
            "a",
            "mkdir -p /stage/usr/share; for i in 1 2 3 4 5 6 7 8; do dd if=/dev/zero of=/stage/usr/share/$i bs=1k "
                + "count=512; done"
        );
        workspace.Package("b", "mkdir -p /stage/usr/share; cat /usr/share/1 /usr/share/2 > /stage/usr/share/b", "a");
        workspace.Fill(leaving: freeKilobytes);

        var messages = new List<string>();
        try
        {
            var report = await workspace.BuildAsync(["b"]);
            messages.AddRange(
                report
                    .Outcomes.Values.Select(x => x.Failure)
                    .OfType<PackageFailure>()
                    .Select(x => $"{x.Message}{string.Concat(x.LogTail)}")
            );
        }
        catch (Exception e) when (e is EngineException || StorageFault.IsOne(e))
        {
            messages.Add(StorageFault.Describe(e).ToString());
        }
        // Where the disk was too small for everything, every failure says so.
        Assert.NotEmpty(messages);
        Assert.All(messages, x => Assert.Matches("(?i)no space", x));

        workspace.Fill(leaving: null);
        workspace.Forget();
        var again = await workspace.BuildAsync(["b"]);

        Assert.True(again.Succeeded, string.Join('\n', again.Outcomes.Values.Select(x => x.Failure?.Message)));
        Assert.Empty(StoreVerifier.Verify(workspace.Store, null, TestContext.Current.CancellationToken).Damages);
    }

    [Fact]
    public async Task The_failure_of_a_build_comes_before_that_it_could_not_be_kept()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "A file system of its own needs root.");
        using var workspace = new TinyWorkspace(SandboxFixture.OnFileSystem(megabytes: 40));
        workspace.Package("a", "echo unwell; dd if=/dev/zero of=/build/x bs=1k; exit 7");
        await workspace.BuildAsync(["toolchain"]);

        var report = await workspace.BuildAsync(["a"]);

        var failure = report.Outcomes["a"].Failure!;
        Assert.StartsWith(
            "failed in step 'install' with exit status ",
            failure.Message.ToString(),
            StringComparison.Ordinal
        );
        Assert.Contains("unwell", failure.LogTail);
    }
}
