namespace Recipes.Engine.Sources.Archives;

/// <summary>How much an archive may hold before it is taken for a bomb.</summary>
/// <param name="Bytes">The unpacked archive, with its headers.</param>
/// <param name="Entries">Files, folders and links.</param>
internal sealed record UnpackLimits(long Bytes = 8L << 30, int Entries = 1_000_000);
