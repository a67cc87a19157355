namespace Recipes.Engine.Sandboxes.Roots;

/// <summary>Which overlay file systems the kernel lets this user mount on a folder's file system.</summary>
/// <param name="IsReadOnlyPossible">Lower layers only.</param>
/// <param name="IsWritablePossible">With an upper layer.</param>
internal sealed record OverlaySupport(bool IsReadOnlyPossible, bool IsWritablePossible);
