using System.Text.RegularExpressions;
using Recipes.Engine;
using Recipes.Engine.Comparison;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces;

namespace Recipes.Cli.Commands;

/// <summary>One side of a comparison.</summary>
/// <param name="Files">All files.</param>
/// <param name="Image">Set for an image.</param>
internal sealed record ComparedSide(FileListing Files, ImageContent? Image);

/// <summary>
/// Finds what a word on the command line of <c>recipes diff</c> means. What is a file needs neither recipes nor store.
/// </summary>
/// <param name="context">Store and folder.</param>
/// <param name="root">The workspace; null for the one of the command line.</param>
/// <param name="cancellationToken">Stops unpacking an archive.</param>
internal sealed partial class ComparedSides(CommandContext context, string? root, CancellationToken cancellationToken)
    : IDisposable
{
    private const int HashLength = 64;

    private readonly List<ScratchDirectory> unpacked = [];
    private readonly Lazy<RecipeGraph> graph = new(() => context.RequireGraph(root));
    private Project? project;

    /// <summary>The built outputs of the workspace, as users of libraries; none where there is no workspace.</summary>
    public IEnumerable<Dependent> Users => HasWorkspace() ? Dependents.Of(Project.Packages, Project.StoreToAsk) : [];

    /// <summary>The side that a word names.</summary>
    /// <exception cref="UsageException">There is no such thing.</exception>
    /// <exception cref="EngineException">It is not built, or cannot be read.</exception>
    public ComparedSide Find(string word)
    {
        if (IsHash(word))
            return OfFiles(FileListing.OfTree(DigestOf(word, HashOf(word)), context.OpenStoreToAsk()));
        return IsPath(word) ? OfPath(word, Path.GetFullPath(word, context.Host.CurrentDirectory)) : OfRecipe(word);
    }

    /// <summary>
    /// Looks whether a word that is to be a recipe names one that can be compared, and at nothing else.
    /// </summary>
    /// <exception cref="UsageException">It does not.</exception>
    public void Check(string word)
    {
        if (!IsHash(word) && !IsPath(word))
            RequireRecipe(OutputReference.Parse(word));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var folder in unpacked)
            folder.Dispose();
        project?.Dispose();
    }

    private Project Project => project ??= context.OpenProject(graph: graph.Value);

    private static string HashOf(string word) => Bare(word).Split('/')[0];

    private static string Bare(string word) =>
        word.StartsWith("sha256:", StringComparison.Ordinal) ? word["sha256:".Length..] : word;

    private static bool IsHash(string word) =>
        HashOf(word) is { Length: HashLength } hash && hash.All(char.IsAsciiHexDigitLower);

    /// <summary>Whether a word is a path, and no recipe.</summary>
    internal static bool IsPath(string word) =>
        word.Contains('/', StringComparison.Ordinal) || ArchiveName().IsMatch(word);

    // An image has no outputs of its own.
    private Recipe RequireRecipe(OutputReference wanted) =>
        RecipeNames.Require(graph.Value.Workspace, wanted.Package) is ImageRecipe image && wanted.Output is null
            ? image
            : RecipeNames.RequireOutputs(graph.Value.Workspace, wanted.Package);

    private string Unpacked()
    {
        unpacked.Add(ScratchDirectory.CreateTemporary("recipes-diff"));
        return unpacked[^1].Path;
    }

    // Two folders can be compared anywhere.
    private bool HasWorkspace()
    {
        try
        {
            return Project is not null;
        }
        catch (EngineException) when (root is null)
        {
            return false;
        }
    }

    private static ComparedSide OfFiles(FileListing files) => new(files, null);

    private static ComparedSide OfImage(ImageContent image) => new(image.Files, image);

    // The size takes no part in where a listing lies.
    private static Digest DigestOf(string word, string hash)
    {
        if (Digest.TryParse(word, out var digest) || (Bare(word) == hash && Digest.TryFromHex(hash, 0, out digest)))
            return digest;
        throw new UsageException($"'{word}' is not a tree; write 'sha256:' and 64 hexadecimal digits");
    }

    private ComparedSide OfPath(string word, string path)
    {
        if (File.Exists(path) && !ImageContent.IsArchive(path))
            return OfFiles(FileListing.OfArchive(path, Unpacked(), cancellationToken));
        if (File.Exists(path) || File.Exists(Path.Join(path, "oci-layout")))
            return OfImage(ImageContent.OfArchive(path, cancellationToken));
        if (Directory.Exists(path))
            return OfFiles(FileListing.OfFolder(path));
        throw new UsageException($"there is no file or folder '{word}'");
    }

    private ComparedSide OfRecipe(string word)
    {
        var wanted = OutputReference.Parse(word);
        var recipe = RequireRecipe(wanted);
        if (recipe is ImageRecipe image)
            return OfImage(ImageContent.OfStore(Project.RequireComposed(image), Project.StoreToAsk));
        var result = Project.RequireBuilt(recipe);
        var trees = wanted.Output is { } output
            ? [UsageException.Of(() => Project.RequireOutput(recipe, output)).Tree]
            : result.Outputs.Values.Select(x => x.Tree);
        return OfFiles(FileListing.OfTrees(trees, Project.StoreToAsk));
    }

    [GeneratedRegex(@"\.(tar(\.(gz|xz|bz2|zst))?|tgz)$")]
    private static partial Regex ArchiveName();
}
