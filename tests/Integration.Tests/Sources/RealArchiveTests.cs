using System.Diagnostics;
using Recipes.Engine;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sandboxes;
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
    /// <summary>What lzip writes of an archive with the file x/a; xz reads the format, and does not write it.</summary>
    private const string Lzip =
        "TFpJUAHOADwLvBunjDRE4cIHdekAYR0rBGk8lC2ar2CsumhmQO0+Rw6pkIJmjM7h7tI+QT2iRfJ/2qtPfbwIU2g3UUdgnEhEFIkDS2cQKZsW"
        + "WSAIGASP64uSE9bW16EnHdDYpp/cedAvLQFPj9Prmj0HWmgimqjj91//BS0RANCzTrIAKAAAAAAAAJMAAAAAAAAA";

    private readonly SourceFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private ImportedTree Unpack(string archive, string? inner = null, SourceLimits? limits = null)
    {
        var destination = Directory.CreateDirectory(fixture.Folder.Join(Guid.NewGuid().ToString("N"))).FullName;
        return ArchiveReader.Unpack(
            new()
            {
                Label = Path.GetFileName(archive),
                Archive = archive,
                Destination = destination,
                Inner = inner,
                Limits = limits ?? new(),
            },
            TestContext.Current.CancellationToken
        );
    }

    private void Run(string program, params string[] arguments)
    {
        Assert.True(HostPrograms.Find(program) is not null, $"'{program}' is missing; ./test installs it");
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

    /// <summary>A file of 8 MB with many holes between its data, and one at its end.</summary>
    private string MakeHoles()
    {
        var random = new Random(5);
        Directory.CreateDirectory(fixture.Folder.Join("x-1.0"));
        using (var file = File.Create(fixture.Folder.Join("x-1.0/holes")))
        {
            var data = new byte[5000];
            for (var i = 0; i < 60; i++)
            {
                random.NextBytes(data);
                file.Seek(i * 100_000, SeekOrigin.Begin);
                file.Write(data);
            }
            file.SetLength(8_000_000);
        }
        using (var empty = File.Create(fixture.Folder.Join("x-1.0/nothing but a hole")))
            empty.SetLength(1_000_000);
        fixture.Folder.Write("x-1.0/plain", "1");
        var git = GitJudge.Init(fixture.Folder.Join("x-1.0"));
        git.Run("add", "--all", "--force");
        var tree = git.Run("write-tree");
        Directory.Delete(fixture.Folder.Join("x-1.0", ".git"), recursive: true);
        return tree;
    }

    [Theory]
    [InlineData("--format=gnu")]
    [InlineData("--format=oldgnu")]
    [InlineData("--format=posix --sparse-version=0.0")]
    [InlineData("--format=posix --sparse-version=0.1")]
    [InlineData("--format=posix --sparse-version=1.0")]
    public void Sparse_archives_of_tar_have_gits_name(string options)
    {
        var tree = MakeHoles();
        Run("tar", ["--sparse", .. options.Split(' '), "-cf", "x.tar", "x-1.0"]);

        Assert.True(new FileInfo(fixture.Folder.Join("x.tar")).Length < 1_000_000);
        Assert.Equal(tree, Unpack(fixture.Folder.Join("x.tar")).GitTree);
    }

    [Fact]
    public void Sparse_archives_of_bsdtar_have_gits_name()
    {
        var tree = MakeHoles();
        Run("bsdtar", "--format=pax", "-cf", "x.tar", "x-1.0");

        Assert.True(new FileInfo(fixture.Folder.Join("x.tar")).Length < 1_000_000);
        Assert.Equal(tree, Unpack(fixture.Folder.Join("x.tar")).GitTree);
    }

    [Theory]
    [InlineData("xz", "--format=lzma")]
    [InlineData("zstd", "-q")]
    [InlineData("pzstd", "-q")]
    public void Single_files_of_compressors_are_read(string program, string option)
    {
        var tree = MakeFiles();
        Run("tar", "-cf", "x.tar", "x-1.0");
        Run(program, option, "-k", "x.tar");

        var packed = Directory
            .GetFiles(fixture.Folder.Path)
            .Single(x => x.Contains("x.tar.", StringComparison.Ordinal));
        Assert.Equal(tree, Unpack(packed).GitTree);
    }

    [Fact]
    public void Lzip_archives_are_read_through_xz()
    {
        var archive = Convert.FromBase64String(Lzip);
        File.WriteAllBytes(fixture.Folder.Join("x.tar.lz"), archive);

        Assert.Equal(1, Unpack(fixture.Folder.Join("x.tar.lz")).Files);
        File.WriteAllBytes(fixture.Folder.Join("cut.tar.lz"), archive[..^20]);
        Assert.Contains(
            "xz: ",
            Assert.Throws<EngineException>(() => Unpack(fixture.Folder.Join("cut.tar.lz"))).Message
        );
    }

    [Fact]
    public void Owners_labels_and_appended_entries_of_tar_are_read()
    {
        fixture.Folder.Write("x-1.0/a", "first");
        Run("tar", "--format=gnu", "--owner=3000000000", "--group=3000000000", "-V", "label", "-cf", "x.tar", "x-1.0");
        fixture.Folder.Write("x-1.0/a", "second");
        Run("tar", "--format=gnu", "--mtime=@300000000000", "-rf", "x.tar", "x-1.0");

        var tree = Unpack(fixture.Folder.Join("x.tar"));

        Assert.Equal(Digest.Of("second"u8), tree.Tree.Find("a")!.Digest);
    }

    [Fact]
    public void A_volume_of_several_is_refused_by_name()
    {
        Directory.CreateDirectory(fixture.Folder.Join("x-1.0"));
        File.WriteAllBytes(fixture.Folder.Join("x-1.0/large"), new byte[150_000]);
        Run("tar", "--format=gnu", "-M", "-L", "100", "-cf", "1.tar", "-f", "2.tar", "x-1.0");

        Assert.Contains(
            "the content of 'x-1.0/large' is cut off",
            Assert.Throws<EngineException>(() => Unpack(fixture.Folder.Join("1.tar"))).Message
        );
        Assert.Contains(
            "'x-1.0/large' is the rest of a file from another volume; join the volumes first",
            Assert.Throws<EngineException>(() => Unpack(fixture.Folder.Join("2.tar"))).Message
        );
    }

    [Fact]
    public void An_incremental_archive_is_read()
    {
        var tree = MakeFiles();
        Run("tar", "--format=gnu", "-g", "snapshot", "-cf", "x.tar", "x-1.0");

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

    [Fact]
    public void The_limit_of_an_outer_archive_is_told_through_the_program_that_unpacks_the_inner_one()
    {
        MakeFiles();
        Run("tar", "--xz", "-cf", "real.tar.xz", "x-1.0");
        Run("tar", "--gzip", "-cf", "outer.tar.gz", "real.tar.xz");

        var fault = Assert.Throws<EngineException>(() =>
            Unpack(fixture.Folder.Join("outer.tar.gz"), "*.tar.xz", new SourceLimits(100_000))
        );

        Assert.Equal(
            "Cannot import 'outer.tar.gz': it unpacks to more than 100000 bytes; [source.limits] size allows more. "
                + "Nothing was imported.",
            fault.Message
        );
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
