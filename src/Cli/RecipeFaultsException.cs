using System.Collections.Immutable;
using Recipes.Engine.Recipes;

namespace Recipes.Cli;

/// <summary>A command needs recipes without faults, and there are some.</summary>
internal sealed class RecipeFaultsException(ImmutableArray<Diagnostic> diagnostics) : Exception("recipes have faults")
{
    /// <summary>All of them.</summary>
    public ImmutableArray<Diagnostic> Diagnostics => diagnostics;
}
