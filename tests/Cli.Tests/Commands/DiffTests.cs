using System.Formats.Tar;
using System.Text;
using System.Text.Json;
using Recipes.Engine.Content;
using Xunit;

namespace Recipes.Cli.Tests.Commands;

public sealed class DiffTests : IDisposable
{
    private readonly TestWorkspace workspace = new();

    [Fact]
    public async Task Equal_folders_return_0()
    {
        workspace.Write("one/a", "a");
        workspace.Write("two/a", "a");

        var run = await workspace.RunAsync("diff", "./one", "./two");

        Assert.Equal("./one and ./two are equal\n", run.Out);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task What_differs_is_told_line_by_line_and_returns_1()
    {
        workspace.Write("one/changed", "a");
        workspace.Write("one/gone", "gone");
        workspace.Write("two/changed", "abc");
        workspace.Write("two/new", "new");

        var run = await workspace.RunAsync("diff", "./one", "./two");

        Assert.Equal("files\n  - gone  4 B\n  + new  3 B\n  ~ changed  1 B → 3 B\nfiles 5 B → 6 B (+1 B)\n", run.Out);
        Assert.Equal(1, run.ExitCode);
    }

    [Fact]
    public async Task Json_says_the_same()
    {
        workspace.Write("one/changed", "a");
        workspace.Write("two/changed", "abc");

        var run = await workspace.RunAsync("diff", "./one", "./two", "--json");

        using var json = JsonDocument.Parse(run.Out);
        Assert.False(json.RootElement.GetProperty("equal").GetBoolean());
        Assert.Equal(3, json.RootElement.GetProperty("bytesAfter").GetInt64());
        var change = json.RootElement.GetProperty("changed")[0];
        Assert.Equal("changed", change.GetProperty("path").GetString());
        Assert.Equal("644", change.GetProperty("after").GetProperty("mode").GetString());
        Assert.Equal(1, run.ExitCode);
    }

    [Fact]
    public async Task Release_archives_are_compared_without_their_top_folders()
    {
        using var sources = new SourceWorkspace();
        sources.WriteArchive("one\ntwo\n", "2");

        var run = await sources.RunAsync("diff", "pkgs/words/words-1.tar.gz", "pkgs/words/words-2.tar.gz");

        Assert.Equal((1, "files\n  ~ words.txt  4 B → 8 B\nfiles 4 B → 8 B (+4 B)\n"), (run.ExitCode, run.Out));
        sources.Write("broken.tar.gz", "no archive");
        var broken = await sources.RunAsync("diff", "broken.tar.gz", "pkgs/words/words-2.tar.gz");
        Assert.Equal(2, broken.ExitCode);
        Assert.StartsWith(
            "error: Cannot import 'broken.tar.gz': it is damaged, or no tar archive (",
            broken.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Trees_are_named_by_their_hash()
    {
        var (one, two) = (AddTree("one"), AddTree("two"));

        Assert.Equal(0, (await workspace.RunAsync("diff", one.Hash, one.ToString())).ExitCode);
        Assert.Contains(
            "~ file  3 B, other content",
            (await workspace.RunAsync("diff", one.Hash, two.Hash)).Out,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Archives_are_compared_without_any_workspace()
    {
        using var folder = new TemporaryDirectory();
        WriteArchive(folder.Join("a.tar"), "one");
        WriteArchive(folder.Join("b.tar"), "two");

        var run = await CliRun.InAsync(folder.Path, "diff", "a.tar", "b.tar", "--store", folder.Join("store"));

        Assert.Equal("", run.Error);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("configuration\n  ~ Env MODE one → two\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("  ~ etc/mode  3 B, other content\n", run.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.Join("store")), "a store was made though none was needed");
    }

    [Fact]
    public async Task What_is_not_built_is_trouble_and_the_message_says_what_to_run()
    {
        var run = await workspace.RunAsync("diff", "zlib", "tool");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("error: 'zlib' is not built as its recipe is now; run: recipes build zlib\n", run.Error);
    }

    [Theory]
    [InlineData("./nothing", "there is no file or folder './nothing'")]
    [InlineData("zlb", "there is no recipe 'zlb' in ")]
    [InlineData(
        "0123456789012345678901234567890123456789012345678901234567890123/x",
        "is not a tree; write 'sha256:' and 64 hexadecimal digits"
    )]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123", "is not in the store")]
    public async Task What_does_not_exist_is_trouble(string word, string message)
    {
        workspace.Write("one/a", "a");

        var run = await workspace.RunAsync("diff", "./one", word);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Out);
    }

    [Fact]
    public async Task An_image_and_a_folder_are_no_two_of_a_kind()
    {
        workspace.Write("one/a", "a");
        WriteArchive(Path.Join(workspace.Path, "a.tar"), "one");

        var run = await workspace.RunAsync("diff", "./one", "a.tar");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("error: 'a.tar' is an image and './one' is not; compare two of a kind\n", run.Error);
    }

    [Fact]
    public async Task One_side_alone_needs_another_workspace()
    {
        var run = await workspace.RunAsync("diff", "zlib");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(
            "error: diff needs B, or --from DIR to compare A with what it was in another workspace\n",
            run.Error
        );
    }

    public void Dispose() => workspace.Dispose();

    private Digest AddTree(string content)
    {
        var store = ContentStore.Open(workspace.Store);
        using var scratch = store.CreateScratch("test");
        var folder = Directory.CreateDirectory(Path.Join(scratch.Path, "tree")).FullName;
        File.WriteAllText(Path.Join(folder, "file"), content);
        return store.AddTree(folder).Digest;
    }

    /// <summary>As <c>docker save</c> writes it, with one layer of one file.</summary>
    private static void WriteArchive(string path, string mode)
    {
        using var layer = new MemoryStream();
        using (var files = new TarWriter(layer, leaveOpen: true))
            Add(files, "etc/mode", mode);
        layer.Position = 0;
        using var archive = new TarWriter(File.Create(path));
        archive.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "layer.tar") { DataStream = layer });
        Add(
            archive,
            "config.json",
            $$$"""{"config":{"Env":["MODE={{{mode}}}"]},"rootfs":{"diff_ids":["sha256:{{{mode}}}"]}}"""
        );
        Add(archive, "manifest.json", """[{"Config":"config.json","Layers":["layer.tar"]}]""");
    }

    private static void Add(TarWriter writer, string path, string content) =>
        writer.WriteEntry(
            new PaxTarEntry(TarEntryType.RegularFile, path)
            {
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)),
            }
        );
}
