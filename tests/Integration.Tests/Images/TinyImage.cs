using System.Collections.Immutable;
using Recipes.Engine.Building;
using Recipes.Engine.Content;
using Recipes.Engine.Content.Tar;
using Recipes.Engine.Images;
using Recipes.Engine.Model;
using Recipes.Engine.Sandboxes;
using Xunit;

namespace Recipes.Integration.Tests.Images;

/// <summary>
/// An image of BusyBox and of whatever is hard to archive, in a store of its own; its command shows that it is there.
/// </summary>
internal sealed class TinyImage : IDisposable
{
    /// <summary>What its command writes.</summary>
    public const string Greeting = "größe";

    /// <summary>A path that is too long for the name field of a tar header.</summary>
    public static readonly string LongName = string.Join('/', Enumerable.Repeat(new string('n', 120), 3));

    /// <summary>A BusyBox that may read whatever there is, whoever runs it.</summary>
    public const string Reader = "usr/bin/busybox-reader";

    /// <summary>A file that root alone may read.</summary>
    public const string Secret = "usr/share/secret";

    /// <summary>What is in it.</summary>
    public const string SecretText = "for root's eyes\n";

    private static readonly SourceSpan Span = new("pkgs/tiny-image/recipe.toml", 1, 1, 1, "[image]");

    private readonly TemporaryDirectory folder = new();

    public TinyImage()
    {
        Store = ContentStore.Open(folder.Join("store"));
        Image = Compose();
        OciArchive.Write(Image, Archive, Store);
    }

    public string Folder => folder.Path;

    public ContentStore Store { get; }

    public ImageResult Image { get; }

    public string Archive => folder.Join("tiny image.oci.tar");

    public string Manifest => "sha256:" + Image.Manifest.Hash;

    /// <summary>The same packages, but other files of the image's own.</summary>
    public ImageResult Variant() =>
        Compose(new ImageDirectorySpec("/var/lib/other", Convert.ToInt32("755", 8), 70, 70, Span));

    public void Dispose() => folder.Dispose();

    private ImageResult Compose(params ImageDirectorySpec[] directories)
    {
        var packages = new[]
        {
            Package(
                "ground",
                root =>
                {
                    foreach (var name in new[] { "usr/lib", "usr/bin", "run", "tmp", "var" })
                        Directory.CreateDirectory(Path.Join(root, name));
                    File.CreateSymbolicLink(Path.Join(root, "lib"), "usr/lib");
                    File.CreateSymbolicLink(Path.Join(root, "var/run"), "../run");
                },
                new PermissionSpec("tmp", Convert.ToInt32("1777", 8), 0, 0)
            ),
            Package(
                "tool",
                root =>
                {
                    foreach (
                        var name in new[] { "usr/lib", "usr/bin", "usr/share/doc", Path.GetDirectoryName(LongName)! }
                    )
                        Directory.CreateDirectory(Path.Join(root, name));
                    File.Copy(HostPrograms.Find("busybox")!, Path.Join(root, "usr/bin/busybox"));
                    File.Copy(HostPrograms.Find("busybox")!, Path.Join(root, Reader));
                    File.WriteAllText(Path.Join(root, Secret), SecretText);
                    File.WriteAllText(Path.Join(root, "usr/bin/su"), "su");
                    File.WriteAllText(Path.Join(root, LongName), "long");
                    File.WriteAllText(Path.Join(root, "usr/share/größe"), Greeting);
                    File.WriteAllText(Path.Join(root, "usr/share/doc/left-out"), "");
                    File.WriteAllBytes(Path.Join(root, "usr/lib/big"), new byte[3_000_000]);
                },
                new PermissionSpec("usr/bin/su", Convert.ToInt32("4755", 8), 0, 0),
                new PermissionSpec(Secret, Convert.ToInt32("600", 8), 0, 0),
                new PermissionSpec(Reader, null, 0, 0) { Capabilities = FileCapabilities.Of(["cap_dac_override"]) }
            ),
        }.ToDictionary(x => x.Recipe.Name, StringComparer.Ordinal);
        var recipe = new ImageRecipe
        {
            Name = "tiny-image",
            NameSpan = Span,
            Version = "1.0",
            Area = RecipeArea.Packages,
            Folder = "/nowhere",
            File = "pkgs/tiny-image/recipe.toml",
            Image = new()
            {
                Span = Span,
                Include = [new("ground", null, Span), new("tool", null, Span)],
                Exclude = ["usr/share/doc/**"],
                User = "70",
                Entrypoint = ["/usr/bin/busybox"],
                Cmd = ["cat", "/usr/share/größe"],
                Accounts = [new("tiny", 70, 70, "/var/lib/tiny", "/bin/sh", "")],
                Directories =
                [
                    new("/var/lib/tiny", Convert.ToInt32("700", 8), 70, 71, Span),
                    new("/var/run/tiny", Convert.ToInt32("755", 8), 70, 70, Span),
                    .. directories,
                ],
            },
        };
        var composition = ImageComposer.Compose(
            recipe,
            RuntimeClosure.Of(recipe, packages.GetValueOrDefault, Store),
            Store
        );
        Assert.Empty(composition.Faults);
        return composition.Image!;
    }

    private BuiltPackage Package(string name, Action<string> fill, params ImmutableArray<PermissionSpec> permissions)
    {
        using var scratch = Store.CreateScratch(name);
        fill(scratch.Path);
        var tree = Store.AddTree(scratch.Path);
        var output = new BuiltOutput("main", tree.Digest, tree.FileBytes, new([]), []);
        return new(
            Recipe(name, permissions),
            tree.Digest,
            ImmutableSortedDictionary<string, BuiltOutput>.Empty.Add("main", output),
            []
        );
    }

    private static PackageRecipe Recipe(string name, ImmutableArray<PermissionSpec> permissions) =>
        new()
        {
            Name = name,
            NameSpan = Span,
            Version = "1.0",
            Area = RecipeArea.Packages,
            Folder = "/nowhere",
            File = $"pkgs/{name}/recipe.toml",
            Build = new() { Base = new("toolchain", null) },
            Permissions = permissions,
        };
}
