using System.Collections.Immutable;
using System.Text;
using Recipes.Engine.Comparison;
using Recipes.Engine.Content;
using Recipes.Engine.Contracts;
using Recipes.Engine.Inspection;
using Xunit;

namespace Recipes.Engine.Tests.Contracts;

/// <summary>What is read from images with real ELF files.</summary>
public class ContractReaderTests
{
    private static readonly byte[] Zlib = new ElfBuilder
    {
        Soname = "libz.so.1",
        Symbols =
        [
            ("adler32", IsDefined: true, IsWeak: false, Version: null),
            ("crc32_z", IsDefined: true, IsWeak: false, Version: "ZLIB_1.2.9"),
            ("malloc", IsDefined: false, IsWeak: false, Version: null),
        ],
    }.Build();

    [Fact]
    public void All_that_an_application_can_rely_on_is_read()
    {
        var image = new FakeImage()
            .File("usr/lib/libz.so.1.3", Zlib)
            .Link("usr/lib/libz.so.1", "libz.so.1.3")
            .File("usr/lib/private/libz.so.1", Zlib)
            .File("lib/ld-musl-x86_64.so.1", [1], mode: "755")
            .File("usr/bin/busybox", new ElfBuilder { Interpreter = "/lib/ld-musl-x86_64.so.1" }.Build(), mode: "755")
            .Link("usr/bin/sh", "busybox")
            .Link("usr/bin/gone", "nowhere")
            .File("usr/bin/notes", "no program"u8)
            .File("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nweb:x:33:33::/srv:/bin/false\n"u8)
            .File("etc/group", "root:x:0:\nweb:x:33:\n"u8)
            .File("usr/bin/ping", [1], mode: "4755")
            .Folder("tmp", mode: "1777")
            .Folder("srv", owner: 33)
            .File("usr/share/zoneinfo/UTC", "x"u8)
            .File("usr/share/other", "x"u8)
            .With(
                ("Env PATH", "/usr/bin"),
                ("ExposedPorts 80/tcp", ""),
                ("Volumes /srv", ""),
                ("User", ""),
                ("StopSignal", "SIGQUIT")
            );

        Assert.Equal(
            """
            account root = 0:0 /root /bin/sh
            account web = 33:33 /srv /bin/false
            command /usr/bin/busybox
            command /usr/bin/ping
            command /usr/bin/sh
            environment PATH = /usr/bin
            group root = 0
            group web = 33
            interpreter /lib/ld-musl-x86_64.so.1
            kernel = 5.4
            path /etc/group = file 0644 0:0
            path /etc/passwd = file 0644 0:0
            path /srv = folder 0755 33:33
            path /tmp = folder 1777 0:0
            path /usr/bin/ping = file 4755 0:0
            path /usr/share/zoneinfo = folder 0755 0:0
            path /usr/share/zoneinfo/UTC = file 0644 0:0
            port 80/tcp
            size = 1000
            soname libz.so.1
            stop-signal = SIGQUIT
            symbol libz.so.1 adler32
            symbol libz.so.1 crc32_z@ZLIB_1.2.9
            user = root
            volume /srv
            working-directory = /
            """,
            Lines(
                image.Contract(
                    new()
                    {
                        SizeLimit = 1000,
                        Kernel = "5.4",
                        Paths = ["usr/share/zoneinfo"],
                    }
                )
            )
        );
    }

    [Fact]
    public void What_goes_or_changes_is_a_break_and_what_comes_is_not()
    {
        var before = new FakeImage()
            .File("usr/lib/libz.so.1", Zlib)
            .File("usr/bin/busybox", [1], mode: "755")
            .Link("usr/bin/vi", "busybox")
            .File("etc/passwd", "web:x:33:33::/:/bin/false\n"u8)
            .With(("User", "web"));
        var after = new FakeImage()
            .File(
                "usr/lib/libz.so.1",
                new ElfBuilder
                {
                    Soname = "libz.so.1",
                    Symbols = [("adler32", true, false, null), ("new", true, false, null)],
                }.Build()
            )
            .File("usr/bin/busybox", [1], mode: "755")
            .Link("usr/bin/awk", "busybox")
            .File("etc/passwd", "web:x:34:34::/:/bin/false\n"u8);

        var difference = ContractDifference.Of(before.Contract(), after.Contract());

        Assert.Equal(
            [
                "account web = 33:33 / /bin/false => account web = 34:34 / /bin/false",
                "command /usr/bin/vi => ",
                "symbol libz.so.1 crc32_z@ZLIB_1.2.9 => ",
                "user = web => user = root",
            ],
            difference.Broken.Select(x => $"{x.Before} => {x.After}")
        );
        Assert.Equal(
            ["command /usr/bin/awk", "symbol libz.so.1 new"],
            difference.Grown.Select(x => x.After!.ToString())
        );
    }

