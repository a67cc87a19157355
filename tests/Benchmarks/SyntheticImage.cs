using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Recipes.Engine.Building;
using Recipes.Engine.Content;
using Recipes.Engine.Images;
using Recipes.Engine.Model;

namespace Recipes.Benchmarks;

/// <summary>A tree as umoci packs it.</summary>
/// <param name="Path">Of the bundle.</param>
/// <param name="Layout">The image layout that it is packed into.</param>
internal sealed record RepackBundle(string Path, string Layout)
{
    public long LargestBlob() =>
        Directory.EnumerateFiles(System.IO.Path.Join(Layout, "blobs", "sha256")).Max(x => new FileInfo(x).Length);
}

/// <summary>
/// An image of one large package (4,000 files, 48 MB, half of it hard to compress) and five small ones.
/// </summary>
internal sealed class SyntheticImage : IAsyncDisposable
{
    /// <summary>What <see cref="Other"/> is called at a daemon.</summary>
    public const string OtherName = "recipes-benchmark-other:1";

    private const int Files = 4_000;
    private const int FileSize = 12_000;
    private static readonly SourceSpan Span = new("pkgs/recipes-benchmark/recipe.toml", 1, 1, 1, "[image]");

    private readonly string folder = Directory.CreateTempSubdirectory("recipes-benchmark-").FullName;
    private readonly Dictionary<string, BuiltPackage> packages = [];
    private readonly Digest large;

    private SyntheticImage()
    {
        Store = ContentStore.Open(Path.Join(folder, "store"));
        large = AddPackage("large", Files);
        foreach (var name in (string[])["a", "b", "c", "d", "e"])
            AddPackage(name, 10);
        Image = Compose("recipes-benchmark", [.. packages.Keys]);
        Other = Compose("recipes-benchmark", [.. packages.Keys], "/other");
        OciArchive.Write(Image, Archive, Store);
    }

    public ContentStore Store { get; }

    public ImageResult Image { get; }

    /// <summary>The same packages with one folder more of its own.</summary>
    public ImageResult Other { get; }

    public string Archive => Path.Join(folder, "image.oci.tar");

    public static Task<SyntheticImage> CreateAsync() => Task.Run(() => new SyntheticImage());

    /// <summary>Composes the large package alone, with nothing remembered: its layer is written anew.</summary>
    public void ComposeAnew()
    {
        foreach (var kind in (string[])["layer", "image"])
            Directory.Delete(Path.Join(Store.Root, "records", kind), recursive: true);
        Compose("recipes-benchmark-large", ["large"]);
    }

    /// <summary>An empty image, unpacked by umoci, into which the tree of the large package was copied.</summary>
    public async Task<RepackBundle> UnpackForRepackAsync(string umoci)
    {
        var bundle = new RepackBundle(Path.Join(folder, "bundle"), Path.Join(folder, "layout"));
        await Programs.RunAsync(umoci, "/", "init", "--layout", bundle.Layout);
        await Programs.RunAsync(umoci, "/", "new", "--image", bundle.Layout + ":empty");
        await Programs.RunAsync(umoci, "/", "unpack", "--image", bundle.Layout + ":empty", bundle.Path);
        await Programs.RunAsync("/bin/cp", "/", "-a", Store.TreePath(large) + "/.", Path.Join(bundle.Path, "rootfs"));
        return bundle;
    }

    public async ValueTask DisposeAsync()
    {
        // Read-only folders: rm knows better.
        await Programs.RunAsync("/bin/chmod", "/", "-R", "u+w", folder);
        await Programs.RunAsync("/bin/rm", "/", "-rf", folder);
    }

    private Digest AddPackage(string name, int files)
    {
        using var scratch = Store.CreateScratch(name);
        var random = new Random(files);
        var noise = new byte[FileSize / 2];
        for (var i = 0; i < files; i++)
        {
            var file = Path.Join(
                scratch.Path,
                string.Create(CultureInfo.InvariantCulture, $"usr/share/{name}/{i / 100}/file-{i}")
            );
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            random.NextBytes(noise);
            File.WriteAllBytes(
                file,
                [
                    .. noise,
                    .. Encoding.ASCII.GetBytes(
                        string.Concat(Enumerable.Repeat($"line {i} of a text\n", FileSize / 2 / 20))
                    ),
                ]
            );
        }
        var tree = Store.AddTree(scratch.Path);
        var output = new BuiltOutput("main", tree.Digest, tree.FileBytes, new([]), []);
        packages[name] = new(
            Package(name),
            tree.Digest,
            ImmutableSortedDictionary<string, BuiltOutput>.Empty.Add("main", output),
            []
        );
        return tree.Digest;
    }

    private ImageResult Compose(string name, string[] include, params string[] directories)
    {
        var recipe = new ImageRecipe
        {
            Name = name,
            NameSpan = Span,
            Version = "1",
            Area = RecipeArea.Packages,
            Folder = "/nowhere",
            File = $"pkgs/{name}/recipe.toml",
            Image = new()
            {
                Span = Span,
                Include = [.. include.Select(x => new OutputReference(x, null, Span))],
                Directories =
                [
                    .. directories.Select(x => new ImageDirectorySpec(x, Convert.ToInt32("755", 8), 0, 0, Span)),
                ],
            },
        };
        var composition = ImageComposer.Compose(
            recipe,
            RuntimeClosure.Of(recipe, packages.GetValueOrDefault, Store),
            Store
        );
        return composition.Image ?? throw new InvalidOperationException(string.Join('\n', composition.Faults));
    }

    private static PackageRecipe Package(string name) =>
        new()
        {
            Name = name,
            NameSpan = Span,
            Version = "1",
            Area = RecipeArea.Packages,
            Folder = "/nowhere",
            File = $"pkgs/{name}/recipe.toml",
            Build = new() { Base = new("toolchain", null) },
        };
}
