using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Model;

namespace Recipes.Engine.Building.Planning;

/// <summary>
/// The tree laid at <c>/recipe</c>: the recipe's own files and the scripts of its steps. Its digest is known before it
/// is in the store, since a build that is cached needs no more.
/// </summary>
internal sealed class RecipeTree
{
    private readonly ImmutableArray<RecipeFile> files;

    private RecipeTree(ImmutableArray<RecipeFile> files, BuildScript script, Tree tree) =>
        (this.files, Script, Tree) = (files, script, tree);

    /// <summary>The scripts of the steps.</summary>
    public BuildScript Script { get; }

    /// <summary>Names and digests.</summary>
    public Tree Tree { get; }

    /// <summary>Reads the recipe's files for their digests; patches are in the source already.</summary>
    public static RecipeTree Of(Recipe recipe, BuildScript script)
    {
        var patches = recipe.WrittenSource?.Patches ?? [];
        var files = RecipeFiles.List(recipe).RemoveAll(x => patches.Contains(x.RelativePath));
        var builder = new TreeBuilder();
        foreach (var file in files)
            builder.AddFile(file.RelativePath, Digest.OfFile(file.AbsolutePath), file.IsExecutable);
        foreach (var (name, text) in script.Files)
            builder.AddFile($"{BuildScript.Folder}/{name}", Digest.OfText(text), isExecutable: false);
        return new(files, script, builder.Build());
    }

    /// <summary>Brings the tree into the store.</summary>
    public void AddTo(ContentStore store)
    {
        if (store.HasTree(Tree.Digest))
            return;
        using var scratch = store.CreateScratch("recipe-files");
        var root = Path.Combine(scratch.Path, "recipe");
        foreach (var file in files)
        {
            var target = Path.Combine(root, file.RelativePath);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file.AbsolutePath, target);
        }
        Directory.CreateDirectory(Path.Combine(root, BuildScript.Folder));
        foreach (var (name, text) in Script.Files)
            File.WriteAllText(Path.Combine(root, BuildScript.Folder, name), text);
        store.AddTree(root);
    }
}
