using System.Collections.Immutable;
using Recipes.Engine.Model;

namespace Recipes.Engine;

/// <summary>Recipes have to be without faults, and some have one.</summary>
public sealed class RecipeFaultsException(ImmutableArray<Diagnostic> diagnostics) : Exception("recipes have faults")
{
    /// <summary>All of them.</summary>
    public ImmutableArray<Diagnostic> Diagnostics => diagnostics;
}
