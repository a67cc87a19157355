using System.Collections.Immutable;
using Recipes.Engine.Model;

namespace Recipes.Engine.Workspaces.Reading;

/// <summary>What a person wrote and where.</summary>
/// <param name="Value">What.</param>
/// <param name="Span">Where.</param>
internal sealed record Written<T>(T Value, SourceSpan Span);

/// <summary>
/// <c>[build]</c> as a recipe has it: null and empty where it says nothing. <c>like</c> takes over from another what is
/// so, and only then it is a <see cref="BuildSpec"/>.
/// </summary>
internal sealed record WrittenBuild
{
    public required SourceSpan Span { get; init; }
    public RecipeReference? Like { get; init; }
    public RecipeReference? Base { get; init; }
    public RecipeReference? StandsFor { get; init; }
    public ImmutableArray<OutputReference>? Needs { get; init; }
    public RecipeReference? System { get; init; }
    public ImmutableSortedDictionary<string, Written<ImmutableArray<string>>> Arguments { get; init; } =
        Empty<ImmutableArray<string>>();
    public ImmutableSortedDictionary<string, Written<VariableValue>> Variables { get; init; } = Empty<VariableValue>();
    public Written<bool>? OutOfTree { get; init; }
    public string? NamespacesReason { get; init; }
    public bool? Strip { get; init; }
    public HardLinkTreatment? HardLinks { get; init; }
    public required ImmutableSortedDictionary<string, string> Environment { get; init; }
    public ImmutableSortedDictionary<string, Written<StepScript>> Steps { get; init; } = Empty<StepScript>();
    public BuildLimits Limits { get; init; } = new();

    /// <summary>It, and of another what it does not say itself.</summary>
    public WrittenBuild Over(WrittenBuild other) =>
        this with
        {
            Needs = Needs ?? other.Needs,
            System = System ?? other.System,
            // A step of its own makes the arguments of the one that it replaces meaningless.
            Arguments = other.Arguments.RemoveRange(Steps.Keys).SetItems(Arguments),
            Variables = other.Variables.SetItems(Variables),
            OutOfTree = OutOfTree ?? other.OutOfTree,
            NamespacesReason = NamespacesReason ?? other.NamespacesReason,
            Strip = Strip ?? other.Strip,
            HardLinks = HardLinks ?? other.HardLinks,
            Environment = other.Environment.SetItems(Environment),
            Steps = other.Steps.SetItems(Steps),
            Limits = new(
                Limits.MemoryBytes ?? other.Limits.MemoryBytes,
                Limits.Time ?? other.Limits.Time,
                Limits.Processes ?? other.Limits.Processes
            ),
        };

    /// <summary>What is to be built.</summary>
    /// <param name="system">The build system that it names; null for none.</param>
    public BuildSpec ToSpec(BuildSystem? system) =>
        new()
        {
            Span = Span,
            Like = Like,
            Base = Base ?? new RecipeReference(BuildReader.DefaultBase, null),
            Needs = Needs ?? [],
            System = system,
            Arguments = Values(Arguments),
            Variables = Values(Variables),
            OutOfTree = OutOfTree?.Value ?? false,
            NamespacesReason = NamespacesReason,
            Strip = Strip ?? true,
            HardLinks = HardLinks ?? HardLinkTreatment.Keep,
            Environment = system is null ? Environment : system.Environment.SetItems(Environment),
            StandsFor = StandsFor,
            Steps = Values(Steps),
            Limits = Limits,
        };

    private static ImmutableSortedDictionary<string, Written<T>> Empty<T>() =>
        ImmutableSortedDictionary.Create<string, Written<T>>(StringComparer.Ordinal);

    private static ImmutableSortedDictionary<string, T> Values<T>(
        ImmutableSortedDictionary<string, Written<T>> written
    ) => written.ToImmutableSortedDictionary(x => x.Key, x => x.Value.Value, StringComparer.Ordinal);
}
