using CliWrap;
using CliWrap.Buffered;
using Xunit;

namespace Recipes.Integration.Tests.CommandLine;

/// <summary>
/// A workspace whose seed is Debian's static BusyBox alone, so that real builds take a second; one package, one image,
/// and a store of its own. The seed is locked and downloaded once for all tests.
/// </summary>
public sealed class SmallWorkspace : IAsyncLifetime
{
    /// <summary>A step that installs all of the source.</summary>
    public const string TakeAll = "mkdir -p /stage/usr/share/app && cp -a . /stage/usr/share/app";

    private readonly WorkspaceFolder folder = new();

    public string Root => folder.Root;

    public string Store => folder.Store;

    /// <summary>What both are in.</summary>
    public string Folder => folder.Beside();

    public async ValueTask InitializeAsync()
    {
        Write(
            "stage0/debian/recipe.toml",
            """
            name     = "debian"
            summary  = "BusyBox alone"
            [seed]
            suite    = "bookworm"
            packages = ["busybox-static"]
            links    = { "usr/bin/sh" = "busybox" }
            """
        );
        Write(
            "toolchain/toolchain/recipe.toml",
            """
            name    = "toolchain"
            version = "1"
            summary = "A shell, and what it calls"
            license = "GPL-2.0-only"
            [build]
            base   = "debian"
            system = "none"
            strip  = false
            [build.steps]
            install = '''
            mkdir -p /stage/usr/bin
            cp /usr/bin/busybox /stage/usr/bin/busybox
            ln -s usr/bin /stage/bin
            for name in sh cp mkdir cat chmod ln sleep rm; do ln -s busybox "/stage/usr/bin/$name"; done
            '''
            """
        );
        WritePackage(
            "hello",
            """
            mkdir -p /stage/usr/bin
            cp /usr/bin/busybox /stage/usr/bin/busybox
            ln -s busybox /stage/usr/bin/sh
            cp /recipe/hello /stage/usr/bin/hello
            chmod 755 /stage/usr/bin/hello
            """
        );
        Write("pkgs/hello/hello", "#!/usr/bin/sh\necho \"hello $1 from $HOSTNAME$WHO\"\nexit ${2-0}\n");
        Write(
            "pkgs/hello-image/recipe.toml",
            """
            name         = "hello-image"
            version-from = "hello"
            summary      = "Says hello"
            [image]
            include    = ["hello"]
            entrypoint = ["/usr/bin/hello"]
            cmd        = ["world"]
            """
        );
        var run = await RunAsync("lock");
        Assert.True(run.ExitCode == 0, run.StandardError);
    }

    public void Write(string file, string text) => folder.Write(file, text);

    /// <summary>A package that a script installs.</summary>
    public void WritePackage(string name, string install, string needs = "") =>
        Write(
            $"pkgs/{name}/recipe.toml",
            $"""
            name    = "{name}"
            version = "1"
            summary = "For tests"
            license = "MIT"
            [build]
            system = "none"
            strip  = false
            needs  = [{needs}]
            [build.steps]
            install = '''
            {install}
            '''
            [[waivers]]
            check  = "seed-trace"
            path   = "usr/bin/busybox"
            reason = "the only binary that this small seed can give"
            """
        );

    /// <summary>A package <c>app</c> that is built of nothing but its source.</summary>
    /// <param name="source">The keys of its <c>[source]</c>.</param>
    /// <param name="install">Its one step; by default it takes all files.</param>
    public void WriteApp(string source, string install = TakeAll) =>
        Write(
            "pkgs/app/recipe.toml",
            $"""
            name    = "app"
            version = "1"
            [source]
            {source}
            [build]
            system = "none"
            strip  = false
            [build.steps]
            install = "{install}"
            """
        );

    public Command Command(params string[] arguments) => folder.Command(arguments);

    /// <summary>Runs the command line, which must succeed; what it answers.</summary>
    public async Task<string> AnswerAsync(params string[] arguments)
    {
        var run = await RunAsync(arguments);
        Assert.True(run.ExitCode == 0, run.StandardError + run.StandardOutput);
        return run.StandardOutput;
    }

    public Task<BufferedCommandResult> RunAsync(params string[] arguments) => folder.RunAsync(arguments);

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
