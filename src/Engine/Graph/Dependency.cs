using Recipes.Engine.Model;

namespace Recipes.Engine.Graph;

/// <summary>How a recipe depends on another.</summary>
internal enum DependencyKind
{
    /// <summary>Its build root starts from it: <c>[build] base</c>, written or not.</summary>
    Base,

    /// <summary>Its build root holds it: <c>[build] needs</c>.</summary>
    Need,

    /// <summary>One of its outputs needs it at run time: <c>[outputs.NAME] requires</c>.</summary>
    Requirement,

    /// <summary>The image holds it: <c>[image] include</c>.</summary>
    Inclusion,

    /// <summary>The stack consists of it: <c>[stack] runtime</c> and <c>build</c>.</summary>
    Member,

    /// <summary>
    /// It is built from its source, and the other itself need not be built: <c>[source] from</c> and <c>include</c>.
    /// </summary>
    Source,
}

/// <summary>One dependency, as it is written in a recipe.</summary>
/// <param name="From">The recipe that depends.</param>
/// <param name="FromOutput">The output that depends, for <see cref="DependencyKind.Requirement"/>; else null.</param>
/// <param name="To">The recipe it depends on.</param>
/// <param name="ToOutput">The output it depends on; null for a source or an image.</param>
/// <param name="Kind">In which way.</param>
/// <param name="Span">Where it is written; of an implicit base, the <c>[build]</c> table.</param>
internal sealed record Dependency(
    string From,
    string? FromOutput,
    string To,
    string? ToOutput,
    DependencyKind Kind,
    SourceSpan? Span
)
{
    /// <summary>A sentence: <c>postgres needs zlib:dev</c>.</summary>
    public override string ToString() =>
        Kind switch
        {
            DependencyKind.Base => $"{From} is built from {To}",
            DependencyKind.Need => $"{From} needs {To}:{ToOutput}",
            DependencyKind.Requirement => $"{From}:{FromOutput} requires {To}:{ToOutput}",
            DependencyKind.Inclusion => $"{From} includes {To}:{ToOutput}",
            DependencyKind.Member => $"{From} consists of {To}",
            _ => $"{From} takes the source of {To}",
        };
}
