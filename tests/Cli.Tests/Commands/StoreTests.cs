using System.Text.Json;
using Recipes.Engine.Content;
using Xunit;

namespace Recipes.Cli.Tests.Commands;

public sealed class StoreTests : IDisposable
{
    private readonly TestWorkspace workspace = new();
    private ContentStore? store;

    [Fact]
    public async Task A_store_without_damage_verifies()
    {
        AddTree("content");
        var run = await workspace.RunAsync("store", "verify");

        Assert.Equal(0, run.ExitCode);
        Assert.EndsWith(" verified, 0 damaged\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_is_named_and_dropped()
    {
        var file = Path.Join(AddTree("content"), "file");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(file, "CONTENT", TestContext.Current.CancellationToken);

        var run = await workspace.RunAsync("store", "verify");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("tree ", run.Out, StringComparison.Ordinal);
        Assert.EndsWith(" 1 damaged and dropped; what is needed is made anew\n", run.Out, StringComparison.Ordinal);

        Assert.Equal(0, (await workspace.RunAsync("store", "verify")).ExitCode);
    }

    [Fact]
    public async Task Damage_is_listed_as_json()
    {
        var file = Path.Join(AddTree("content"), "file");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(file, "CONTENT", TestContext.Current.CancellationToken);

        var run = await workspace.RunAsync("store", "verify", "--json");

        using var json = JsonDocument.Parse(run.Out);
        Assert.Equal("tree", json.RootElement.GetProperty("damages")[0].GetProperty("kind").GetString());
    }

    [Fact]
    public async Task The_space_is_told_by_kind_and_by_tree()
    {
        AddTree("content");
        var text = await workspace.RunAsync("store", "du");
        var data = await workspace.RunAsync("store", "du", "--json");

        Assert.StartsWith($"{workspace.Store}: ", text.Out, StringComparison.Ordinal);
        Assert.Contains("\ntree ", text.Out, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(data.Out);
        Assert.Equal(workspace.Store, json.RootElement.GetProperty("root").GetString());
        Assert.Single(json.RootElement.GetProperty("largestTrees").EnumerateArray());
    }

    [Fact]
    public async Task A_collection_removes_what_no_recipe_needs_and_leaves_pinned_sources()
    {
        // As processes: whoever has the store open, as this one may, keeps a collection from it.
        using var sources = new SourceWorkspace();
        await sources.RunProcessAsync("lock");
        await sources.RunProcessAsync("fetch", "--all", "--unpack");

        var first = await sources.RunProcessAsync("store", "gc", "--keep", "1B");
        Assert.True(first.ExitCode == 0, first.Error);
        File.Delete(Path.Join(sources.Path, "pkgs", "words", "words-1.tar.gz"));
        Assert.Equal("1 source in the store\n", (await sources.RunProcessAsync("fetch", "--all", "--unpack")).Out);

        File.Delete(sources.Lock);
        var second = await sources.RunProcessAsync("store", "gc", "--keep", "1B", "--json");
        using var json = JsonDocument.Parse(second.Out);
        Assert.True(json.RootElement.GetProperty("removed").GetInt32() >= 2, second.Out);
        Assert.True(
            json.RootElement.GetProperty("bytesAfter").GetInt64()
                < json.RootElement.GetProperty("bytesBefore").GetInt64()
        );
    }

    [Fact]
    public async Task A_store_in_use_is_not_collected()
    {
        AddTree("content");
        using var sources = new SourceWorkspace();
        var run = await ProgramRun.OfCliAsync(sources.Path, "store", "gc", "--keep", "1B", "--store", workspace.Store);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is in use by another process", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collection_wants_a_size()
    {
        var run = await workspace.RunAsync("store", "gc", "--keep", "much");

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith(
            "error: 'much' is not a size; write one as 20GB or 500MiB\n",
            run.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_store_that_cannot_be_made_is_an_error_that_says_what_to_do()
    {
        var run = await CliRun.InAsync(
            workspace.Path,
            "store",
            "du",
            "--store",
            workspace.Write("file", "") + "/store"
        );

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("error: The store '", run.Error, StringComparison.Ordinal);
        Assert.Contains("--store", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_verb_the_verbs_are_listed()
    {
        var run = await workspace.RunAsync("store");

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("error: recipes store needs a command: verify, ", run.Error, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        GC.KeepAlive(store);
        workspace.Dispose();
    }

    private string AddTree(string content)
    {
        store = ContentStore.Open(workspace.Store);
        using var scratch = store.CreateScratch("test");
        var folder = Directory.CreateDirectory(Path.Join(scratch.Path, "tree")).FullName;
        File.WriteAllText(Path.Join(folder, "file"), content);
        return store.TreePath(store.AddTree(folder).Digest);
    }
}
