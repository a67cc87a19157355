using System.Collections.Immutable;
using System.Formats.Tar;
using System.Text;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Debian;
using Recipes.Engine.Sources.Locking;
using Xunit;

namespace Recipes.Engine.Tests.Sources;

public sealed class DebianTests : IDisposable
{
    private readonly SourceFixture fixture = new();

    public void Dispose() => fixture.Dispose();

    private static readonly string Hash = Digest.Of("x"u8).Hash;

    private static ImmutableDictionary<string, DebianPackage> Index(string text) =>
        PackagesIndex.Read(new StringReader(text));

    /// <summary>A stanza a line: <c>name: needs; provides</c>.</summary>
    private static string Resolve(string packages, string wanted, string excluded = "")
    {
        var stanzas = packages
            .Split('\n')
            .Select(x => x.Split([':', ';']))
            .Select(x =>
                $"Package: {x[0]}\nVersion: 1\nFilename: pool/{x[0]}.deb\nSize: 1\nSHA256: "
                + $"{Hash}\nDepends:{x.ElementAtOrDefault(1)}\nProvides:{x.ElementAtOrDefault(2)}\n"
            );
        var resolver = new PackageResolver(Index(string.Join('\n', stanzas)), excluded.Split(' ').ToHashSet());
        return string.Join(' ', resolver.Resolve(wanted.Split(' ')).Select(x => x.Name));
    }

    [Fact]
    public void A_packages_index_is_read()
    {
        var index = Index(
            $"""
            Package: g++
            Architecture: amd64
            Version: 4:12.2.0-3
            Pre-Depends: libc6 (>= 2.36), init
            Depends: cpp (= 4:12.2.0-3), gcc:any | c-compiler [amd64], libgcc-12-dev<!x>
            Provides: c++-compiler, g++:amd64 (= 4)
            Description: x
             Depends: not this
            Filename: pool/main/g/g++.deb
            Size: 1356
            SHA256: {Hash}

            """
        );

        var package = Assert.Single(index).Value;
        Assert.Equal(("4:12.2.0-3", "pool/main/g/g++.deb"), (package.Version, package.Path));
        Assert.Equal($"{Hash}/1356", package.File.ToString());
        Assert.Equal(
            ["libc6", "init", "cpp", "gcc|c-compiler", "libgcc-12-dev"],
            package.Needs.Select(x => string.Join('|', x))
        );
        Assert.Equal(["c++-compiler", "g++"], package.Provides);
    }

    [Fact]
    public void A_damaged_index_is_told() =>
        Assert.Equal(
            "The package 'x' has no valid size and SHA-256.",
            Assert.Throws<FormatException>(() => Index("Package: x\nSize: 1\nSHA256: y\n")).Message
        );

    [Fact]
    public void Needs_are_resolved_transitively() => Assert.Equal("a b c", Resolve("a: b\nb: c\nc:a\nd:", "a"));

    [Fact]
    public void Of_alternatives_the_first_that_exists_is_taken() =>
        Assert.Equal("a c", Resolve("a: none | c | b\nb:\nc:", "a"));

    [Fact]
    public void An_alternative_that_is_wanted_anyway_suffices() =>
        Assert.Equal("a b", Resolve("a: c | b\nb:\nc:", "a b"));

    [Fact]
    public void A_virtual_package_is_taken_by_its_first_provider() =>
        Assert.Equal("a mawk", Resolve("a: awk\noriginal:; awk\nmawk:; awk", "a"));

    [Fact]
    public void A_provider_that_is_wanted_anyway_suffices() =>
        Assert.Equal("a original", Resolve("a: awk\noriginal:; awk\nmawk:; awk", "a original"));

    [Fact]
    public void What_is_excluded_is_never_taken()
    {
        Assert.Equal("a", Resolve("a: b\nb:", "a", "b"));
        Assert.Equal("a c", Resolve("a: b | c\nb:\nc:", "a", "b"));
        Assert.Equal("a original", Resolve("a: awk\noriginal:; awk\nmawk:; awk", "a", "mawk"));
    }

    [Fact]
    public void What_the_suite_lacks_is_told()
    {
        Assert.Equal("The suite has no package 'z'.", Assert.Throws<EngineException>(() => Resolve("a:", "z")).Message);
        Assert.Equal(
            "The package 'a' needs y or z, which the suite has not; name it in 'exclude' if it can be done without.",
            Assert.Throws<EngineException>(() => Resolve("a: y | z", "a")).Message
        );
    }

