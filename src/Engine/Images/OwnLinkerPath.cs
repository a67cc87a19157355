using Recipes.Engine.Content;
using Recipes.Engine.Inspection.Linking;
using Recipes.Engine.Model;

namespace Recipes.Engine.Images;

/// <summary>
/// The file of an image's own that tells the dynamic linker where libraries are: <c>/etc/ld-musl-ARCH.path</c>.
/// </summary>
internal sealed class OwnLinkerPath
{
    private readonly string text;

    private OwnLinkerPath(string image, string path, string text)
    {
        this.text = text;
        var tree = new TreeBuilder();
        tree.AddFile(path, Digest.OfText(text), isExecutable: false);
        Output = new(new(new(image, "main"), SourceState.Own), tree.Build(), new([]));
    }

    /// <summary>The file alone, to be laid over the packages.</summary>
    public ViewedOutput<ClosureSource> Output { get; }

    /// <summary>
    /// Finds the file among those that a recipe lists; null if there is none, or if it cannot be read, which composing
    /// reports.
    /// </summary>
    public static OwnLinkerPath? Find(Recipe image, ImageSpec spec)
    {
        var file = spec.Files.FirstOrDefault(x =>
            x.Path.StartsWith("/etc/ld-musl-", StringComparison.Ordinal)
            && x.Path.EndsWith(".path", StringComparison.Ordinal)
        );
        if (file is null)
            return null;
        try
        {
            var text = file.Source is null
                ? file.Content ?? ""
                : File.ReadAllText(Path.Join(image.Folder, file.Source));
            return new(image.Name, file.Path.TrimStart('/'), text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Reads the file too.</summary>
    public ITreeReader Over(ITreeReader trees) => new Reader(this, trees);

    private sealed class Reader(OwnLinkerPath own, ITreeReader trees) : ITreeReader
    {
        public Tree ReadTree(Digest tree) => trees.ReadTree(tree);

        public string ReadText(Tree tree, string path) =>
            ReferenceEquals(tree, own.Output.Tree) ? own.text : trees.ReadText(tree, path);
    }
}
