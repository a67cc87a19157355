using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using Recipes.Engine.Building;
using Recipes.Engine.Content;
using Recipes.Engine.Images;
using Recipes.Engine.Recipes;
using Xunit;

namespace Recipes.Integration.Tests.Images;

/// <summary>A composed image, judged by skopeo and umoci, which share no code with the engine.</summary>
public sealed class OpensEverywhereTests : IDisposable
{
    private static readonly string LongName = string.Join('/', Enumerable.Repeat(new string('n', 120), 3));
    private static readonly SourceSpan Span = new("pkgs/tiny-image/recipe.toml", 1, 1, 1, "[image]");

    private readonly string folder = Directory.CreateTempSubdirectory("recipes images ").FullName;
    private readonly string archive;
    private readonly ContentStore store;
    private readonly ImageResult image;

    public OpensEverywhereTests()
    {
        store = ContentStore.Open(Path.Join(folder, "store"));
        archive = Path.Join(folder, "tiny image.oci.tar");
        image = Compose();
        OciArchive.Write(store, image, archive);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Skopeo_reads_the_archive_as_OCI_and_as_Docker()
    {
        using var oci = JsonDocument.Parse(Run("skopeo", "inspect", $"oci-archive:{archive}"));
        using var docker = JsonDocument.Parse(Run("skopeo", "inspect", "--config", $"docker-archive:{archive}"));

        Assert.Equal(
            image.Layers.Select(x => "sha256:" + x.Blob.Hash),
            oci.RootElement.GetProperty("Layers").EnumerateArray().Select(x => x.GetString())
        );
        Assert.Equal("sha256:" + image.Manifest.Hash, oci.RootElement.GetProperty("Digest").GetString());
        Assert.Equal("70", docker.RootElement.GetProperty("config").GetProperty("User").GetString());
        Assert.Equal(
            image.Layers.Select(x => "sha256:" + x.DiffId.Hash),
            docker.RootElement.GetProperty("rootfs").GetProperty("diff_ids").EnumerateArray().Select(x => x.GetString())
        );
    }

    [Fact]
    public void Skopeo_copies_it_with_the_same_manifest_and_verifies_every_layer()
    {
        var copy = Path.Join(folder, "copy");

        Run("skopeo", "--insecure-policy", "copy", $"oci-archive:{archive}", $"dir:{copy}");
        Run("skopeo", "--insecure-policy", "copy", $"docker-archive:{archive}", $"dir:{copy}-docker");

        Assert.Equal(image.Manifest, Digest.OfFile(Path.Join(copy, "manifest.json")));
    }

    [Fact]
    public void Umoci_unpacks_a_copy_of_the_archive()
    {
        Run("skopeo", "--insecure-policy", "copy", $"oci-archive:{archive}", $"oci:{folder}/layout:tiny");

        AssertRoot(Unpack($"{folder}/layout:tiny"));
    }

    [Fact]
    public void Umoci_unpacks_the_layout()
    {
        var layout = Path.Join(folder, "direct");
        OciLayout.Write(store, image, layout);

        AssertRoot(Unpack($"{layout}:{image.Reference}"));
    }

    private string Unpack(string source)
    {
        var bundle = Path.Join(folder, "bundle");
        string[] rootless = Environment.IsPrivilegedProcess ? [] : ["--rootless"];
        Run("umoci", ["unpack", .. rootless, "--image", source, bundle]);
        return Path.Join(bundle, "rootfs");
    }

    private static void AssertRoot(string root)
    {
        Assert.Equal("usr/lib", new FileInfo(Path.Join(root, "lib")).LinkTarget);
        Assert.Equal("../run", new FileInfo(Path.Join(root, "var/run")).LinkTarget);
        Assert.Equal("long", File.ReadAllText(Path.Join(root, LongName)));
        Assert.Equal("größe", File.ReadAllText(Path.Join(root, "usr/share/größe")));
        Assert.Equal(3_000_000, new FileInfo(Path.Join(root, "usr/lib/big")).Length);
        Assert.False(File.Exists(Path.Join(root, "usr/share/doc/left-out")));
        Assert.StartsWith("1777 ", Stat(Path.Join(root, "tmp")), StringComparison.Ordinal);
        Assert.StartsWith("4755 ", Stat(Path.Join(root, "usr/bin/su")), StringComparison.Ordinal);
        Assert.StartsWith("700 ", Stat(Path.Join(root, "var/lib/tiny")), StringComparison.Ordinal);
        Assert.Contains("tiny:x:70:70::/var/lib/tiny:/bin/sh\n", File.ReadAllText(Path.Join(root, "etc/passwd")), StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Join(root, "run/tiny")));
        if (Environment.IsPrivilegedProcess)
            Assert.Equal("700 70:71 1", Stat(Path.Join(root, "var/lib/tiny")));
    }

    private static string Stat(string path) => Run("stat", "-c", "%a %u:%g %Y", path).Trim();

    private ImageResult Compose()
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
                    foreach (var name in new[] { "usr/lib", "usr/bin", "usr/share/doc", Path.GetDirectoryName(LongName)! })
                        Directory.CreateDirectory(Path.Join(root, name));
                    File.WriteAllText(Path.Join(root, "usr/bin/su"), "su");
                    File.WriteAllText(Path.Join(root, LongName), "long");
                    File.WriteAllText(Path.Join(root, "usr/share/größe"), "größe");
                    File.WriteAllText(Path.Join(root, "usr/share/doc/left-out"), "");
                    File.WriteAllBytes(Path.Join(root, "usr/lib/big"), new byte[3_000_000]);
                },
                new PermissionSpec("usr/bin/su", Convert.ToInt32("4755", 8), 0, 0)
            ),
        }.ToDictionary(x => x.Recipe.Name, StringComparer.Ordinal);
        var recipe = Recipe("tiny-image") with
        {
            Image = new()
            {
                Span = Span,
                Include = [new("ground", null, Span), new("tool", null, Span)],
                Exclude = ["usr/share/doc/**"],
                User = "70",
                Accounts = [new("tiny", 70, 70, "/var/lib/tiny", "/bin/sh", "")],
                Directories =
                [
                    new("/var/lib/tiny", Convert.ToInt32("700", 8), 70, 71, Span),
                    new("/var/run/tiny", Convert.ToInt32("755", 8), 70, 70, Span),
                ],
            },
        };
        var composition = ImageComposer.Compose(store, recipe, RuntimeClosure.Of(recipe, packages.GetValueOrDefault, store.ReadTree));
        Assert.Empty(composition.Faults);
        return composition.Image!;
    }

    private PackageResult Package(string name, Action<string> fill, PermissionSpec permission)
    {
        using var scratch = store.CreateScratch(name);
        fill(scratch.Path);
        var tree = store.AddTree(scratch.Path);
        var output = new BuiltOutput("main", tree.Digest, tree.FileBytes, new([]), []);
        return new(
            Recipe(name) with { Permissions = [permission] },
            tree.Digest,
            ImmutableSortedDictionary<string, BuiltOutput>.Empty.Add("main", output),
            []
        );
    }

    private static Recipe Recipe(string name) =>
        new()
        {
            Name = name,
            NameSpan = Span,
            Version = "1.0",
            Area = RecipeArea.Packages,
            Folder = "/nowhere",
            File = $"pkgs/{name}/recipe.toml",
        };

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}\n{error.Result}");
        return output;
    }
}
