using Recipes.Integration.Tests.CommandLine;
using Xunit;

namespace Recipes.Integration.Tests.Releasing;

/// <summary>What <c>./release</c> makes, judged by the programs that install it.</summary>
public sealed class ReleaseTests(ReleasedFiles release, SmallWorkspace workspace)
    : IClassFixture<ReleasedFiles>,
        IClassFixture<SmallWorkspace>,
        IDisposable
{
    private readonly TemporaryDirectory folder = new();

    [Fact]
    public async Task The_deb_composes_an_image_where_there_is_nothing_but_what_it_depends_on()
    {
        var root = Directory.CreateDirectory(folder.Join("root")).FullName;
        var debian = new DebianRoot(root);
        await debian.InstallAsync(release.Deb);
        Assert.Empty(Directory.EnumerateFileSystemEntries(root, "*dotnet*", SearchOption.AllDirectories));

        Task<ProgramRun> Run(params string[] line) =>
            ProgramRun.OfAsync("bwrap", debian.Command(workspace.Folder, "recipes", line), "/");
        Assert.Equal(new ProgramRun(0, release.Version, ""), await Run("--version"));
        string[] places = ["--workspace", workspace.Root, "--store", workspace.Store];
        var composed = await Run(["compose", "hello-image", "--output", $"{workspace.Root}/deb.tar", .. places]);
        Assert.True(composed.ExitCode == 0, composed.Error);
        Assert.Contains("deb.tar: hello-image:1\n", composed.Out, StringComparison.Ordinal);
        var ran = await Run(["run", "hello-image", .. places]);
        Assert.Equal((0, "hello world from hello-image\n"), (ran.ExitCode, ran.Out));
    }

    [Fact]
    public async Task The_deb_says_what_it_is_and_needs()
    {
        var fields = await Programs.RunAsync("dpkg-deb", "--field", release.Deb);

        Assert.StartsWith(
            $"Package: recipes\nVersion: {Number}\nArchitecture: amd64\n",
            fields,
            StringComparison.Ordinal
        );
        Assert.Matches(
            @"\nDepends: libc6 \(>= 2\.\d+\), libssl3t64 \| libssl3, bubblewrap, git, tar, xz-utils, bzip2, mount\n",
            fields
        );
        Assert.Contains(
            "\nRecommends: ca-certificates, passt, uidmap, gpgv, debian-archive-keyring\n",
            fields,
            StringComparison.Ordinal
        );
        Assert.Matches(@"\nInstalled-Size: \d{5}\n", fields);
    }

    [Fact]
    public async Task The_deb_has_its_files_where_Debian_looks_for_them()
    {
        var contents = await Programs.RunAsync("dpkg-deb", "--contents", release.Deb);
        var root = folder.Join("unpacked");
        await Programs.RunAsync("dpkg-deb", "--raw-extract", release.Deb, root);

        Assert.All(contents.Split('\n', StringSplitOptions.RemoveEmptyEntries), x =>
            Assert.Matches("^(drwxr-xr-x|-rwxr-xr-x|-rw-r--r--|lrwxr-xr-x) 0/0 ", x)
        );
        Assert.Equal(
            [
                "bin/recipes",
                "lib/recipes/LIBRARY.so",
                "lib/recipes/recipes",
                "share/bash-completion/completions/recipes",
                "share/doc/recipes/copyright",
                "share/fish/vendor_completions.d/recipes.fish",
                "share/man/man1/recipes.1.gz",
                "share/zsh/vendor-completions/_recipes",
            ],
            Files(Path.Join(root, "usr"))
        );
        var sums = await ProgramRun.OfAsync("md5sum", ["--check", "--quiet", "DEBIAN/md5sums"], root);
        Assert.Equal(new ProgramRun(0, "", ""), sums);
        Assert.Equal(7, (await File.ReadAllLinesAsync(Path.Join(root, "DEBIAN", "md5sums"), Token)).Length);
        foreach (var (shell, file) in Scripts("vendor-completions"))
        {
            var written = await ProgramRun.OfCliAsync(root, "completion", shell);
            Assert.Equal(written.Out, await File.ReadAllTextAsync(Path.Join(root, "usr", file), Token));
        }
        var page = await Programs.RunAsync("gzip", "-dc", Path.Join(root, "usr/share/man/man1/recipes.1.gz"));
        Assert.Equal((await ProgramRun.OfCliAsync(root, "man")).Out, page);
    }

    [Fact]
    public async Task The_archive_runs_from_any_folder()
    {
        await Programs.RunAsync("tar", "-xzf", release.Archive, "-C", folder.Path);
        var top = Path.Join(folder.Path, $"recipes-{Number}-linux-x64");
        File.CreateSymbolicLink(folder.Join("link"), Path.Join(top, "bin", "recipes"));

        var version = await ProgramRun.OfAsync(folder.Join("link"), ["--version"], "/");
        Assert.Equal(new ProgramRun(0, release.Version, ""), version);
        // git's library is beside the program, and found through the links.
        using var sources = new WorkspaceFolder();
        WordsSource.Write(sources);
        await Programs.RunAsync("git", "init", "--quiet", sources.Root);
        string[] places = ["--workspace", sources.Root, "--store", sources.Store];
        var locked = await ProgramRun.OfAsync(folder.Join("link"), ["lock", .. places], "/");
        Assert.Equal("added words: pinned at 1\nstaged the gitlinks and .gitmodules\n", locked.Out);

        Assert.Equal(
            [
                "bin/recipes",
                "lib/recipes/LIBRARY.so",
                "lib/recipes/recipes",
                "share/bash-completion/completions/recipes",
                "share/doc/recipes/copyright",
                "share/fish/vendor_completions.d/recipes.fish",
                "share/man/man1/recipes.1.gz",
                "share/zsh/site-functions/_recipes",
            ],
            Files(top)
        );
    }

    [Fact]
    public async Task The_same_program_is_packed_in_the_same_bytes_whatever_the_caller_has_set()
    {
        var again = folder.Join("again");
        Directory.CreateDirectory(again);
        await ReleasedFiles.ReleaseAsync(
            again,
            ("TZ", "Asia/Tokyo"),
            ("LC_ALL", "C.UTF-8"),
            ("TAR_OPTIONS", "--format=posix"),
            ("GZIP", "-1")
        );

        var sums = await File.ReadAllTextAsync(Path.Join(release.Output, "SHA256SUMS"), Token);
        Assert.Equal(sums, await File.ReadAllTextAsync(Path.Join(again, "SHA256SUMS"), Token));
        Assert.Equal(
            new ProgramRun(0, $"{Path.GetFileName(release.Deb)}: OK\n{Path.GetFileName(release.Archive)}: OK\n", ""),
            await ProgramRun.OfAsync("sha256sum", ["--check", "--strict", "SHA256SUMS"], again)
        );
        Assert.Equal(3, Directory.GetFileSystemEntries(again).Length);
    }

    public void Dispose() => folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Number => release.Version.Trim().Split(' ')[0];

    private static (string Shell, string File)[] Scripts(string zsh) =>
        [
            ("bash", "share/bash-completion/completions/recipes"),
            ("zsh", $"share/zsh/{zsh}/_recipes"),
            ("fish", "share/fish/vendor_completions.d/recipes.fish"),
        ];

    /// <summary>All files and links; of git's library, whose name has its commit, one name.</summary>
    private static IEnumerable<string> Files(string top) =>
        Directory
            .EnumerateFiles(top, "*", SearchOption.AllDirectories)
            .Select(x => Path.GetRelativePath(top, x))
            .Select(x => System.Text.RegularExpressions.Regex.Replace(x, @"libgit2-\w+\.so$", "LIBRARY.so"))
            .Order(StringComparer.Ordinal);
}
