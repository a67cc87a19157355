using Recipes.Engine.Sandboxes;
using Xunit;

namespace Recipes.Integration.Tests.Releasing;

/// <summary>What <c>./release</c> refuses, and what it says: in a checkout of nothing but the scripts.</summary>
public sealed class ReleaseMessageTests : IAsyncLifetime
{
    private static readonly string[] Tools =
    [
        "cat",
        "chmod",
        "dirname",
        "flock",
        "git",
        "grep",
        "gzip",
        "head",
        "ls",
        "mkdir",
        "mktemp",
        "readelf",
        "readlink",
        "rm",
        "sh",
        "tar",
        "uname",
    ];

    private readonly TemporaryDirectory folder = new();
    private string commit = "";

    private string Root => folder.Join("check out");

    public async ValueTask InitializeAsync()
    {
        Copy("release");
        Copy("src/Cli/publish.sh");
        Copy("src/Cli/third-parties.txt");
        Copy("LICENSE");
        folder.Write("check out/.gitignore", "artifacts/\n");
        foreach (var tool in Tools)
        {
            var link = folder.Join("bin", tool);
            Directory.CreateDirectory(Path.GetDirectoryName(link)!);
            File.CreateSymbolicLink(link, HostPrograms.Find(tool)!);
        }
        await GitAsync("init", "--quiet");
        await GitAsync("add", ".");
        await GitAsync("-c", "user.name=x", "-c", "user.email=x", "commit", "--quiet", "--message", "all");
        commit = (await GitAsync("rev-parse", "HEAD")).Out[..12];
    }

    [Fact]
    public async Task A_work_tree_with_changes_is_refused_with_their_names()
    {
        folder.Write("check out/new.txt", "");
        folder.Write("check out/.gitignore", "artifacts/\nother/\n");

        Assert.Equal(
            new ProgramRun(
                1,
                "",
                """
                 M .gitignore
                ?? new.txt
                release: the work tree is not the commit, as above; commit, or use --allow-modified

                """
            ),
            await ReleaseAsync()
        );
    }

    [Fact]
    public async Task Without_a_git_checkout_it_wants_the_time_of_the_files()
    {
        Directory.Delete(Path.Join(Root, ".git"), recursive: true);

        Assert.Equal(
            Refusal(
                $"'{Root}' is not a git checkout with a commit; set SOURCE_DATE_EPOCH to release the files as they are"
            ),
            await ReleaseAsync()
        );
        Assert.Equal(
            Refusal("SOURCE_DATE_EPOCH is 'today'; it has to be a number of seconds since 1970"),
            await ReleaseAsync(epoch: "today")
        );
    }

