using System.Text;
using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;
using Recipes.Engine.Content;
using Xunit;

namespace Recipes.Integration.Tests.Tutorials;

/// <summary>
/// What a reader has: a clone of this repository, with an empty store. Only the toolchain, musl and BusyBox are other
/// ones (<c>StandIn/</c>): recipes of the same names, versions and needs, which take Debian's compiler and musl as they
/// are, since a test cannot wait for the real ones to be compiled.
/// </summary>
internal sealed partial class TutorialWorkspace : IAsyncDisposable
{
    private static readonly string[] Copied =
    [
        "pkgs",
        "systems",
        "toolchain",
        "stage0",
        "recipes.toml",
        "recipes.lock",
        ".gitmodules",
        ".gitignore",
    ];

    // What docs/tutorials/README.md has the reader build first.
    private static readonly string[] Toolchain = ["toolchain", "musl", "busybox", "filesystem"];

    private readonly TemporaryDirectory folder = new();

    private TutorialWorkspace()
    {
        foreach (var name in Copied)
            Copy(Path.Join(Checkout.Root, name), Path.Join(Root, name));
        Write("recipes", $"#!/bin/sh\nexec '{WorkspaceFolder.Program}' \"$@\"\n");
        File.SetUnixFileMode(
            Path.Join(Root, "recipes"),
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
        Write("../.gitconfig", "[user]\nname = A Reader\nemail = reader@localhost\n[init]\ndefaultBranch = main\n");
    }

    private string Root => folder.Join("clone");

    /// <summary>The folder of the tutorials in this checkout.</summary>
    public static string Documents { get; } = Path.Join(Checkout.Root, "docs", "tutorials");

    private static string StandIns { get; } =
        Path.Join(Checkout.Root, "tests", "Integration.Tests", "Tutorials", "StandIn");

    /// <summary>Makes the clone, with what stands in locked and committed.</summary>
    public static async Task<TutorialWorkspace> CreateAsync()
    {
        var workspace = new TutorialWorkspace();
        foreach (var recipe in Directory.EnumerateFiles(StandIns, "recipe.toml", SearchOption.AllDirectories))
            workspace.StandIn(Path.GetRelativePath(StandIns, recipe));
        await workspace.CommitAsync();
        return workspace;
    }

    /// <summary>
    /// Makes the clone as it is, with what this machine's store holds of its toolchain in a store of its own, by hard
    /// links; skips the test where that is not all of it.
    /// </summary>
    public static async Task<TutorialWorkspace> CreateWithRealToolchainAsync()
    {
        var workspace = new TutorialWorkspace();
        await workspace.CommitAsync();
        var store = ContentStore.DefaultRoot;
        var linked = await workspace.RunAsync(
            $"rm -rf ../store && mkdir ../store && cd '{store}' && cp -al format trees listings blobs records "
                + $"'{workspace.folder.Path}/store'"
        );
        if (linked.ExitCode != 0)
            Assert.Skip($"the store {store} cannot be linked to: {linked.Error}");
        foreach (var name in Toolchain)
        {
            var explained = await workspace.RunAsync($"./recipes explain {name}");
            if (!explained.Out.EndsWith("and all it needs are built\n", StringComparison.Ordinal))
                Assert.Skip(
                    $"the store {store} does not hold {name} as it is now; run ./recipes build "
                        + $"{string.Join(' ', Toolchain)} first"
                );
        }
        // Whoever has read the tutorials has their packages in the store.
        await workspace.SucceedAsync("./recipes store gc --keep 0B");
        return workspace;
    }

    /// <summary>Writes a file of the clone.</summary>
    public void Write(string file, string text) => folder.Write(Path.Join("clone", file), text);

    /// <summary>Runs a command as the reader's shell does.</summary>
    public async Task<CommandAnswer> RunAsync(string command)
    {
        var run = await CliWrap
            .Cli.Wrap("sh")
            .WithArguments(["-c", command])
            .WithWorkingDirectory(Root)
            .WithEnvironmentVariables(x =>
                x.Set("RECIPES_STORE", folder.Join("store")).Set("HOME", folder.Path).Set("LC_ALL", "C.UTF-8")
            )
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(Encoding.UTF8, TestContext.Current.CancellationToken);
        return new(run.ExitCode, run.StandardOutput, run.StandardError);
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task CommitAsync()
    {
        foreach (
            var command in (string[])
                ["git init --quiet", "git add .", "./recipes lock", "git add .", "git commit --quiet --message Clone"]
        )
            await SucceedAsync(command);
    }

    private async Task SucceedAsync(string command)
    {
        var answer = await RunAsync(command);
        Assert.True(answer.ExitCode == 0, $"{command}\n{answer.Out}{answer.Error}");
    }

    // The version is that of the real recipe, so that the tutorials show what the real one is called.
    private void StandIn(string recipe)
    {
        var target = Path.Join(Root, recipe);
        var version = Version().Match(File.ReadAllText(target)) is { Success: true } match ? match.Groups[1].Value : "";
        Directory.Delete(Path.GetDirectoryName(target)!, recursive: true);
        Write(
            recipe,
            File.ReadAllText(Path.Join(StandIns, recipe)).Replace("{version}", version, StringComparison.Ordinal)
        );
    }

    private static void Copy(string from, string to)
    {
        if (!Directory.Exists(from))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(from, to);
            return;
        }
        foreach (var entry in Directory.EnumerateFileSystemEntries(from).Where(x => Path.GetFileName(x) != "source"))
            Copy(entry, Path.Join(to, Path.GetFileName(entry)));
    }

    [GeneratedRegex("^version *= *\"(.*)\"", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Version();
}
