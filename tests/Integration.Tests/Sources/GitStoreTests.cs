using Recipes.Engine.Content;
using Recipes.Engine.Sources.Git;
using Xunit;

namespace Recipes.Integration.Tests.Sources;

/// <summary>The git repositories of a store are verified too.</summary>
public sealed class GitStoreTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly ContentStore store;

    public GitStoreTests() => store = ContentStore.Open(folder.Join("store"));

    public void Dispose() => folder.Dispose();

    private async Task<string> RepositoryAsync(string name)
    {
        var path = Path.Join(store.Root, "git", name);
        await Programs.RunAsync("git", "init", "--quiet", "--bare", path);
        await File.WriteAllTextAsync(folder.Join("text"), name, TestContext.Current.CancellationToken);
        await Programs.RunAsync("git", "--git-dir=" + path, "hash-object", "-w", folder.Join("text"));
        return path;
    }

    private Task<StoreVerification> VerifyAsync() =>
        GitStoreCheck.VerifyAsync(store, null, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_flipped_bit_is_found_and_the_repository_dropped()
    {
        var (sound, damaged) = (await RepositoryAsync("sound"), await RepositoryAsync("damaged"));
        var file = Directory.GetFiles(Path.Join(damaged, "objects"), "*", SearchOption.AllDirectories).Single();
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[^3] ^= 4;
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);

        var found = await VerifyAsync();

        Assert.Equal(2, found.Checked);
        Assert.StartsWith(
            "git damaged: git finds damage: error: ",
            Assert.Single(found.Damages).ToString(),
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(damaged));
        Assert.True(Directory.Exists(sound));
        Assert.Empty((await VerifyAsync()).Damages);
    }

    [Fact]
    public async Task A_store_without_repositories_needs_no_git() => Assert.Equal(0, (await VerifyAsync()).Checked);
}
