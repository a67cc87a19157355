using System.Collections.Immutable;
using Recipes.Engine.Sources;

namespace Recipes.Cli.Output;

/// <summary>The answer of <c>lock --json</c>; <paramref name="Staged"/> if the index was written.</summary>
internal sealed record LockJson(
    ImmutableArray<LockChangeJson> Changes,
    ImmutableArray<LockFailureJson> Failures,
    bool Staged
)
{
    public static LockJson Of(LockResult result, bool staged) =>
        new(
            [.. result.Changes.Select(x => new LockChangeJson(x.Recipe, Name(x.Kind), x.Description))],
            [.. result.Failures.Select(x => new LockFailureJson(x.Recipe, RemedyWords.Of(x.Message)))],
            staged
        );

    /// <summary><c>added</c>, <c>changed</c> or <c>removed</c>.</summary>
    public static string Name(LockChangeKind kind) => kind.ToString().ToLowerInvariant();
}

/// <summary>One pin that was added, changed or removed.</summary>
internal sealed record LockChangeJson(string Recipe, string Kind, string Description);

/// <summary>One recipe that could not be pinned.</summary>
internal sealed record LockFailureJson(string Recipe, string Message);
