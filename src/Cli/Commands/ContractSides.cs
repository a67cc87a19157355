using System.Collections.Immutable;
using Recipes.Engine;
using Recipes.Engine.Comparison;
using Recipes.Engine.Contracts;
using Recipes.Engine.Graph;
using Recipes.Engine.Model;

namespace Recipes.Cli.Commands;

/// <summary>Finds the contract that a word on the command line means.</summary>
/// <param name="context">Store and folder.</param>
internal sealed class ContractSides(CommandContext context) : IDisposable
{
    private const string FileEnding = ".txt";

    private readonly Lazy<RecipeGraph> graph = new(() => context.RequireGraph());
    private Project? project;

    /// <summary>
    /// What a stack has now, or an image; of a file, what it promises; of an archive or layout, what the image there
    /// has.
    /// </summary>
    /// <exception cref="UsageException">There is no such thing.</exception>
    /// <exception cref="EngineException">It is not composed, or cannot be read.</exception>
    /// <exception cref="RecipeFaultsException">The contract's file has faults.</exception>
    public Contract Find(string word) => Find(word, []);

    /// <summary>Two of them, as they can be compared: what one cannot tell is left out of both.</summary>
    /// <exception cref="UsageException">There is no such thing.</exception>
    /// <exception cref="EngineException">It is not composed, or cannot be read.</exception>
    /// <exception cref="RecipeFaultsException">The contract's file has faults.</exception>
    public (Contract Before, Contract After) FindBoth(string before, string after)
    {
        var (isOldArchive, isNewArchive) = (IsImageFile(before), IsImageFile(after));
        if (isOldArchive == isNewArchive)
            return (Find(before), Find(after));
        // An archive tells neither its limits nor which of its paths are promised.
        var told = Find(isOldArchive ? after : before);
        var read = Find(isOldArchive ? before : after, told.Paths);
        told = told.WithoutLimits();
        return isOldArchive ? (read, told) : (told, read);
    }

    /// <inheritdoc/>
    public void Dispose() => project?.Dispose();

    private Contract Find(string word, ImmutableArray<string> paths)
    {
        if (!ComparedSides.IsPath(word) && !word.EndsWith(FileEnding, StringComparison.Ordinal))
            return OfRecipe(word);
        var path = Full(word);
        if (!File.Exists(path) && !Directory.Exists(path))
            throw new UsageException($"there is no file or folder '{word}'");
        return IsImageFile(word)
            ? ContractReader.Read(ImageContent.OfArchive(path), new() { Paths = paths })
            : OfFile(word, path);
    }

    private string Full(string word) => Path.GetFullPath(word, context.Host.CurrentDirectory);

    private bool IsImageFile(string word) =>
        ComparedSides.IsPath(word)
        && (Directory.Exists(Full(word)) || (File.Exists(Full(word)) && ImageContent.IsArchive(Full(word))));

    private Contract OfRecipe(string name)
    {
        var workspace = graph.Value.Workspace;
        var stack = RecipeNames.Require(workspace, name) as StackRecipe;
        var image = stack is null ? RecipeNames.RequireImage(workspace, name) : null;
        project ??= context.OpenProject(graph: graph.Value);
        return stack is null ? project.ContractOf(image!) : project.ContractOf(stack).Found;
    }

    private static Contract OfFile(string word, string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"'{word}' cannot be read: {e.Message}", e);
        }
        if (bytes.Contains((byte)0))
            throw new EngineException($"'{word}' is neither an image nor a contract");
        var (document, faults) = ContractDocument.Parse(bytes, word);
        return document?.Contract ?? throw new RecipeFaultsException(faults);
    }
}
