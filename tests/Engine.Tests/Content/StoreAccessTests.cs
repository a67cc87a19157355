using System.Diagnostics;
using System.Globalization;
using Recipes.Engine.Content;
using Xunit;

namespace Recipes.Engine.Tests.Content;

/// <summary>Who may open a store, and what they wait for.</summary>
public sealed class StoreAccessTests : IDisposable, IEngineObserver
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TemporaryDirectory directory = new();
    private readonly TaskCompletionSource<StoreAwaited> awaited = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    public void Dispose() => directory.Dispose();

    // One that this process has not opened: it would hold the lock itself.
    private string Closed() => Path.GetDirectoryName(directory.Write("store/format", "1\n"))!;

    void IEngineObserver.On(EngineEvent happened) => awaited.TrySetResult(Assert.IsType<StoreAwaited>(happened));

    [Fact]
    public void A_store_and_its_scratch_folders_are_for_their_owner_alone()
    {
        var store = ContentStore.Open(
            directory.Join("store"),
            cancellationToken: TestContext.Current.CancellationToken
        );
        using var scratch = store.CreateScratch("test");

        Assert.Equal(Private, File.GetUnixFileMode(store.Root));
        Assert.Equal(Private, File.GetUnixFileMode(scratch.Path));
    }

    [Fact]
    public void A_store_of_an_earlier_version_is_closed_to_others()
    {
        var root = ContentStore
            .Open(directory.Join("store"), cancellationToken: TestContext.Current.CancellationToken)
            .Root;
        File.SetUnixFileMode(root, FileStamp.ModeOf(isExecutable: true));

        ContentStore.Open(root, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(Private, File.GetUnixFileMode(root));
    }

    [Fact]
    public async Task Only_a_lock_that_somebody_holds_is_waited_for_and_its_holder_is_named()
    {
        var root = Closed();
        using var holder = Process.Start(
            new ProcessStartInfo(
                "flock",
                ["--exclusive", Path.Join(root, "lock"), "sh", "-c", "echo held; exec sleep 600"]
            )
            {
                RedirectStandardOutput = true,
            }
        )!;
        Assert.Equal("held", await holder.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));

        var opening = Task.Run(() => ContentStore.Open(root, this, cancellationToken: patience.Token), patience.Token);
        var told = await awaited.Task.WaitAsync(patience.Token);
        Assert.False(opening.IsCompleted);
        holder.Kill(entireProcessTree: true);
        await opening.WaitAsync(patience.Token);

        Assert.Equal(root, told.Store);
        // flock hands the lock on to the command that it runs, so that either may be named.
        Assert.Matches(
            string.Create(CultureInfo.InvariantCulture, $@"^process \d+ \((flock --exclusive|sleep 600).*\)$"),
            told.Holder
        );
    }

    [Fact]
    public async Task The_wait_for_a_lock_can_be_cancelled()
    {
        var root = Closed();
        var (file, _) = Posix.TryOpenLock(Path.Join(root, "lock"), write: true);
        using (file)
        {
            Assert.True(Posix.TryLock(file!, exclusive: true, wait: false));
            using var cancellation = new CancellationTokenSource();

            var opening = Task.Run(
                () => ContentStore.Open(root, this, cancellationToken: cancellation.Token),
                TestContext.Current.CancellationToken
            );
            await awaited.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            await cancellation.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                opening.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
            );
        }
    }

    [Fact]
    public void The_lock_of_an_action_that_cannot_be_made_is_not_waited_for()
    {
        var error = Assert.Throws<IOException>(() => ActionLock.TryTake(directory.Join("none", "lock")));

        Assert.Equal($"Cannot open '{directory.Join("none", "lock")}': No such file or directory", error.Message);
    }
}