    [Theory]
    [InlineData(1000L, 900L, "5.4", "5.4", "", "size")]
    [InlineData(1000L, 1100L, "5.4", "5.4", "size", "")]
    [InlineData(1000L, null, "5.4", "5.4", "size", "")]
    [InlineData(null, 1000L, "5.4", "5.4", "", "size")]
    [InlineData(1L, 1L, "6", "5.4", "", "kernel")]
    [InlineData(1L, 1L, "5.10", "5.4", "", "kernel")]
    [InlineData(1L, 1L, "5.4", "5.10", "kernel", "")]
    public void A_limit_is_kept_by_what_stays_below_it(
        long? size,
        long? newSize,
        string kernel,
        string newKernel,
        string broken,
        string grown
    )
    {
        var image = new FakeImage();
        var difference = ContractDifference.Of(
            image.Contract(new() { SizeLimit = size, Kernel = kernel }),
            image.Contract(new() { SizeLimit = newSize, Kernel = newKernel })
        );

        Assert.Equal(
            broken,
            string.Join(' ', difference.Broken.Select(x => ContractLine.WordOf(x.Item.Kind.ToString())))
        );
        Assert.Equal(
            grown,
            string.Join(' ', difference.Grown.Select(x => ContractLine.WordOf(x.Item.Kind.ToString())))
        );
    }

    [Fact]
    public void An_image_to_build_with_offers_only_what_the_other_has()
    {
        var runtime = new FakeImage()
            .File("usr/lib/libz.so.1", Zlib)
            .File("usr/bin/tool", "one"u8, mode: "755")
            .File("usr/share/lost", "x"u8)
            .File("etc/passwd", "one"u8);
        var build = new FakeImage()
            .File(
                "usr/lib/libz.so.1",
                new ElfBuilder
                {
                    Soname = "libz.so.1",
                    Symbols = [("adler32", true, false, null), ("more", true, false, null)],
                }.Build()
            )
            .Link("usr/lib/libz.so", "libz.so.1")
            .File("usr/lib/libother.so", new ElfBuilder { Soname = "libother.so.3" }.Build())
            .File("usr/lib/libstatic.a", "!<arch>"u8)
            .File("usr/bin/tool", "two"u8, mode: "755")
            .File("etc/passwd", "two"u8);

        Assert.Equal(
            [
                "'/usr/bin/tool' differs between the two images",
                "'/usr/lib/libz.so.1' differs between the two images",
                "'/usr/share/lost' is in the image to run on alone",
                "-lother links with 'libother.so.3', which is not promised",
                "-lz offers 'more', which 'libz.so.1' does not promise",
            ],
            StackFit.Misfits(build.Listing, runtime.Listing, runtime.Contract(), x => x == "etc/passwd")
        );
        Assert.Empty(StackFit.Misfits(runtime.Listing, runtime.Listing, runtime.Contract(), _ => false));
    }

    private static string Lines(Contract contract) => string.Join('\n', contract.Items);

    private sealed class FakeImage
    {
        private readonly SortedDictionary<string, (ListedFile File, byte[] Bytes)> files = new(StringComparer.Ordinal);
        private ImmutableSortedDictionary<string, string> settings = ImmutableSortedDictionary<string, string>.Empty;

        public FileListing Listing =>
            new(
                files.Values.Select(x => x.File),
                x => ElfFile.IsElf(files[x].Bytes) ? ElfFile.Parse(files[x].Bytes) : null,
                x => files[x].Bytes
            );

        public FakeImage File(string path, ReadOnlySpan<byte> bytes, string mode = "644") =>
            Add(new(path, TreeEntryKind.File, Digest.Of(bytes), Convert.ToInt32(mode, 8), 0, 0, null), bytes);

        public FakeImage Link(string path, string target) =>
            Add(new(path, TreeEntryKind.Link, default, Convert.ToInt32("777", 8), 0, 0, target), []);

        public FakeImage Folder(string path, string mode = "755", int owner = 0) =>
            Add(new(path, TreeEntryKind.Folder, default, Convert.ToInt32(mode, 8), owner, owner, null), []);

        public FakeImage With(params (string Name, string Value)[] pairs)
        {
            settings = settings.AddRange(pairs.Select(x => KeyValuePair.Create(x.Name, x.Value)));
            return this;
        }

        public Contract Contract(ContractTerms? terms = null) =>
            ContractReader.Read(new ImageContent(settings, [], Listing), terms ?? new());

        private FakeImage Add(ListedFile file, ReadOnlySpan<byte> bytes)
        {
            for (var end = file.Path.LastIndexOf('/'); end > 0; end = file.Path.LastIndexOf('/', end - 1))
                files.TryAdd(
                    file.Path[..end],
                    (new(file.Path[..end], TreeEntryKind.Folder, default, Convert.ToInt32("755", 8), 0, 0, null), [])
                );
            files[file.Path] = (file, bytes.ToArray());
            return this;
        }
    }
}