    [Fact]
    public void The_list_of_a_suite_is_read()
    {
        var text =
            $"Suite: stable\nCodename: bookworm\nDate: Sat, 08 Nov 2025 10:19:41 UTC\nMD5Sum:\n "
            + $"{new string('0', 32)} 5 main/Packages.xz\nSHA256:\n {Hash}     7 main/Packages.xz\n {Hash} 8 "
            + $"other\nSHA512:\n x 9 main/last\n";

        var release = ReleaseFile.Parse(text);

        Assert.Equal(["main/Packages.xz", "other"], release.Files.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(7, release.Files["main/Packages.xz"].Size);
        Assert.Equal(["stable", "bookworm"], release.Names);
        Assert.Equal(new DateTimeOffset(2025, 11, 8, 10, 19, 41, TimeSpan.Zero), release.Date);
        Assert.Null(release.ValidUntil);
    }

    [Fact]
    public void The_archives_of_apt_are_taken_in_order_and_once()
    {
        var list = fixture.Folder.Write("mirrors.list", "# mine\nhttp://c/debian/ priority:1\nhttps://d/debian\n");

        Assert.Equal(
            ["http://a/debian", "https://b", "http://c/debian", "https://d/debian"],
            AptSites.Parse(
                $"http://a/debian\nhttp://a/debian/\nhttps://b\nfile:/srv/debian\nmirror+file:{list}\nmirror+file:/nowhere\n"
            )
        );
    }

    [Theory]
    [InlineData("lib64/ld.so.2", "/lib/x/ld.so", "usr/lib64/ld.so.2", "../lib/x/ld.so")]
    [InlineData("usr/bin/awk", "/etc/alternatives/awk", "usr/bin/awk", "../../etc/alternatives/awk")]
    [InlineData("lib/x/l.so", "../../usr/lib/x/l.so.1", "usr/lib/x/l.so", "l.so.1")]
    [InlineData("usr/lib/x/l.so", "../../../lib/x/l.so.1", "usr/lib/x/l.so", "l.so.1")]
    [InlineData("usr/lib/x/l.so", "l.so.1", "usr/lib/x/l.so", "l.so.1")]
    [InlineData("usr/lib/x/l.so", "../y/./l.so.1", "usr/lib/x/l.so", "../y/./l.so.1")]
    [InlineData("bin/sh", "dash", "usr/bin/sh", "dash")]
    [InlineData("etc/rmt", "/usr/sbin/rmt", "etc/rmt", "../usr/sbin/rmt")]
    [InlineData("usr/up", "/", "usr/up", "..")]
    public void Links_point_to_the_same_file_after_the_move(string path, string target, string moved, string expected)
    {
        var segments = path.Split('/');

        Assert.Equal(moved, string.Join('/', MergedUsr.Map(segments)));
        Assert.Equal(expected, MergedUsr.MapTarget(segments, MergedUsr.Map(segments), target));
    }

    private static byte[] Deb(TarBuilder data)
    {
        using var ar = new MemoryStream();
        ar.Write("!<arch>\n"u8);
        Member("debian-binary", "2.0\n"u8.ToArray());
        Member("control.tar.gz", new TarBuilder().File("./postinst").ToGzip()[..^1]);
        Member("data.tar.gz", data.ToGzip());
        return ar.ToArray();

        void Member(string name, byte[] content)
        {
            ar.Write(
                Encoding.ASCII.GetBytes(
                    $"{name, -16}{"0", -12}{"0", -6}{"0", -6}{"100644", -8}{content.Length, -10}`\n"
                )
            );
            ar.Write(content);
            if (content.Length % 2 != 0)
                ar.WriteByte((byte)'\n');
        }
    }

    private (SeedRecipe, SeedPin) Seed(params TarBuilder[] packages)
    {
        var links = ImmutableSortedDictionary
            .Create<string, string>(StringComparer.Ordinal)
            .Add("usr/bin/cc", "gcc")
            .Add("bin/ld", "/usr/bin/gcc");
        var recipe = fixture.Seed(
            "debian",
            new()
            {
                Suite = "bookworm",
                Packages = ["gcc"],
                Links = links,
            }
        );
        var pins = packages.Select(
            (x, i) => new SeedPackagePin($"p{i}", "1", $"pool/p{i}.deb", fixture.Store.AddBlob(Deb(x)))
        );
        return (recipe, new("debian", "bookworm", "", null, [.. pins], Digest.Of("unknown"u8)));
    }

    private async Task<string> SeedFailureAsync(params TarBuilder[] packages)
    {
        var (recipe, pin) = Seed(packages);
        using var fetcher = fixture.NewFetcher();
        var fault = await Assert.ThrowsAsync<EngineException>(() =>
            fetcher.EnsureSeedAsync(recipe, pin, TestContext.Current.CancellationToken)
        );
        Assert.Empty(fixture.TreesInStore());
        return fault.Message;
    }

    [Fact]
    public async Task A_root_is_made_of_packages()
    {
        var (recipe, pin) = Seed(
            new TarBuilder()
                .Folder("./")
                .Folder("./bin/")
                .Program("./bin/dash")
                .Link("./bin/sh", "dash")
                .File("./usr/share/doc/dash/copyright")
                .File("./usr/share/locale/de/x.mo"),
            new TarBuilder()
                .Folder("./usr/")
                .Program("./usr/bin/gcc", "cc")
                .HardLink("./usr/bin/gcc-12", "./usr/bin/gcc")
                .File("./lib/x/l.so.1")
                .Link("./lib64/ld.so", "/lib/x/l.so.1")
        );
        using var fetcher = fixture.NewFetcher();
        var fault = await Assert.ThrowsAsync<EngineException>(() =>
            fetcher.EnsureSeedAsync(recipe, pin, TestContext.Current.CancellationToken)
        );
        var got = fault.Message.Split("got ")[1].Split(". Nothing")[0];
        Assert.StartsWith(
            $"The source of 'debian' is not what recipes.lock says: expected tree {pin.Tree.OciWithSize}, got ",
            fault.Message,
            StringComparison.Ordinal
        );

        var tree = await fetcher.EnsureSeedAsync(
            recipe,
            pin with
            {
                Tree = Digest.Parse(got),
            },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(
            [
                "bin -> usr/bin",
                "lib -> usr/lib",
                "lib64 -> usr/lib64",
                "usr/bin/cc -> gcc",
                "usr/bin/dash",
                "usr/bin/gcc",
                "usr/bin/gcc-12",
                "usr/bin/ld -> gcc",
                "usr/bin/sh -> dash",
                "usr/lib/x/l.so.1",
                "usr/lib64/ld.so -> ../lib/x/l.so.1",
            ],
            fixture
                .Store.ReadTree(tree)
                .Walk()
                .Where(x => x.Kind != TreeEntryKind.Folder)
                .Select(x => x.Target is null ? x.Path : $"{x.Path} -> {x.Target}")
        );
    }

    [Fact]
    public async Task Packages_that_disagree_are_refused() =>
        Assert.Equal(
            "Cannot make the root of 'debian': the path 'usr/bin/a' appears twice, with different content. Nothing "
                + "was imported.",
            await SeedFailureAsync(new TarBuilder().File("./bin/a", "1"), new TarBuilder().File("./usr/bin/a", "2"))
        );

    [Fact]
    public async Task Devices_are_refused() =>
        Assert.Equal(
            "Cannot import 'p0.deb': './dev/null' is a character device. Nothing was imported.",
            await SeedFailureAsync(new TarBuilder().Special(TarEntryType.CharacterDevice, "./dev/null"))
        );

    [Fact]
    public async Task Another_package_than_the_locked_one_is_not_used()
    {
        using var server = new TinyServer(x => TinyServer.Serve(x, "other"u8.ToArray()));
        fixture.Sites.Sites = [server.Url];
        var (recipe, pin) = Seed();
        var missing = pin with { Packages = [new("gcc", "1", "pool/gcc.deb", Digest.Of("right"u8))] };
        using var fetcher = fixture.NewFetcher();

        var fault = await Assert.ThrowsAsync<EngineException>(() =>
            fetcher.EnsureSeedAsync(recipe, missing, TestContext.Current.CancellationToken)
        );

        Assert.Contains(
            $"{server.Url}/pool/gcc.deb: the file is another one: expected {Digest.Of("right"u8).Oci}",
            fault.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task What_is_no_package_is_said_to_be_none()
    {
        var (recipe, pin) = Seed();
        using var fetcher = fixture.NewFetcher();
        foreach (
            var (bytes, message) in new[]
            {
                ("<html>", "it is not an ar archive"),
                ("!<arch>\n", "it has no member 'data.tar'"),
                ("!<arch>\n" + new string('x', 60), "its ar headers are damaged"),
            }
        )
        {
            var bad = pin with
            {
                Packages = [new("gcc", "1", "pool/gcc.deb", fixture.Store.AddBlob(Encoding.ASCII.GetBytes(bytes)))],
            };
            var fault = await Assert.ThrowsAsync<EngineException>(() =>
                fetcher.EnsureSeedAsync(recipe, bad, TestContext.Current.CancellationToken)
            );
            Assert.Equal($"Cannot import 'gcc.deb': {message}. Nothing was imported.", fault.Message);
        }
    }
}
