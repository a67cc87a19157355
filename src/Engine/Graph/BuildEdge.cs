using QuikGraph;

namespace Recipes.Engine.Graph;

/// <summary>An edge between two nodes of the build graph, from what waits to what it waits for.</summary>
/// <param name="Source">Number of the waiting node.</param>
/// <param name="Target">Number of the node it waits for.</param>
/// <param name="Dependency">What it stands for; null from an output to the build that makes it.</param>
internal sealed record BuildEdge(int Source, int Target, Dependency? Dependency) : IEdge<int>;
