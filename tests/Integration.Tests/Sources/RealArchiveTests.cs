using System.Diagnostics;
using Recipes.Engine;
using Recipes.Engine.Content;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Archives;
using Recipes.Engine.Sources.Debian;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Sources.Trees;
using Xunit;

namespace Recipes.Integration.Tests.Sources;

/// <summary>Archives as real tools make them.</summary>
public sealed class RealArchiveTests : IDisposable
{
    private readonly SourceFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private ImportedTree Unpack(string archive, string? inner = null)
    {
        var destination = Directory.CreateDirectory(fixture.Folder.Join(Guid.NewGuid().ToString("N"))).FullName;
        return ArchiveReader.Unpack(
            new()
            {
                Label = Path.GetFileName(archive),
                Archive = archive,
                Destination = destination,
                Inner = inner,
            },
            TestContext.Current.CancellationToken
        );
    }

    private void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { WorkingDirectory = fixture.Folder.Path }
        )!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>Files of many kinds below <c>x-1.0</c>, and git's name of them.</summary>
    private string MakeFiles()
    {
        var random = new Random(3);
        for (var i = 0; i < 200; i++)
            fixture.Folder.Write(
                $"x-1.0/folder {i % 7}/{new string('n', 1 + i)}",
                new string((char)('a' + (i % 26)), random.Next(5000))
            );
        var large = new byte[5_000_000];
        random.NextBytes(large);
        File.WriteAllBytes(fixture.Folder.Join("x-1.0", "large"), large);
        File.SetUnixFileMode(fixture.Folder.Write("x-1.0/configure", "#!/bin/sh\n"), (UnixFileMode)0x1ed);
        File.CreateSymbolicLink(fixture.Folder.Join("x-1.0", "link"), "folder 1/n");
        Run("ln", "x-1.0/configure", "x-1.0/hard");
        var git = GitJudge.Init(fixture.Folder.Join("x-1.0"));
        git.Run("add", "--all", "--force");
        var tree = git.Run("write-tree");
        Directory.Delete(fixture.Folder.Join("x-1.0", ".git"), recursive: true);
        return tree;
    }

    [Theory]
    [InlineData("gnu", "--gzip")]
    [InlineData("pax", "--xz")]
    [InlineData("posix", "--bzip2")]
    [InlineData("oldgnu", "--zstd")]
    public void Archives_of_tar_have_gits_name(string format, string compression)
    {
        var tree = MakeFiles();
        Run("tar", $"--format={format}", compression, "-cf", "x.tar", "x-1.0");

        Assert.Equal(tree, Unpack(fixture.Folder.Join("x.tar")).GitTree);
    }

    [Fact]
    public void An_xz_archive_inside_a_gzip_archive_is_read()
    {
        var tree = MakeFiles();
        Run("tar", "--xz", "-cf", "real.tar.xz", "x-1.0");
        Run("tar", "--gzip", "-cf", "outer.tar.gz", "real.tar.xz");

        Assert.Equal(tree, Unpack(fixture.Folder.Join("outer.tar.gz"), "*.tar.xz").GitTree);
    }

    [Theory]
    [InlineData("--xz", "xz: ")]
    [InlineData("--bzip2", "")]
    public void A_damaged_archive_is_told(string compression, string message)
    {
        MakeFiles();
        Run("tar", compression, "-cf", "x.tar", "x-1.0");
        var bytes = File.ReadAllBytes(fixture.Folder.Join("x.tar"));
        File.WriteAllBytes(fixture.Folder.Join("cut.tar"), bytes[..(bytes.Length / 2)]);

        var fault = Assert.Throws<EngineException>(() => Unpack(fixture.Folder.Join("cut.tar")));

        Assert.StartsWith(
            "Cannot import 'cut.tar': it is damaged, or no tar archive (",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_release_archive_of_musl_is_the_tree_of_its_tag()
    {
        var recipe = fixture.Recipe(
            "musl",
            SourceFixture.Source("debian:pool/main/m/musl/musl_1.2.5.orig.tar.gz"),
            "1.2.5"
        );
        using var locker = new Locker(
            fixture.Store,
            fixture.Events,
            new() { ConnectTimeout = TimeSpan.FromSeconds(3) },
            new AptSites()
        );
        var result = await locker.LockAsync([recipe], LockFile.Empty, TestContext.Current.CancellationToken);
        if (!result.Failures.IsEmpty)
            Assert.Skip($"musl's archive is not in reach: {result.Failures[0].Message}");

        var pin = result.Lock.Sources["musl"];
        Assert.Equal("a9a118bbe84d8764da0ea0d28b3ab3fae8477fc7e4085d90102b8596fc7c75e4", pin.ArchiveDigest.Hash);
        Assert.Equal("2deb5f7c62d8c9e9733c9ed77d9210b708bbb69e", pin.GitTree);
        Assert.Equal(fixture.Store.AddCopy(fixture.Store.TreePath(pin.Tree), "check").Digest, pin.Tree);
    }
}
