using Recipes.Engine.Building.Planning;
using Recipes.Engine.Sources.Patching;
using Recipes.Integration.Tests.Sandboxes;
using Xunit;

namespace Recipes.Integration.Tests.Building;

/// <summary>Patches are tried on sources that anybody may have made: their links lead nowhere.</summary>
public sealed class PatchLinkTests : IDisposable
{
    private readonly SandboxFixture fixture = new();
    private readonly TinyWorkspace workspace;

    public PatchLinkTests() => workspace = new(fixture);

    public void Dispose() => workspace.Dispose();

    private async Task<FailedPatch[]> TryAsync(string patch)
    {
        workspace.Write(
            "pkgs/c",
            """
            name = "c"
            version = "1"
            [source]
            archive = "debian:pool/c_{version}.tar.gz"
            patches = ["c.patch"]
            [build]
            system = "none"
            """
        );
        await File.WriteAllTextAsync(
            Path.Join(workspace.Root, "pkgs/c/c.patch"),
            patch,
            TestContext.Current.CancellationToken
        );
        Directory.CreateDirectory(Path.Join(fixture.Folder, "outside"));
        await File.WriteAllTextAsync(
            Path.Join(fixture.Folder, "outside/secret"),
            "secret\n",
            TestContext.Current.CancellationToken
        );
        workspace.Pin("c", root =>
        {
            Directory.CreateSymbolicLink(Path.Join(root, "link"), Path.Join(fixture.Folder, "outside"));
            File.WriteAllText(Path.Join(root, "plain"), "plain\n");
        });
        var loaded = workspace.Load();
        var result = await new BuildSources(loaded, workspace, workspace.Store).TryAsync(
            loaded.Recipes["c"],
            TestContext.Current.CancellationToken
        );
        return [.. result.Failed];
    }

    [Fact]
    public async Task A_file_behind_a_link_is_not_read()
    {
        var failed = await TryAsync("--- a/link/secret\n+++ b/link/secret\n@@ -1 +1 @@\n-secret\n+public\n");

        Assert.Equal("affected file 'link/secret' is beyond a symbolic link", Assert.Single(failed).Reason);
        Assert.Equal(
            "secret\n",
            await File.ReadAllTextAsync(
                Path.Join(fixture.Folder, "outside/secret"),
                TestContext.Current.CancellationToken
            )
        );
    }

    [Fact]
    public async Task Nothing_is_written_through_a_link_that_was_brought_before()
    {
        var failed = await TryAsync(
            "--- a/link\n+++ b/link\n@@ -1 +1 @@\n-x\n+y\n--- /dev/null\n+++ b/link/new\n@@ -0,0 +1 @@\n+new\n"
        );

        Assert.NotEmpty(failed);
        Assert.Equal(
            ["secret"],
            Directory.EnumerateFileSystemEntries(Path.Join(fixture.Folder, "outside")).Select(x => Path.GetFileName(x))
        );
    }

    [Fact]
    public async Task A_plain_file_is_patched() =>
        Assert.Empty(await TryAsync("--- a/plain\n+++ b/plain\n@@ -1 +1 @@\n-plain\n+patched\n"));
}