    [Fact]
    public async Task A_folder_inside_of_another_repository_is_not_of_its_commit()
    {
        Directory.Delete(Path.Join(Root, ".git"), recursive: true);
        await GitAsync("-C", folder.Path, "init", "--quiet");
        await GitAsync("-C", folder.Path, "add", "check out/release");
        await GitAsync("-c", "user.name=x", "-c", "user.email=x", "commit", "--quiet", "--message", "outer");

        Assert.Contains("is not a git checkout with a commit", (await ReleaseAsync()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_that_git_does_not_read_is_refused_with_what_git_says()
    {
        Directory.Delete(Path.Join(Root, ".git"), recursive: true);
        await GitAsync("init", "--quiet");

        var run = await ReleaseAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("fatal: Needed a single revision\nrelease: '", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("git", "git is missing; install the package git")]
    [InlineData("readelf", "readelf is missing; install the package binutils")]
    public async Task A_tool_that_is_missing_is_named_with_its_package(string tool, string message)
    {
        File.Delete(folder.Join("bin", tool));

        Assert.Equal(Refusal(message), await ReleaseAsync());
    }

    [Fact]
    public async Task Without_the_SDK_it_says_where_to_get_it() =>
        Assert.Equal(
            Refusal("the .NET SDK 10 is missing; see https://dotnet.microsoft.com/download"),
            await ReleaseAsync()
        );

    [Fact]
    public async Task What_the_compiler_says_is_shown_where_it_fails()
    {
        Script("bin/dotnet", "echo 'Program.cs(1,1): error CS1002: ; expected'; exit 1");

        Assert.Equal(
            new ProgramRun(
                1,
                "",
                """
                release: compiling (a few minutes)
                Program.cs(1,1): error CS1002: ; expected
                release: the command line does not compile, as above

                """
            ),
            await ReleaseAsync()
        );
        Assert.Equal(
            [Path.Join(Root, "artifacts", "release.lock")],
            Directory.GetFileSystemEntries(Path.Join(Root, "artifacts"))
        );
    }

    [Fact]
    public async Task It_is_for_one_kind_of_machine()
    {
        File.Delete(folder.Join("bin", "uname"));
        Script("bin/uname", "echo Linux aarch64");

        Assert.Equal(
            Refusal("a release is for Linux on x86_64, and this machine is Linux aarch64"),
            await ReleaseAsync()
        );
    }

    [Fact]
    public async Task A_program_that_is_not_there_or_not_native_or_of_another_commit_is_refused()
    {
        var program = folder.Join("program");
        Assert.Equal(
            Refusal($"there is no program 'recipes' in '{program}'"),
            await ReleaseAsync(["--program", program])
        );

        Script("program/recipes", "echo '0.1.0 (0123456789ab)'");
        Assert.Equal(
            Refusal(
                $"the program in '{program}' says that it is 0.1.0 (0123456789ab), "
                    + $"and the checkout is 0.1.0 ({commit}); compile it again"
            ),
            await ReleaseAsync(["--program", program])
        );

        folder.Write("program/recipes.dll", "");
        Assert.Equal(
            Refusal($"'{program}/recipes' is not native, and would need .NET where it is installed"),
            await ReleaseAsync(["--program", program])
        );
    }

    [Fact]
    public async Task A_program_for_another_libc_is_refused_and_nothing_is_left()
    {
        var program = folder.Join("program");
        Script("program/recipes", $"echo '0.1.0 ({commit})'");
        folder.Write("program/library.so", "");

        var run = await ReleaseAsync(
            ["--program", program, "--output", folder.Join("out")],
            path: Environment.GetEnvironmentVariable("PATH")
        );

        Assert.Equal(1, run.ExitCode);
        Assert.EndsWith(
            $"release: '{program}/recipes' is not linked with the GNU C library, as Debian's programs are\n",
            run.Error,
            StringComparison.Ordinal
        );
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path, "out*"));
        Assert.Equal(
            [folder.Join("check out/artifacts/release.lock")],
            Directory.GetFileSystemEntries(Path.Join(Root, "artifacts"))
        );
    }

    [Fact]
    public async Task A_folder_with_other_files_is_not_written_over()
    {
        var used = folder.Join("my files");
        folder.Write("my files/SHA256SUMS", "of downloads");
        var mine = folder.Write("my files/letter", "dear");

        Assert.Equal(
            Refusal($"'{used}' is not a folder of an earlier release; name one that is empty or not there"),
            await ReleaseAsync(["--output", used])
        );
        Assert.True(File.Exists(mine));
    }

    [Theory]
    [InlineData("--output needs a folder", "--output")]
    [InlineData("--program needs a folder", "--program", "")]
    [InlineData("unknown argument '--modified'", "--modified")]
    public async Task A_wrong_command_line_is_answered_with_the_right_one(string message, params string[] arguments) =>
        Assert.Equal(
            new ProgramRun(
                2,
                "",
                $"release: {message}\nrelease: usage: ./release [--output DIR] [--program DIR] [--allow-modified]\n"
            ),
            await ReleaseAsync(arguments)
        );

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static ProgramRun Refusal(string message) => new(1, "", $"release: {message}\n");

    private void Copy(string file)
    {
        var copy = folder.Write($"check out/{file}", "");
        File.Copy(Path.Join(Checkout.Root, file), copy, overwrite: true);
    }

    private void Script(string file, string text)
    {
        var path = folder.Write(file, $"#!/bin/sh\n{text}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private Task<ProgramRun> GitAsync(params string[] line) => ProgramRun.OfAsync("git", line, Root);

    private Task<ProgramRun> ReleaseAsync(string[]? arguments = null, string? epoch = null, string? path = null) =>
        ProgramRun.OfAsync(
            Path.Join(Root, "release"),
            arguments ?? [],
            folder.Path,
            ("PATH", path ?? folder.Join("bin")),
            ("SOURCE_DATE_EPOCH", epoch)
        );
}
