using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Recipes.Engine.Building;
using Recipes.Engine.Content;
using Recipes.Engine.Images;
using Recipes.Engine.Inspection;
using Recipes.Engine.Model;

namespace Recipes.Engine.Tests.Images;

/// <summary>Packages whose outputs are written as lines, in a real store or in memory alone.</summary>
internal sealed class FakePackages(ContentStore? store = null) : ITreeReader
{
    public static readonly SourceSpan Span = new("pkgs/test-image/recipe.toml", 3, 1, 7, "[image]");

    private readonly Dictionary<string, BuiltPackage> results = new(StringComparer.Ordinal);
    private readonly Dictionary<Digest, Tree> trees = [];
    private readonly Dictionary<Digest, string> texts = [];

    public BuiltPackage? Find(string package) => results.GetValueOrDefault(package);

    public Tree ReadTree(Digest tree) => store?.ReadTree(tree) ?? trees[tree];

    public string ReadText(Tree tree, string path) => store?.ReadText(tree, path) ?? texts[tree.Find(path)!.Digest];

    public RuntimeClosure Closure(ImageRecipe image) => RuntimeClosure.Of(image, Find, this);

    /// <summary>Adds a package whose files are in <c>main</c>.</summary>
    public FakePackages Add(string package, string files, params FileScan[] scans) =>
        Add(package, [("main", files, scans)]);

    /// <summary>Adds a package; its candidates are its own outputs and all of those named.</summary>
    public FakePackages Add(
        string package,
        (string Output, string Files, FileScan[] Scans)[] outputs,
        string[]? candidates = null,
        string[]? requires = null,
        Func<PackageRecipe, PackageRecipe>? change = null,
        Func<BuiltOutput, BuiltOutput>? output = null
    )
    {
        var recipe = new PackageRecipe
        {
            Name = package,
            NameSpan = Span,
            Version = "1.0",
            Area = RecipeArea.Packages,
            Folder = "/nowhere",
            File = $"pkgs/{package}/recipe.toml",
            Build = new() { Base = new("toolchain", null) },
            Outputs = [.. outputs.Select(x => x.Output).Append("doc").Select(x => new OutputSpec { Name = x })],
        };
        var built = outputs.Select(x =>
        {
            var tree = Keep(x.Files);
            var made = new BuiltOutput(x.Output, tree.Digest, tree.FileBytes, new([.. x.Scans]), [.. requires ?? []]);
            return output?.Invoke(made) ?? made;
        });
        results[package] = new(
            change?.Invoke(recipe) ?? recipe,
            Digest.Of(Encoding.UTF8.GetBytes(package)),
            built.ToImmutableSortedDictionary(x => x.Name, x => x),
            [.. outputs.Select(x => $"{package}:{x.Output}"), .. candidates ?? []]
        );
        return this;
    }

    public static FileScan Program(string path, params string[] needed) =>
        new(path, null, [.. needed], [], "/lib/ld-musl-x86_64.so.1");

    public static FileScan Script(string path, string interpreter) => new(path, null, [], [], interpreter);

    public static FileScan Library(string path, string soname, params string[] needed) =>
        new(path, soname, [.. needed], [], null);

    public static ImageRecipe Image(ImageSpec spec, string folder = "/nowhere") =>
        new()
        {
            Name = "test-image",
            NameSpan = Span,
            Version = "1.0",
            Summary = "For tests",
            License = "MIT",
            Area = RecipeArea.Packages,
            Folder = folder,
            File = "pkgs/test-image/recipe.toml",
            Image = spec,
        };

    public static ImageSpec Spec(params string[] include) =>
        new() { Span = Span, Include = [.. include.Select(Reference)] };

    public static OutputReference Reference(string name) => OutputReference.Parse(name, Span);

    /// <summary>
    /// One entry a line: <c>PATH=CONTENT</c>, <c>PATH*=CONTENT</c> (executable), <c>PATH -> TARGET</c>, <c>FOLDER/</c>.
    /// </summary>
    private Tree Keep(string files)
    {
        var lines = files.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (store is not null)
        {
            using var scratch = store.CreateScratch("fake");
            foreach (var line in lines)
                Write(scratch.Path, line);
            return store.AddTree(scratch.Path);
        }
        var builder = new TreeBuilder();
        foreach (var line in lines)
        {
            if (line.Split(" -> ") is [var link, var target])
                builder.AddLink(link, target);
            else if (line.Split('=', 2) is [var path, var content])
                builder.AddFile(path.TrimEnd('*'), Add(content), path.EndsWith('*'));
            else
                builder.AddFolder(line.TrimEnd('/'));
        }
        var tree = builder.Build();
        trees[tree.Digest] = tree;
        return tree;
    }

    private Digest Add(string content)
    {
        var digest = Digest.Of(Encoding.UTF8.GetBytes(content));
        texts[digest] = content;
        return digest;
    }

    private static void Write(string root, string line)
    {
        string At(string path)
        {
            var full = Path.Join(root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            return full;
        }

        if (line.Split(" -> ") is [var link, var target])
        {
            File.CreateSymbolicLink(At(link), target);
        }
        else if (line.Split('=', 2) is [var path, var content])
        {
            var file = At(path.TrimEnd('*'));
            // A number of bytes, or the text itself.
            var isSize =
                content.EndsWith('B')
                && int.TryParse(content[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out _);
            File.WriteAllText(
                file,
                isSize ? new string('x', int.Parse(content[..^1], CultureInfo.InvariantCulture)) : content
            );
            File.SetUnixFileMode(file, FileStamp.ModeOf(path.EndsWith('*')));
        }
        else
        {
            Directory.CreateDirectory(At(line.TrimEnd('/')));
        }
    }
}
