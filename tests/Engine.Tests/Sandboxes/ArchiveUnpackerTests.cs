using System.Formats.Tar;
using Recipes.Engine.Sandboxes.Docker;
using Xunit;

namespace Recipes.Engine.Tests.Sandboxes;

/// <summary>What a daemon sends is not trusted.</summary>
public sealed class ArchiveUnpackerTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Files_links_and_modes_come_out_without_the_folders_own_name()
    {
        await UnpackAsync(
            Folder("stage/"),
            Folder("stage/bin/"),
            File("stage/bin/run", "#!", UnixFileMode.UserRead | UnixFileMode.UserExecute),
            Link("stage/bin/link", "run"),
            new PaxTarEntry(TarEntryType.HardLink, "stage/bin/again") { LinkName = "stage/bin/run" },
            new PaxTarEntry(TarEntryType.HardLink, "stage/bin/link2") { LinkName = "stage/bin/link" }
        );

        Assert.Equal("#!", System.IO.File.ReadAllText(folder.Join("bin/run")));
        Assert.True(System.IO.File.GetUnixFileMode(folder.Join("bin/run")).HasFlag(UnixFileMode.UserExecute));
        Assert.Equal("run", new FileInfo(folder.Join("bin/link")).LinkTarget);
        Assert.Equal("#!", System.IO.File.ReadAllText(folder.Join("bin/again")));
        Assert.Equal("run", new FileInfo(folder.Join("bin/link2")).LinkTarget);
    }

    [Fact]
    public async Task An_archive_that_ends_between_two_files_is_incomplete()
    {
        var archive = Archive(Folder("stage/"), File("stage/one", "1"), File("stage/two", "2"));

        for (var blocks = 0; blocks < archive.Length / 512; blocks++)
        {
            using var target = new TemporaryDirectory();
            using var cut = new MemoryStream(archive[..(512 * blocks)]);
            await Assert.ThrowsAnyAsync<IOException>(() =>
                new ArchiveUnpacker(target.Path, "/stage").UnpackAsync(cut, TestContext.Current.CancellationToken)
            );
        }
    }

    [Fact]
    public async Task Nothing_is_written_outside_of_the_target()
    {
        string[] names = ["stage/../out", "stage/a/../../out", "../stage/x", "stage/missing/x", "stage/link/x"];
        foreach (var name in names)
        {
            using var target = new TemporaryDirectory();
            using var archive = new MemoryStream(
                Archive(Folder("stage/"), Link("stage/link", "/tmp"), File(name, "bad"))
            );

            var failure = await Assert.ThrowsAsync<IOException>(() =>
                new ArchiveUnpacker(target.Path, "/stage").UnpackAsync(archive, TestContext.Current.CancellationToken)
            );

            Assert.Equal($"the archive of /stage holds '{name}', which is not within it", failure.Message);
            Assert.Equal(["link"], Directory.EnumerateFileSystemEntries(target.Path).Select(Path.GetFileName));
        }
    }

    [Fact]
    public async Task A_fifo_is_refused_or_left_out()
    {
        TarEntry[] entries =
        [
            Folder("stage/"),
            new PaxTarEntry(TarEntryType.Fifo, "stage/fifo"),
            File("stage/file", ""),
        ];

        var failure = await Assert.ThrowsAsync<EngineException>(() => UnpackAsync(entries));
        Assert.Equal("'/stage/fifo' is a device, socket or fifo, which no tree can hold.", failure.Message);

        using var archive = new MemoryStream(Archive(entries));
        await new ArchiveUnpacker(folder.Path, "/stage") { LeavesOutSpecial = true }.UnpackAsync(
            archive,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(["file"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    private async Task UnpackAsync(params TarEntry[] entries)
    {
        using var archive = new MemoryStream(Archive(entries));
        await new ArchiveUnpacker(folder.Path, "/stage").UnpackAsync(archive, TestContext.Current.CancellationToken);
    }

    private static PaxTarEntry Folder(string name) => new(TarEntryType.Directory, name);

    private static PaxTarEntry Link(string name, string target) =>
        new(TarEntryType.SymbolicLink, name) { LinkName = target };

    private static PaxTarEntry File(string name, string text, UnixFileMode mode = UnixFileMode.UserRead) =>
        new(TarEntryType.RegularFile, name)
        {
            Mode = mode,
            DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)),
        };

    private static byte[] Archive(params TarEntry[] entries)
    {
        using var buffer = new MemoryStream();
        using (var writer = new TarWriter(buffer, leaveOpen: true))
        {
            foreach (var entry in entries)
                writer.WriteEntry(entry);
        }
        return buffer.ToArray();
    }
}
