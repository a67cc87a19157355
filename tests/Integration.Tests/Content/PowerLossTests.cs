using System.Runtime.InteropServices;
using System.Text;
using Recipes.Engine.Content;
using Xunit;

namespace Recipes.Integration.Tests.Content;

/// <summary>
/// A real loss of power, as far as a program can make one: the file system is cut off while its journal and the page
/// cache hold what never came to the disk.
/// </summary>
public sealed partial class PowerLossTests : IDisposable
{
    // _IOR('X', 125, __u32), and to drop the journal that was not written yet.
    private const ulong Shutdown = 0x8004587d;
    private const uint WithoutFlush = 2;

    private static readonly RecordType<byte[]> Actions = RecordType.OfBytes("action", RecordRole.Result);

    private readonly TemporaryDirectory folder = new();

    private string Disk => folder.Join("disk");

    private string Mount => folder.Join("mount");

    public void Dispose()
    {
        using (var unmount = System.Diagnostics.Process.Start("umount", ["--lazy", "--quiet", Mount]))
            unmount.WaitForExit();
        folder.Dispose();
    }

    [Theory]
    [InlineData(3)]
    [InlineData(200)]
    public async Task What_the_store_names_is_on_the_disk(int files)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "A file system of its own needs root.");
        Directory.CreateDirectory(Mount);
        using (var disk = File.Create(Disk))
            disk.SetLength(64 << 20);
        await Programs.RunAsync("mkfs.ext4", "-q", Disk);
        var mounted = await Programs.TryAsync("mount", "-o", "loop", Disk, Mount);
        Assert.SkipUnless(mounted.ExitCode == 0, $"There are no loop devices here: {mounted.StandardError}");
        Assert.True(OperatingSystem.IsLinux());

        var (tree, known, subset, blob, action) = Fill(files);
        // The proof that the cut is one: what nobody waited for is lost.
        File.WriteAllText(Path.Join(Mount, "lost"), "lost");
        Cut();
        await Programs.RunAsync("umount", "--lazy", Mount);
        var again = folder.Join("again");
        Directory.CreateDirectory(again);
        await WaitUntilDetachedAsync();
        await Programs.RunAsync("mount", "-o", "loop", Disk, again);
        try
        {
            Assert.False(File.Exists(Path.Join(again, "lost")) && File.ReadAllText(Path.Join(again, "lost")) == "lost");
            var store = ContentStore.Open(
                Path.Join(again, "store"),
                cancellationToken: TestContext.Current.CancellationToken
            );
            Assert.True(store.IsSound(tree, TestContext.Current.CancellationToken));
            Assert.True(store.IsSound(known, TestContext.Current.CancellationToken));
            Assert.Equal(blob, Digest.OfFile(store.FindBlob(blob)!));
            // The last name of all may be lost, and what is made of links alone, but never half of it.
            Assert.Equal("record", Encoding.UTF8.GetString(store.FindRecord(Actions, action) ?? "record"u8.ToArray()));
            Assert.True(!store.HasTree(subset) || store.IsSound(subset, TestContext.Current.CancellationToken));
            Assert.Empty(StoreVerifier.Verify(store, null, TestContext.Current.CancellationToken).Damages);
        }
        finally
        {
            await Programs.RunAsync("umount", "--lazy", again);
        }
    }

    private (Digest Tree, Digest Known, Digest Subset, Digest Blob, Digest Action) Fill(int files)
    {
        var store = ContentStore.Open(Path.Join(Mount, "store"));
        using var first = Made(store, "one", files);
        using var second = Made(store, "two", files);
        var known = DirectoryReader.Read(second.Path, TestContext.Current.CancellationToken);
        var tree = store.AddTree(first.Path, TestContext.Current.CancellationToken);
        store.AddTree(second.Path, known, TestContext.Current.CancellationToken);
        var subset = store.AddSubset(
            tree,
            new HashSet<string> { "one-0", "one-1" },
            TestContext.Current.CancellationToken
        );
        var blob = store.AddBlob("blob"u8);
        var action = Digest.Of("action"u8);
        store.WriteRecord(Actions, action, "record"u8.ToArray());
        // Whatever the record waited for, the names of the rest came with it: one journal.
        return (tree.Digest, known.Digest, subset.Digest, blob, action);
    }

    private static ScratchDirectory Made(ContentStore store, string name, int files)
    {
        var scratch = store.CreateScratch(name);
        for (var i = 0; i < files; i++)
            File.WriteAllText(Path.Join(scratch.Path, $"{name}-{i}"), new string((char)('a' + (i % 26)), 5000));
        return scratch;
    }

    private void Cut()
    {
        using var handle = Posix.OpenFile(Path.Join(Mount, "store/format"));
        Assert.True(Ioctl(handle, Shutdown, WithoutFlush) == 0, Marshal.GetLastPInvokeErrorMessage());
    }

    // The store's lock is open until it is collected, and with it the file system.
    private async Task WaitUntilDetachedAsync()
    {
        for (var i = 0; i < 600 && (await Programs.RunAsync("losetup", "--associated", Disk)).Length > 0; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Ioctl(SafeHandle file, ulong request, in uint argument);
}
