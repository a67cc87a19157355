using System.Collections.Immutable;
using System.Formats.Tar;
using System.Text;
using Recipes.Engine.Comparison;
using Recipes.Engine.Content;
using Recipes.Engine.Images;
using Recipes.Engine.Tests.Images;
using Xunit;
using TarWriter = System.Formats.Tar.TarWriter;

namespace Recipes.Engine.Tests.Comparison;

public sealed class ImageComparisonTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly ContentStore store;

    public ImageComparisonTests() => store = ContentStore.Open(folder.Join("store"));

    [Fact]
    public void An_archive_and_the_image_in_the_store_are_equal()
    {
        var image = Compose("usr/bin/a*=one");
        OciArchive.Write(
            image,
            folder.Join("a.oci.tar"),
            store,
            cancellationToken: TestContext.Current.CancellationToken
        );
        OciLayout.Write(image, folder.Join("layout"), store, cancellationToken: TestContext.Current.CancellationToken);
        var stored = ImageContent.OfStore(image, store);

        Assert.True(ImageComparison.Of(stored, Read(folder.Join("a.oci.tar"))).IsEmpty);
        Assert.True(ImageComparison.Of(stored, Read(folder.Join("layout"))).IsEmpty);
        Assert.Equal(Convert.ToInt32("755", 8), stored.Files.Files["usr/bin/a"].Mode);
    }

    [Fact]
    public void Layers_files_and_settings_that_differ_are_told()
    {
        var before = ImageContent.OfStore(Compose("usr/bin/a*=one", ("MODE", "old"), ("SAME", "x")), store);
        var after = ImageContent.OfStore(
            Compose("usr/bin/a*=three\nusr/bin/b=b", ("MODE", "new"), ("SAME", "x")),
            store
        );

        var comparison = ImageComparison.Of(before, after);

        Assert.False(comparison.IsEmpty);
        Assert.Equal([new SettingChange("Env MODE", "old", "new")], comparison.Settings);
        Assert.Equal(["changing 1.0 (main)"], comparison.RemovedLayers.Select(x => x.Description));
        Assert.Equal(["changing 1.0 (main)"], comparison.AddedLayers.Select(x => x.Description));
        // steady, and the accounts of the image itself.
        Assert.Equal(2, comparison.Kept);
        Assert.Equal(["usr/bin/b"], comparison.Files.Added.Select(x => x.Path));
        Assert.Equal(["usr/bin/a"], comparison.Files.Changed.Select(x => x.Path));
    }

    [Fact]
    public void What_docker_save_writes_is_read_too_with_whiteouts_and_hard_links()
    {
        var lower = Layer(("usr/gone", "1", null), ("usr/folder/hidden", "2", null), ("usr/kept", "3", null));
        var upper = Layer(
            ("usr/.wh.gone", "", null),
            ("usr/folder/.wh..wh..opq", "", null),
            ("usr/folder/new", "4", null),
            ("usr/twin", "", "usr/kept")
        );
        var archive = folder.Join("docker.tar");
        using (var writer = new TarWriter(File.Create(archive)))
        {
            Add(writer, "lower/layer.tar", lower);
            Add(writer, "upper/layer.tar", upper);
            Add(
                writer,
                "config.json",
                """{"config":{"Env":["A=b=c"]},"rootfs":{"diff_ids":["sha256:1","sha256:2"]}}"""u8.ToArray()
            );
            Add(
                writer,
                "manifest.json",
                """[{"Config":"config.json","Layers":["lower/layer.tar","upper/layer.tar"]}]"""u8.ToArray()
            );
        }

        var image = Read(archive);

        Assert.Equal(["usr/folder/new", "usr/kept", "usr/twin"], image.Files.Files.Keys);
        Assert.Equal(image.Files.Files["usr/kept"].Content, image.Files.Files["usr/twin"].Content);
        Assert.Equal("b=c", image.Settings["Env A"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no archive, but long enough to look at it as one")]
    public void What_is_no_image_is_refused_with_its_name(string content)
    {
        var file = folder.Write("x.oci.tar", content);

        var error = Assert.Throws<EngineException>(() => Read(file));

        Assert.StartsWith($"'{file}' ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_archive_that_is_cut_off_is_refused()
    {
        var file = folder.Join("cut.oci.tar");
        OciArchive.Write(
            Compose("usr/bin/a*=200000B"),
            file,
            store,
            cancellationToken: TestContext.Current.CancellationToken
        );
        var bytes = File.ReadAllBytes(file);
        File.WriteAllBytes(file, bytes[..(bytes.Length / 2)]);

        var error = Assert.Throws<EngineException>(() => Read(file));

        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Hostile { get; } =
        new()
        {
            { "{\"manifests\":[{\"digest\":null}]}", "a name in its documents is not that of a file: null" },
            {
                "{\"manifests\":[{\"digest\":\"sha256:../../x\"}]}",
                "a name in its documents is not that of a file: \"sha256:../../x\""
            },
            {
                "{\"manifests\":[{\"digest\":\"a\\u0000\"}]}",
                "a name in its documents is not that of a file: \"a\\u0000\""
            },
            { "{\"manifests\":[]}", "is not an image archive, or is damaged" },
            { "{\"manifests\":[{\"digest\":\"\\ud800\"}]}", "is not an image archive, or is damaged" },
            { "[" + new string('[', 1000), "is not an image archive, or is damaged" },
            {
                $"{{\"config\":{{\"digest\":\"a:b\"}},\"layers\":[{string.Join(',', Enumerable.Repeat("{\"digest\":\"a:b\"}", 1001))}]}}",
                "it has more than 1000 layers"
            },
        };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void What_no_engine_writes_is_refused_and_says_why(string index, string reason)
    {
        var file = folder.Join("hostile.tar");
        using (var writer = new TarWriter(File.Create(file)))
            Add(writer, "index.json", Encoding.UTF8.GetBytes(index));

        Assert.Contains(reason, Assert.Throws<EngineException>(() => Read(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_of_a_layout_names_nothing_outside_of_it()
    {
        folder.Write("layout/index.json", "{\"manifests\":[{\"digest\":\"sha256:../../../secret.json\"}]}");
        folder.Write("secret.json", "{\"config\":{},\"layers\":[]}");

        Assert.Contains(
            "is not that of a file",
            Assert.Throws<EngineException>(() => Read(folder.Join("layout"))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_damaged_layer_is_refused_whatever_its_format()
    {
        foreach (
            var magic in (byte[][])
                [
                    [0x28, 0xb5, 0x2f, 0xfd],
                    [0x1f, 0x8b],
                ]
        )
        {
            var file = folder.Join("damaged.tar");
            using (var writer = new TarWriter(File.Create(file)))
            {
                Add(writer, "l", [.. magic, .. Enumerable.Repeat((byte)0xff, 2000)]);
                Add(writer, "c.json", "{\"rootfs\":{\"diff_ids\":[\"x\"]}}"u8.ToArray());
                Add(writer, "manifest.json", "[{\"Config\":\"c.json\",\"Layers\":[\"l\"]}]"u8.ToArray());
            }

            Assert.StartsWith(
                $"'{file}' is not an image archive, or is damaged: ",
                Assert.Throws<EngineException>(() => Read(file)).Message,
                StringComparison.Ordinal
            );
        }
    }

    public void Dispose() => folder.Dispose();

    private ImageResult Compose(string files, params (string Key, string Value)[] environment)
    {
        var packages = new FakePackages(store).Add("changing", files).Add("steady", "etc/steady=1");
        var spec = FakePackages.Spec("changing", "steady") with
        {
            Environment = environment.ToImmutableSortedDictionary(x => x.Key, x => x.Value, StringComparer.Ordinal),
        };
        var recipe = FakePackages.Image(environment.Length == 0 ? FakePackages.Spec("changing") : spec);
        var composition = ImageComposer.Compose(recipe, packages.Closure(recipe), store);
        Assert.Empty(composition.Faults);
        return composition.Image!;
    }

    private static ImageContent Read(string path) =>
        ImageContent.OfArchive(path, TestContext.Current.CancellationToken);

    private static byte[] Layer(params (string Path, string Content, string? LinkTo)[] files)
    {
        using var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, leaveOpen: true))
        {
            foreach (var (path, content, link) in files)
            {
                if (link is null)
                    Add(writer, path, Encoding.UTF8.GetBytes(content));
                else
                    writer.WriteEntry(new PaxTarEntry(TarEntryType.HardLink, path) { LinkName = link });
            }
        }
        return bytes.ToArray();
    }

    private static void Add(TarWriter writer, string path, byte[] content) =>
        writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(content) });
}
