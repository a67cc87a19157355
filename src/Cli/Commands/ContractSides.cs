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
    private readonly Lazy<RecipeGraph> graph = new(() => context.RequireGraph());
    private Project? project;

    /// <summary>
    /// What a stack has now, or an image; of a file, what it promises, and of any other path, what the image there has.
    /// </summary>
    /// <exception cref="UsageException">There is no such thing.</exception>
    /// <exception cref="EngineException">It is not composed, or cannot be read.</exception>
    /// <exception cref="RecipeFaultsException">The contract's file has faults.</exception>
    public Contract Find(string word)
    {
        var path = Path.GetFullPath(word, context.Host.CurrentDirectory);
        if (!word.Contains('/', StringComparison.Ordinal) && !File.Exists(path))
            return OfRecipe(word);
        if (!File.Exists(path) && !Directory.Exists(path))
            throw new UsageException($"there is no file or folder '{word}'");
        return File.Exists(path) && !ImageContent.IsArchive(path)
            ? OfFile(word, path)
            : ContractReader.Read(ImageContent.OfArchive(path), new());
    }

    /// <inheritdoc/>
    public void Dispose() => project?.Dispose();

    private Contract OfRecipe(string name)
    {
        var recipe = RecipeNames.Require(graph.Value.Workspace, name);
        var image = recipe is StackRecipe { Stack: var stack }
            ? RecipeNames.RequireImage(graph.Value.Workspace, stack.Runtime.Name)
            : RecipeNames.RequireImage(graph.Value.Workspace, name);
        project ??= context.OpenProject(graph: graph.Value);
        return project.ContractOf(image);
    }

    private static Contract OfFile(string word, string path)
    {
        var (document, faults) = ContractDocument.Parse(File.ReadAllBytes(path), word);
        return document?.Contract ?? throw new RecipeFaultsException(faults);
    }
}
