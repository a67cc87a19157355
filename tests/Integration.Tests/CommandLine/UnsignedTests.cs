using System.Text;
using CliWrap;
using CliWrap.Buffered;
using Recipes.Engine.Content;
using Recipes.Engine.Sandboxes;
using Recipes.Integration.Tests.Sources;
using Xunit;

namespace Recipes.Integration.Tests.CommandLine;

/// <summary>Suites whose lists are not signed, on a machine whose PATH has no gpgv.</summary>
public sealed class UnsignedTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly Dictionary<string, byte[]> files = [];
    private readonly TinyServer server;

    public UnsignedTests()
    {
        server = new(x => files.TryGetValue(x.Path, out var file) ? TinyServer.Serve(x, file) : TinyServer.Missing);
        foreach (var program in (string[])["git", "tar", "xz", "sh"])
            File.CreateSymbolicLink(
                Path.Join(Directory.CreateDirectory(folder.Join("bin")).FullName, program),
                HostPrograms.Find(program)!
            );
        var apt = folder.Write("bin/apt-get", $"#!/bin/sh\necho {server.Url}\n");
        File.SetUnixFileMode(apt, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        GitJudge.Init(folder.Join("work"));
        folder.Write("work/recipes.toml", "name = \"work\"\nformat = 1\n");
        folder.Write(
            "work/stage0/debian/recipe.toml",
            """
            name    = "debian"
            summary = "One package"
            [seed]
            suite    = "test"
            packages = ["gcc"]
            """
        );
        folder.Write(
            "work/pkgs/x/recipe.toml",
            """
            name    = "x"
            version = "1.0"
            license = "MIT"
            summary = "A source in the pool"
            [source]
            archive = "debian:pool/main/x/x/x_{version}.orig.tar.gz"
            """
        );
        files["/pool/main/x/x/x_1.0.orig.tar.gz"] = new TarBuilder().File("x/a.c", "1").ToGzip();
        PublishPackage();
        Publish(
            "unstable",
            "main/source/Sources",
            "Package: x\nFiles:\n 0 5 x_1.0.orig.tar.gz\n 0 5 x_1.1.orig.tar.gz\nDirectory: pool/main/x/x\n"
        );
    }

    public void Dispose()
    {
        server.Dispose();
        folder.Dispose();
    }

    private void PublishPackage()
    {
        folder.Write(
            "gcc/DEBIAN/control",
            "Package: gcc\nVersion: 1\nArchitecture: amd64\nMaintainer: x <x@y>\nDescription: x\n"
        );
        folder.Write("gcc/usr/bin/gcc", "cc");
        Run("dpkg-deb", "--root-owner-group", "-Zxz", "--build", folder.Join("gcc"), folder.Join("gcc.deb"));
        var bytes = files["/pool/gcc.deb"] = File.ReadAllBytes(folder.Join("gcc.deb"));
        Publish(
            "test",
            "main/binary-amd64/Packages",
            $"Package: gcc\nVersion: 1\nFilename: pool/gcc.deb\nSize: {bytes.Length}\nSHA256: {Digest.Of(bytes).Hash}\n"
        );
    }

    private void Publish(string suite, string path, string list)
    {
        var plain = folder.Write($"{suite}-list", list);
        Run("xz", "--keep", "--force", plain);
        var packed = files[$"/dists/{suite}/{path}.xz"] = File.ReadAllBytes(plain + ".xz");
        files[$"/dists/{suite}/InRelease"] = Encoding.ASCII.GetBytes(
            $"Suite: {suite}\nDate: {DateTimeOffset.UtcNow.AddDays(-1):R}\nSHA256:\n {Digest.Of(packed).Hash} "
                + $"{packed.Length} {path}.xz\n"
        );
    }

    private static void Run(string program, params string[] arguments) =>
        Programs.RunAsync(program, arguments).GetAwaiter().GetResult();

    private async Task<BufferedCommandResult> RecipesAsync(params string[] arguments) =>
        await CliWrap
            .Cli.Wrap(WorkspaceFolder.Program)
            .WithArguments([.. arguments, "--store", folder.Join("store")])
            .WithWorkingDirectory(folder.Join("work"))
            .WithEnvironmentVariables(x => x.Set("PATH", folder.Join("bin")))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(Encoding.UTF8, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_seed_is_not_pinned_by_them_and_it_says_what_to_install()
    {
        var run = await RecipesAsync("lock");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            "error: debian: The signature of Debian's suite 'test' cannot be checked here: 'gpgv' is not on the "
                + "PATH. Install the package 'gpgv' (apt-get install gpgv), or give --unsigned to read the suite's "
                + "package lists as they come.",
            run.StandardError,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            "[seeds.debian]",
            await File.ReadAllTextAsync(folder.Join("work/recipes.lock"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(server.Requests, x => x.Path.Contains("InRelease", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("outdated x", "error: x: no version of it was found anywhere")]
    [InlineData("bump x --list", "error: no version of 'x' was found")]
    public async Task Versions_are_not_read_from_them_either(string line, string error)
    {
        Assert.Equal(0, (await RecipesAsync("lock", "--unsigned")).ExitCode);

        var run = await RecipesAsync(line.Split(' '));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            "'gpgv' is not on the PATH. Install the package 'gpgv'",
            run.StandardError,
            StringComparison.Ordinal
        );
        Assert.Contains(error, run.StandardError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_archive_is_found_by_the_name_of_its_source_package()
    {
        files["/pool/main/x/xx/xx_1.1.orig.tar.gz"] = new TarBuilder().File("x/Makefile", "install:\n").ToGzip();
        Publish(
            "unstable",
            "main/source/Sources",
            string.Concat(
                ((string[])["xx 1.0", "xx 1.1", "yy2.1 2.1.5", "yy2.10 2.10.1"])
                    .Select(x => x.Split(' '))
                    .Select(x =>
                        $"Package: {x[0]}\nFiles:\n 0 5 {x[0]}_{x[1]}.orig.tar.gz\nDirectory: pool/main/x/{x[0]}\n\n"
                    )
            )
        );
        Publish(
            "stable",
            "main/source/Sources",
            "Package: xx\nFiles:\n 0 5 xx_0.9.orig.tar.gz\nDirectory: pool/main/x/xx\n"
        );
        folder.Write(
            "work/toolchain/toolchain/recipe.toml",
            "name = \"toolchain\"\nversion = \"1\"\nlicense = \"MIT\"\nsummary = \"For tests\"\n[build]\nbase = "
                + "\"debian\"\nsystem = \"none\"\n"
        );

        var refused = await RecipesAsync("new", "z", "--debian", "xx");
        var unknown = await RecipesAsync("new", "yy", "--debian", "--unsigned");
        var old = await RecipesAsync("new", "z", "--debian", "xx", "--version", "7", "--unsigned");
        var run = await RecipesAsync("new", "z", "--debian", "xx", "--unsigned");

        Assert.Contains(
            "'gpgv' is not on the PATH. Install the package 'gpgv'",
            refused.StandardError,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "error: Debian has no source package 'yy'; it has yy2.10, yy2.1: give one of them as --debian SOURCE\n",
            unknown.StandardError,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "error: Debian's pool has no version 7 of 'xx'; it has 1.1 and 1.0 and 0.9\n",
            old.StandardError,
            StringComparison.Ordinal
        );
        Assert.True(run.ExitCode == 0, run.StandardError);
        Assert.StartsWith("wrote pkgs/z/recipe.toml: z 1.1\n", run.StandardOutput, StringComparison.Ordinal);
        Assert.Contains(
            "archive = \"debian:pool/main/x/xx/xx_{version}.orig.tar.gz\"\n",
            await File.ReadAllTextAsync(folder.Join("work/pkgs/z/recipe.toml"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
        // A suite whose list is out of date does not keep the other from serving.
        files["/dists/unstable/InRelease"] =
            "Suite: unstable\nDate: Thu, 01 Jan 2026 00:00:00 UTC\nValid-Until: Fri, 02 Jan 2026 00:00:00 UTC\nSHA256:\n"u8.ToArray();
        files["/pool/main/x/xx/xx_0.9.orig.tar.gz"] = new TarBuilder().File("x/Makefile", "install:\n").ToGzip();
        var stable = await RecipesAsync("new", "zz", "--debian", "xx", "--unsigned");
        Assert.StartsWith("wrote pkgs/zz/recipe.toml: zz 0.9\n", stable.StandardOutput, StringComparison.Ordinal);
        Assert.EndsWith(
            "error: Debian has no source package 'xy'; it has xx: give one of them as --debian SOURCE (the list of "
                + "unstable is not available)\n",
            (await RecipesAsync("new", "yyy", "--debian", "xy", "--unsigned")).StandardError,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task All_are_read_where_that_is_asked_for_and_said_so()
    {
        foreach (
            var (line, suite, answer) in ((string, string, string)[])
                [
                    ("lock --unsigned", "test", "added debian: "),
                    ("outdated x --unsigned", "unstable", "recipes bump x"),
                    ("bump x --list --unsigned", "unstable", "1.1"),
                ]
        )
        {
            var run = await RecipesAsync(line.Split(' '));

            Assert.True(run.ExitCode == 0, run.StandardError);
            Assert.Contains(answer, run.StandardOutput, StringComparison.Ordinal);
            Assert.Contains(
                $"{suite}: the signature of its package lists is not checked (--unsigned)\n",
                run.StandardError,
                StringComparison.Ordinal
            );
        }
    }
}
