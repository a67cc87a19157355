namespace Recipes.Engine.Sandboxes;

/// <summary>One thing that the host needs, or that is good to have.</summary>
/// <param name="Name">Such as <c>bubblewrap</c>.</param>
/// <param name="Passed">True if it is there.</param>
/// <param name="IsRequired">False if something slower takes its place.</param>
/// <param name="Detail">The version or what happened, in a few words.</param>
/// <param name="Fix">The command or deed that fixes it; null if it passed.</param>
internal sealed record HostCheck(string Name, bool Passed, bool IsRequired, MessageText Detail, MessageText? Fix);
