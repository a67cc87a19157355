using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Recipes.Engine.Content;
using Recipes.Engine.Images;
using Recipes.Engine.Model;
using Xunit;

namespace Recipes.Engine.Tests.Images;

public sealed class ImageComposerTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly ContentStore store;
    private readonly FakePackages packages;

    public ImageComposerTests()
    {
        store = ContentStore.Open(directory.Join("store"));
        packages = Packages(store);
    }

    public void Dispose() => directory.Dispose();

    private static FakePackages Packages(ContentStore store) =>
        new FakePackages(store)
            .Add("filesystem", [("main", "lib -> usr/lib\ntmp/\nvar/run -> ../run\nrun/\nusr/lib/", [])], change: x =>
                x with
                {
                    Permissions = [new("tmp", Convert.ToInt32("1777", 8), 0, 0)],
                }
            )
            .Add("musl", [("main", "usr/lib/libc.so*=100B\nusr/lib/ld-musl-x86_64.so.1 -> libc.so", [])])
            .Add(
                "tool",
                [
                    (
                        "main",
                        "usr/bin/tool*=50B\nusr/bin/su*=su\nusr/share/doc/tool/README=read me",
                        [FakePackages.Program("usr/bin/tool", "libc.so")]
                    ),
                    ("dev", "usr/include/tool.h=h", []),
                ],
                ["musl:main", "filesystem:main"],
                change: x =>
                    x with
                    {
                        Permissions =
                        [
                            new("usr/bin/*", null, 0, 0),
                            new("usr/bin/su", Convert.ToInt32("4755", 8), 0, 7),
                        ],
                    }
            );

    [Fact]
    public void What_was_made_outside_is_named_in_a_label_and_taken_only_where_the_image_says_so()
    {
        var span = new SourceSpan("pkgs/test-image/recipe.toml", 9, 13, 6, "prebuilt = [\"made\"]");
        packages.Add("made", [("main", "usr/bin/made*=1", [])], change: x =>
            x with
            {
                PrebuiltFrom = new(x, new() { Span = span }, "bin/publish"),
            }
        );
        var image = FakePackages.Image(FakePackages.Spec("made", "tool"));
        var allowed = FakePackages.Image(FakePackages.Spec("made", "tool") with { Prebuilt = [new("made", span)] });
        var closure = packages.Closure(image);

        var composed = ImageComposer
            .Compose(allowed, closure, store, cancellationToken: TestContext.Current.CancellationToken)
            .Image!;
        Assert.Contains(
            "\"recipes.prebuilt\":\"made\"",
            Encoding.UTF8.GetString(File.ReadAllBytes(store.FindBlob(composed.Configuration)!))
        );
        Assert.Equal(["made"], ImageSize.Of(allowed, closure, store).Prebuilt);

        // Though the very image was composed before.
        var refused = ImageComposer.Compose(
            image,
            closure,
            store,
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.Null(refused.Image);
        Assert.Null(ImageComposer.Find(image, closure, store));
        Assert.Equal(refused.Faults, ImageSize.Of(image, closure, store).Faults);
        Assert.Equal(
            "'test-image' would hold 'made', which is prebuilt: it is made outside, in 'bin/publish'; to take it as it "
                + "is, write in [image]: prebuilt = [\"made\"]",
            Assert.Single(refused.Faults).Message
        );

        var without = packages.Closure(FakePackages.Image(FakePackages.Spec("tool")));
        var idle = Assert.Single(
            ImageComposer
                .Compose(allowed, without, store, cancellationToken: TestContext.Current.CancellationToken)
                .Faults
        );
        Assert.Equal("'test-image' does not hold 'made'; leave it out of 'prebuilt'", idle.Message);
        Assert.Equal(span, idle.Span);
    }

    private static ImageSpec Full =>
        FakePackages.Spec("tool", "filesystem") with
        {
            Exclude = ["usr/share/doc"],
            Entrypoint = ["/usr/bin/tool"],
            Cmd = ["run"],
            Environment = FakePackages.Spec().Environment.Add("PATH", "/usr/bin").Add("LANG", "C.UTF-8"),
            Labels = FakePackages.Spec().Labels.Add("team", "ünïcode"),
            WorkingDirectory = "/var/lib/app",
            User = "app",
            StopSignal = "SIGINT",
            Ports = ["5432/tcp", "53/udp"],
            Volumes = ["/var/lib/app"],
            Healthcheck = new(["/usr/bin/tool", "check"], TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1.5), null, 3),
            Accounts = [new("app", 70, 70, "/var/lib/app", "/bin/sh", "An app")],
            Files = [new("/usr/bin/entry", null, "#!/bin/sh\n", Convert.ToInt32("755", 8), 0, 0, FakePackages.Span)],
            Directories =
            [
                new("/var/lib/app", Convert.ToInt32("700", 8), 70, 70, FakePackages.Span),
                new("/var/run/app", Convert.ToInt32("755", 8), 70, 70, FakePackages.Span),
            ],
        };

    private ImageResult Compose(ImageSpec spec)
    {
        var composition = Composed(spec);
        Assert.Empty(composition.Faults);
        return composition.Image!;
    }

    private (ImageResult? Image, ImmutableArray<Diagnostic> Faults, bool WasCached) Composed(ImageSpec spec)
    {
        var image = FakePackages.Image(spec, directory.Path);
        var closure = packages.Closure(image);
        Assert.True(closure.IsWhole);
        return ImageComposer.Compose(image, closure, store, cancellationToken: TestContext.Current.CancellationToken);
    }

    private IEnumerable<string> Faults(ImageSpec spec) => Composed(spec).Faults.Select(x => x.Message);

    private string[] Listing(ImageLayer layer) => ImageText.Layer(store, layer);

    [Fact]
    public void Each_package_is_a_layer_from_most_to_least_shared_and_the_image_itself_is_the_last()
    {
        var image = Compose(Full);

        Assert.Equal(["filesystem", "musl", "tool", "test-image"], image.Layers.Select(x => x.Name));
        Assert.Equal("test-image:1.0", image.Reference);
    }

    [Fact]
    public void The_program_of_a_package_of_its_own_takes_the_place_of_BusyBoxs()
    {
        packages
            .Add(
                "busybox",
                [("main", "usr/bin/busybox*=box\nusr/bin/sed -> busybox\nusr/bin/tr -> busybox", [])],
                output: x => x with { Yields = true }
            )
            .Add("sed", [("main", "usr/bin/sed*=the real one", [])]);

        var image = Compose(FakePackages.Spec("busybox", "sed"));

        Assert.Equal(
            ["usr/", "usr/bin/", "usr/bin/busybox", "usr/bin/tr"],
            Listing(image.Layers.Single(x => x.Name == "busybox")).Select(x => x.Split(' ')[3])
        );
        Assert.Contains(Listing(image.Layers.Single(x => x.Name == "sed")), x =>
            x.Contains(" usr/bin/sed ", StringComparison.Ordinal)
        );
        // Alone, it is as ever.
        Assert.Contains(Listing(Compose(FakePackages.Spec("busybox")).Layers[0]), x =>
            x.Contains(" usr/bin/sed ", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Names_of_one_file_are_hard_links_and_count_once()
    {
        packages.Add(
            "git",
            [
                (
                    "main",
                    "usr/bin/git*=1000B\nusr/bin/git-add*=1000B\nusr/bin/git-log*=1000B\nusr/lib/git-log*=1000B\nusr/lib/copy*=1000B",
                    []
                ),
            ],
            change: x => x with { Permissions = [new("usr/lib/git-log", Convert.ToInt32("4755", 8), 0, 0)] },
            output: x =>
                x with
                {
                    HardLinks =
                    [
                        ["usr/bin/git", "usr/bin/git-add", "usr/bin/git-log", "usr/lib/git-log"],
                    ],
                }
        );

        var image = Compose(FakePackages.Spec("git") with { Exclude = ["usr/bin/git"] });

        // The owner and mode belong to the file, so one that has others is a file of its own, as is one that was
        // copied.
        var layer = image.Layers.Single(x => x.Name == "git");
        Assert.Equal(3000, layer.FileBytes);
        using var gzip = new System.IO.Compression.GZipStream(
            File.OpenRead(store.FindBlob(layer.Blob)!),
            System.IO.Compression.CompressionMode.Decompress
        );
        using var reader = new System.Formats.Tar.TarReader(gzip);
        var links = new List<string>();
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.EntryType == System.Formats.Tar.TarEntryType.HardLink)
                links.Add($"{entry.Name} {entry.LinkName} {entry.Length}");
        }
        Assert.Equal(["usr/bin/git-log usr/bin/git-add 0"], links);
        Assert.Equal(
            ["usr/bin/git-add", "usr/bin/git-log", "usr/lib/copy", "usr/lib/git-log"],
            store.ReadTree(ImageRoot.Of(image, store).Tree).Walk().Where(x => x.Digest.Size == 1000).Select(x => x.Path)
        );
    }

    [Fact]
    public void Beyond_a_hundred_packages_the_least_shared_are_one_layer()
    {
        var names = Enumerable.Range(0, 103).Select(i => $"p{i:d3}").ToList();
        foreach (var name in names)
            packages.Add(name, $"usr/share/{name}={name}\nusr/share/same=same");

        var image = Compose(FakePackages.Spec([.. names]));

        Assert.Equal([.. names[..99], "4 packages", "test-image"], image.Layers.Select(x => x.Name));
        Assert.Equal(
            ["p099", "p100", "p101", "p102", "same"],
            Listing(image.Layers[99])
                .Select(x => x.Split(' ')[3])
                .Where(x => !x.EndsWith('/'))
                .Select(x => Path.GetFileName(x))
        );
    }

    [Fact]
    public void The_golden_image_keeps_its_bytes()
    {
        var image = Compose(Full);

        // The text tells what moved when the digests do. The digest of the compressed layers is that of the runtime's
        // deflate, so the layers are pinned by their archives.
        Golden.Matches("image.txt", ImageText.Image(store, image));
    }

    [Fact]
    public void Two_stores_and_two_directories_give_the_same_archive()
    {
        var other = ContentStore.Open(
            directory.Join("another store"),
            cancellationToken: TestContext.Current.CancellationToken
        );
        var image = Compose(Full);
        var recipe = FakePackages.Image(Full, directory.Path);
        var again = ImageComposer
            .Compose(
                recipe,
                Packages(other).Closure(recipe),
                other,
                cancellationToken: TestContext.Current.CancellationToken
            )
            .Image!;
        Directory.CreateDirectory(directory.Join("elsewhere"));

        OciArchive.Write(
            image,
            directory.Join("image.oci.tar"),
            store,
            cancellationToken: TestContext.Current.CancellationToken
        );
        OciArchive.Write(
            again,
            directory.Join("elsewhere", "copy.tar"),
            other,
            cancellationToken: TestContext.Current.CancellationToken
        );

        Assert.Equal(
            File.ReadAllBytes(directory.Join("image.oci.tar")),
            File.ReadAllBytes(directory.Join("elsewhere", "copy.tar"))
        );
    }

    [Fact]
    public void An_image_composed_before_is_looked_up_and_its_archive_not_written_again()
    {
        var first = Composed(Full);
        var path = directory.Join("image.oci.tar");
        Assert.True(
            OciArchive.Write(first.Image!, path, store, cancellationToken: TestContext.Current.CancellationToken)
        );
        var written = File.GetLastWriteTimeUtc(path);

        var second = Composed(Full);

        Assert.False(first.WasCached);
        Assert.True(second.WasCached);
        Assert.Equal(first.Image!.Manifest, second.Image!.Manifest);
        Assert.Equal(first.Image.Layers, second.Image.Layers);
        Assert.False(
            OciArchive.Write(second.Image, path, store, cancellationToken: TestContext.Current.CancellationToken)
        );
        Assert.Equal(written, File.GetLastWriteTimeUtc(path));
    }

    [Fact]
    public void An_archive_that_was_changed_is_written_again()
    {
        var image = Compose(Full);
        var path = directory.Join("image.oci.tar");
        OciArchive.Write(image, path, store, cancellationToken: TestContext.Current.CancellationToken);
        var bytes = File.ReadAllBytes(path);
        var changed = bytes.ToArray();
        changed[700] ^= 1;
        File.WriteAllBytes(path, changed);

        Assert.True(OciArchive.Write(image, path, store, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(bytes, File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(directory.Path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cancelling_leaves_an_archive_and_a_layout_as_they_were(bool midway)
    {
        var packages = new FakePackages(store).Add(
            "big",
            "usr/share/a=" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(9 << 20))
        );
        var recipe = FakePackages.Image(FakePackages.Spec("big"));
        var image = ImageComposer
            .Compose(recipe, packages.Closure(recipe), store, cancellationToken: TestContext.Current.CancellationToken)
            .Image!;
        var archive = directory.Write("image.tar", "as it was");
        var layout = directory.Join("layout");
        OciLayout.Write(
            Compose(FakePackages.Spec("musl")),
            layout,
            store,
            cancellationToken: TestContext.Current.CancellationToken
        );
        var index = File.ReadAllText(Path.Join(layout, "index.json"));

        foreach (
            var write in (Action<IEngineObserver, CancellationToken>[])
                [
                    (observer, token) => OciArchive.Write(image, archive, store, observer, token),
                    (observer, token) => OciLayout.Write(image, layout, store, observer, token),
                ]
        )
        {
            using var cancellation = new CancellationTokenSource();
            if (!midway)
                cancellation.Cancel();
            Assert.ThrowsAny<OperationCanceledException>(() => write(new Canceller(cancellation), cancellation.Token));
        }

        Assert.Equal("as it was", File.ReadAllText(archive));
        Assert.Equal(index, File.ReadAllText(Path.Join(layout, "index.json")));
        Assert.Empty(
            Directory.EnumerateFiles(
                directory.Path,
                "*.new",
                new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }
            )
        );
    }

    /// <summary>Cancels as soon as it hears of progress.</summary>
    private sealed class Canceller(CancellationTokenSource cancellation) : IEngineObserver
    {
        public void On(EngineEvent happened)
        {
            if (happened is WriteProgress)
                cancellation.Cancel();
        }
    }

    [Fact]
    public void A_lost_layer_is_made_again()
    {
        var image = Compose(Full);
        File.Delete(store.FindBlob(image.Layers[1].Blob)!);

        var again = Composed(Full);

        Assert.False(again.WasCached);
        Assert.Equal(image.Manifest, again.Image!.Manifest);
    }

    [Fact]
    public void Another_package_leaves_the_layers_of_the_others_as_they_were()
    {
        var before = Compose(Full);
        packages.Add("more", "usr/bin/more*=m");

        var after = Compose(Full with { Include = [.. Full.Include, FakePackages.Reference("more")] });

        Assert.NotEqual(before.Manifest, after.Manifest);
        Assert.Subset(after.Layers.Select(x => x.DiffId).ToHashSet(), before.Layers.Select(x => x.DiffId).ToHashSet());
    }

    [Theory]
    [InlineData("environment")]
    [InlineData("file")]
    [InlineData("exclude")]
    [InlineData("owner")]
    public void Whatever_takes_part_makes_another_image(string what)
    {
        var before = Compose(Full);

        var after = Compose(
            what switch
            {
                "environment" => Full with { Environment = Full.Environment.SetItem("LANG", "C") },
                "file" => Full with { Files = [Full.Files[0] with { Content = "#!/bin/ash\n" }] },
                "exclude" => Full with { Exclude = [] },
                _ => Full with { Directories = [Full.Directories[0] with { Uid = 71 }] },
            }
        );

        Assert.NotEqual(before.Manifest, after.Manifest);
    }

    [Fact]
    public void A_changed_file_of_the_recipes_folder_makes_another_image()
    {
        var spec = FakePackages.Spec("musl") with
        {
            Files = [new("/etc/motd", "motd", null, Convert.ToInt32("644", 8), 0, 0, FakePackages.Span)],
        };
        directory.Write("motd", "hello");
        var before = Compose(spec);
        directory.Write("motd", "hullo");

        Assert.NotEqual(before.Manifest, Compose(spec).Manifest);
    }

    [Fact]
    public void The_size_table_counts_the_bytes_of_files_by_package()
    {
        var image = Compose(Full);

        Assert.Equal(
            [("filesystem", 0L), ("musl", 100L), ("tool", 52L)],
            image.Layers[..3].Select(x => (x.Name, x.FileBytes))
        );
        Assert.Equal(image.FileBytes, image.Layers.Sum(x => x.FileBytes));
        Assert.Equal((2, "1.0"), (image.Layers[1].Files, image.Layers[1].Version));
    }

    [Fact]
    public void A_directory_below_a_link_goes_where_the_link_leads()
    {
        var own = Listing(Compose(Full).Layers[^1]);

        Assert.Contains(own, x => x.EndsWith(" run/app/", StringComparison.Ordinal));
        Assert.DoesNotContain(own, x => x.Contains("var/run", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_has_one_mode_in_every_layer()
    {
        packages.Add("tmpfiles", "tmp/x=x");

        var image = Compose(FakePackages.Spec("filesystem", "tmpfiles"));

        Assert.All(image.Layers.Where(x => x.Name is "filesystem" or "tmpfiles"), layer =>
            Assert.Contains("Directory 1777 0:0 tmp/", Listing(layer))
        );
    }

    [Fact]
    public void Packages_that_disagree_on_a_folder_are_named()
    {
        packages.Add("strict", [("main", "tmp/x=x", [])], change: x =>
            x with
            {
                Permissions = [new("tmp", Convert.ToInt32("700", 8), 1, 0)],
            }
        );

        Assert.Equal(
            ["[[permissions]] of 'filesystem' and 'strict' disagree on the folder 'tmp': 1777 0:0 and 700 1:0"],
            Faults(FakePackages.Spec("filesystem", "strict"))
        );
    }

    [Fact]
    public void Outputs_that_disagree_are_named_unless_the_path_is_excluded()
    {
        packages.Add("other", "usr/bin/tool*=other\nusr/bin/su*=su");
        var spec = FakePackages.Spec("tool", "other", "filesystem");

        Assert.Equal(
            ["'usr/bin/tool' is in other:main and in tool:main, and differs; include one of them, or exclude the path"],
            Faults(spec)
        );
        Assert.Empty(Faults(spec with { Exclude = ["usr/bin/tool"] }));
    }

    [Fact]
    public void A_file_that_a_package_has_too_says_how_to_replace_it()
    {
        var file = new ImageFileSpec("/lib/libc.so", null, "mine", Convert.ToInt32("644", 8), 0, 0, FakePackages.Span);
        var spec = FakePackages.Spec("musl", "filesystem") with { Files = [file] };

        Assert.Equal(
            ["'/lib/libc.so' is in musl:main too; add 'usr/lib/libc.so' to exclude, to have the image's own"],
            Faults(spec)
        );
        var image = Compose(spec with { Exclude = ["usr/lib/libc.so"] });
        Assert.Contains(Listing(image.Layers[^1]), x => x.Contains(" usr/lib/libc.so ", StringComparison.Ordinal));
    }

    [Fact]
    public void Things_of_the_wrong_kind_twice_or_missing_are_named()
    {
        var mode = Convert.ToInt32("644", 8);
        var spec = FakePackages.Spec("musl", "filesystem") with
        {
            Files =
            [
                new("/usr/lib", null, "", mode, 0, 0, FakePackages.Span),
                new("/etc/twice", null, "", mode, 0, 0, FakePackages.Span),
                new("/etc/twice", null, "", mode, 0, 0, FakePackages.Span),
                new("/etc/gone", "gone", null, mode, 0, 0, FakePackages.Span),
            ],
            Directories = [new("/usr/lib/libc.so", mode, 0, 0, FakePackages.Span)],
        };

        Assert.Equal(
            [
                "'/usr/lib/libc.so' is to be a directory, and is a file in musl:main",
                "'/usr/lib' is to be a file, and is a directory in filesystem:main",
                "'/etc/twice' appears twice among the files and directories of the image",
                $"the file 'gone' cannot be read: Could not find file '{directory.Join("gone")}'.",
            ],
            Faults(spec)
        );
    }

    [Fact]
    public void Limits_are_asserted_with_what_broke_them()
    {
        var limits = new SourceSpan("pkgs/test-image/recipe.toml", 9, 1, 14, "[image.limits]");
        var spec = FakePackages.Spec("tool", "tool:dev", "filesystem") with
        {
            Exclude = [],
            SizeLimit = 100,
            Forbid = ["usr/include/**"],
            LimitsSpan = limits,
        };

        var faults = Composed(spec).Faults;

        Assert.Equal(
            [
                "the files of 'test-image' are 200 bytes, 100 more than its limit of 100 (most in musl 100, tool "
                    + "60, test-image 40)",
                "'usr/include/tool.h' of 'tool' is in the image, and 'usr/include/**' forbids it",
            ],
            faults.Select(x => x.Message)
        );
        Assert.All(faults, x => Assert.Equal(limits, x.Span));
    }

    [Fact]
    public void Many_forbidden_paths_are_counted_not_listed()
    {
        packages.Add("many", string.Join('\n', Enumerable.Range(0, 15).Select(x => $"usr/a/{x}=x")));

        var faults = Faults(FakePackages.Spec("many") with { Forbid = ["usr/a/*"] }).ToList();

        Assert.Equal(11, faults.Count);
        Assert.Equal("5 more paths are forbidden", faults[^1]);
    }

    [Fact]
    public void Root_is_always_an_account()
    {
        var image = Compose(FakePackages.Spec("musl"));

        var text = ImageText.Layer(store, image.Layers[^1], showContent: true);
        Assert.Contains("root:x:0:0:root:/root:/bin/sh", string.Join('\n', text), StringComparison.Ordinal);
    }

    [Fact]
    public void The_archive_holds_one_descriptor_and_a_docker_manifest()
    {
        var image = Compose(Full);
        OciArchive.Write(
            image,
            directory.Join("a.tar"),
            store,
            cancellationToken: TestContext.Current.CancellationToken
        );
        var files = ImageText.Files(directory.Join("a.tar"));

        using var index = JsonDocument.Parse(files["index.json"]);
        using var docker = JsonDocument.Parse(files["manifest.json"]);
        var descriptor = Assert.Single(index.RootElement.GetProperty("manifests").EnumerateArray());
        Assert.Equal("sha256:" + image.Manifest.Hash, descriptor.GetProperty("digest").GetString());
        Assert.Equal(
            "test-image:1.0",
            descriptor.GetProperty("annotations").GetProperty("org.opencontainers.image.ref.name").GetString()
        );
        Assert.Equal(
            "docker.io/library/test-image:1.0",
            descriptor.GetProperty("annotations").GetProperty("io.containerd.image.name").GetString()
        );
        Assert.Equal("{\"imageLayoutVersion\":\"1.0.0\"}", Encoding.UTF8.GetString(files["oci-layout"]));
        Assert.All(
            docker
                .RootElement[0]
                .GetProperty("Layers")
                .EnumerateArray()
                .Append(docker.RootElement[0].GetProperty("Config")),
            x => Assert.Equal(Path.GetFileName(x.GetString()), Digest.Of(files[x.GetString()!]).Hash)
        );
    }

    [Fact]
    public void A_layout_is_replaced_but_another_directory_is_not_touched()
    {
        var layout = directory.Join("layout");
        OciLayout.Write(
            Compose(FakePackages.Spec("musl")),
            layout,
            store,
            cancellationToken: TestContext.Current.CancellationToken
        );
        var image = Compose(Full);
        OciLayout.Write(image, layout, store, cancellationToken: TestContext.Current.CancellationToken);
        directory.Write("home/letter", "dear");

        Assert.Equal(
            OciIndex.Blobs(image).Select(x => x.Hash),
            Directory
                .GetFiles(Path.Join(layout, "blobs", "sha256"))
                .Select(x => Path.GetFileName(x))
                .Order(StringComparer.Ordinal)
        );
        var error = Assert.Throws<EngineException>(() =>
            OciLayout.Write(
                image,
                directory.Join("home"),
                store,
                cancellationToken: TestContext.Current.CancellationToken
            )
        );
        Assert.Equal(
            $"The directory '{directory.Join("home")}' is not an OCI layout and is not empty. Name another, or "
                + $"empty it.",
            error.Message
        );
        Assert.Equal(
            ["letter"],
            Directory.GetFileSystemEntries(directory.Join("home")).Select(x => Path.GetFileName(x))
        );
    }

    [Fact]
    public void An_archive_that_cannot_be_written_leaves_nothing()
    {
        var image = Compose(Full);

        var missing = Assert.Throws<EngineException>(() =>
            OciArchive.Write(
                image,
                directory.Join("absent", "a.tar"),
                store,
                cancellationToken: TestContext.Current.CancellationToken
            )
        );
        Assert.StartsWith(
            $"The archive '{directory.Join("absent", "a.tar")}' cannot be written: ",
            missing.Message,
            StringComparison.Ordinal
        );
        var folder = Assert.Throws<EngineException>(() =>
            OciArchive.Write(image, directory.Path, store, cancellationToken: TestContext.Current.CancellationToken)
        );
        Assert.Equal($"The archive cannot be written to '{directory.Path}': that is a directory.", folder.Message);
    }

    [Fact]
    public void The_root_of_an_image_is_what_its_layers_hold()
    {
        var image = Compose(Full);

        var root = ImageRoot.Of(image, store);

        Assert.Equal("#!/bin/sh\n", Read(root, "usr/bin/entry"));
        Assert.Equal(["run/app", "tmp", "usr/bin/su", "var/lib/app"], root.Owned.Select(x => x.Path));
        Assert.Equal(new OwnedPath("var/lib/app", Convert.ToInt32("700", 8), 70, 70), root.Owned[^1]);
        Assert.Equal(root.Owned, ImageRoot.Of(image, store).Owned);
        Assert.Empty(StoreVerifier.Verify(store, null, TestContext.Current.CancellationToken).Damages);
    }

    [Fact]
    public void Packages_may_hold_equal_files_and_links()
    {
        packages.Add("same", "lib -> usr/lib\nusr/lib/libc.so*=100B");

        var root = ImageRoot.Of(Compose(FakePackages.Spec("filesystem", "musl", "same")), store);

        Assert.Equal(100, Read(root, "lib/libc.so").Length);
    }

    private string Read(ImageRoot root, string path) => File.ReadAllText(Path.Join(store.TreePath(root.Tree), path));

    [Fact]
    public void A_damaged_layer_is_not_unpacked()
    {
        var image = Compose(Full);
        var blob = store.FindBlob(image.Layers[0].Blob)!;
        var bytes = File.ReadAllBytes(blob);
        bytes[^1] ^= 1;
        File.WriteAllBytes(blob, bytes);

        var error = Assert.Throws<EngineException>(() => ImageRoot.Of(image, store));

        Assert.Equal($"The layer {image.Layers[0].Blob.Oci} is damaged; verify the store and try again", error.Message);
    }

    [Fact]
    public void A_damaged_tree_is_not_shipped()
    {
        var tool = packages.Find("musl")!.Outputs["main"].Tree;
        File.WriteAllText(Path.Join(store.TreePath(tool), "usr/lib/libc.so"), new string('y', 100));

        var error = Assert.Throws<EngineException>(() => Composed(Full));

        Assert.Contains("does not have the content that its digest names", error.Message, StringComparison.Ordinal);
    }
}
