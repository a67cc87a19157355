namespace Recipes.Engine.Content;

/// <summary>Reads trees by their digests.</summary>
internal interface ITreeReader
{
    /// <summary>Names and digests of a tree.</summary>
    /// <exception cref="EngineException">The tree is absent or damaged.</exception>
    Tree ReadTree(Digest tree);

    /// <summary>The text of a regular file of a tree.</summary>
    /// <param name="tree">Its listing.</param>
    /// <param name="path">Of the file, relative to the root.</param>
    /// <exception cref="EngineException">The tree or the file is not there.</exception>
    string ReadText(Tree tree, string path);
}
