using CliWrap;
using CliWrap.Buffered;
using Recipes.Engine;
using Recipes.Engine.Content;
using Recipes.Integration.Tests.Building;
using Recipes.Integration.Tests.Sandboxes;
using Xunit;

namespace Recipes.Integration.Tests.CommandLine;

/// <summary>
/// A store that nobody can write to, or not this user: it can be asked, and what has to write says so at once.
/// </summary>
public sealed class ReadOnlyStoreTests : IDisposable
{
    private readonly TinyWorkspace workspace;
    private readonly List<string> views = [];
    private readonly TemporaryDirectory programs = new();
    private string store;

    public ReadOnlyStoreTests()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "A file system of its own needs root.");
        workspace = new(SandboxFixture.OnFileSystem(megabytes: 40));
        store = workspace.Store.Root;
    }

    public void Dispose()
    {
        foreach (var view in views)
        {
            using var unmount = System.Diagnostics.Process.Start("umount", ["--lazy", view]);
            unmount.WaitForExit();
            Directory.Delete(view);
        }
        programs.Dispose();
        workspace?.Dispose();
    }

    /// <summary>The store as a mount shows it that cannot be written.</summary>
    private async Task<string> ReadOnlyAsync()
    {
        var view = Directory.CreateTempSubdirectory("recipes view ").FullName;
        await Programs.RunAsync("mount", "--bind", Path.GetDirectoryName(workspace.Store.Root)!, view);
        views.Add(view);
        await Programs.RunAsync("mount", "-o", "remount,bind,ro", view);
        return store = Path.Join(view, Path.GetFileName(workspace.Store.Root));
    }

    private Task<BufferedCommandResult> RunAsync(params string[] arguments) =>
        RunAsync(WorkspaceFolder.Program, arguments);

    private async Task<BufferedCommandResult> RunAsync(string program, string[] arguments, params string[] before)
    {
        // One that waits for what no waiting changes fails here.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        string[] all = [.. before, program, .. arguments, "--store", store, "--workspace", workspace.Root];
        return await CliWrap
            .Cli.Wrap(all[0])
            .WithArguments(all[1..])
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(patience.Token);
    }

    private async Task<string[]> ListAsync() =>
        [
            .. (await Programs.RunAsync("find", store, "-printf", "%P %T@ %C@\\n"))
                .Split('\n')
                .Order(StringComparer.Ordinal),
        ];

    private async Task BuildAsync()
    {
        workspace.Package("a", "mkdir -p /stage/usr/share; echo one > /stage/usr/share/a");
        Assert.True((await workspace.BuildAsync(["a"])).Succeeded);
        File.WriteAllText(Path.Join(workspace.Root, "recipes.lock"), "");
    }

    [Fact]
    public async Task On_a_read_only_file_system_questions_are_answered_and_nothing_is_written()
    {
        await BuildAsync();
        await ReadOnlyAsync();
        var before = await ListAsync();

        foreach (
            var question in (string[][])
                [
                    ["check"],
                    ["store", "du"],
                    ["log", "a"],
                    ["graph"],
                    ["why", "a", "toolchain"],
                    ["impact", "a"],
                ]
        )
        {
            var answer = await RunAsync(question);
            Assert.True(
                answer.ExitCode == 0 || question[0] == "check",
                $"{question[0]}: {answer.StandardOutput}{answer.StandardError}"
            );
            Assert.DoesNotContain("internal error", answer.StandardError, StringComparison.Ordinal);
        }

        Assert.Equal(before, await ListAsync());
    }

    [Fact]
    public async Task On_a_read_only_file_system_the_engine_finds_and_verifies_what_is_built()
    {
        await BuildAsync();
        await ReadOnlyAsync();

        workspace.Forget(store);
        var report = await Record.ExceptionAsync(() => workspace.BuildAsync(["a"]));
        var packages = workspace.Standing();

        Assert.False(workspace.Store.IsWritable);
        Assert.Equal("a", packages.Find("a")!.Recipe.Name);
        Assert.True(
            workspace.Store.IsSound(packages.Find("a")!.Outputs["main"].Tree, TestContext.Current.CancellationToken)
        );
        Assert.StartsWith(
            $"The store '{store}' can be read but not written: the file system is read-only at '{store}/lock' (tmpfs, ",
            report!.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("store", "verify")]
    [InlineData("store", "gc", "--keep", "1GB")]
    public async Task On_a_read_only_file_system_what_has_to_write_says_so_at_once(params string[] command)
    {
        await BuildAsync();
        File.Delete(Path.Join(workspace.Root, "recipes.lock"));
        await ReadOnlyAsync();

        var answer = await RunAsync(command);

        Assert.Equal(1, answer.ExitCode);
        Assert.Matches(
            $@"^error: The store '{store}' can be read but not written: the file system is read-only at '{store}/lock' \(tmpfs, [\d.]+ MB of [\d.]+ MB free\)\. To go on, choose another store with --store or RECIPES_STORE\.\n$",
            answer.StandardError
        );
    }

    [Fact]
    public async Task A_store_that_another_user_may_only_read_is_asked_by_them()
    {
        await BuildAsync();
        // Opened to others by hand, as for a store that is shared.
        await Programs.RunAsync("chmod", "-R", "a+rX,a-w", workspace.Store.Root);
        var program = await CopyForOthersAsync();
        string[] nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--"];

        var du = await RunAsync(program, ["store", "du"], nobody);
        var verify = await RunAsync(program, ["store", "verify"], nobody);

        Assert.True(du.ExitCode == 0, du.StandardError);
        Assert.StartsWith(
            $"error: The store '{store}' can be read but not written: permission is denied at '{store}/lock' (tmpfs, ",
            verify.StandardError,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_store_that_cannot_be_made_is_said_at_once()
    {
        await ReadOnlyAsync();
        var place = Path.Join(Path.GetDirectoryName(store), "other");

        var error = Assert.Throws<EngineException>(() =>
            ContentStore.Open(place, cancellationToken: TestContext.Current.CancellationToken)
        );

        Assert.Matches(
            $@"^The store '{place}' cannot be used: the file system is read-only at '{place}' \(tmpfs, .*\); choose another store$",
            error.Message
        );
    }

    // The checkout may be in a folder that only root enters.
    private async Task<string> CopyForOthersAsync()
    {
        var copy = programs.Join("program");
        await Programs.RunAsync("chmod", "a+rx", programs.Path);
        await Programs.RunAsync("cp", "-rL", Path.GetDirectoryName(WorkspaceFolder.Program)!, copy);
        await Programs.RunAsync("chmod", "-R", "a+rX", copy);
        return Path.Join(copy, Path.GetFileName(WorkspaceFolder.Program));
    }
}
