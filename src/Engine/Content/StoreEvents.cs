namespace Recipes.Engine.Content;

/// <summary>The store cannot be used until another process has cleaned it.</summary>
/// <param name="Store">Its absolute path.</param>
/// <param name="Holder">Such as <c>process 123 (recipes store gc)</c>, or null where the kernel does not tell.</param>
internal sealed record StoreAwaited(string Store, string? Holder) : EngineEvent;

/// <summary>
/// The files of a tree were no longer what its digest says when they were to be used; they are dropped, to be made
/// anew.
/// </summary>
/// <param name="Tree">The tree.</param>
/// <param name="Problem">One sentence without a full stop that names a file.</param>
internal sealed record TreeDropped(Digest Tree, string Problem) : EngineEvent;
