namespace Recipes.Engine.Content;

/// <summary>The kinds of small documents that the store keeps under a key.</summary>
public enum RecordKind
{
    /// <summary>Action digest → what it left.</summary>
    Action,

    /// <summary>Action digest → the outputs that its root was made of.</summary>
    Root,

    /// <summary>Action result and split rules → the outputs of a package.</summary>
    Package,

    /// <summary>Digest of a list of trees → the tree they merge to.</summary>
    Merge,

    /// <summary>Digest of a layer's inputs → the layer's blob.</summary>
    Layer,

    /// <summary>Digest of an image's inputs → its manifest and size table.</summary>
    Image,

    /// <summary>Registry and blob → the repositories that have it.</summary>
    Push,

    /// <summary>Recipe name → durations of earlier builds.</summary>
    History,

    /// <summary>Digest of a test's action → that it passed, and how long it took.</summary>
    Test,

    /// <summary>Workspace and recipe → the directory that the recipe was last built from in place of its pin.</summary>
    Unpinned,

    /// <summary>Tree → how its files looked when their content was last known to be right.</summary>
    Stamp,

    /// <summary>Action digest → the digest of its log.</summary>
    Log,
}
