using System.Collections.Immutable;

namespace Recipes.Cli.Output;

/// <summary>The answer of <c>impact --json</c>.</summary>
internal sealed record ImpactJson(ImmutableArray<RebuildJson> Packages, ImmutableArray<string> Images);

/// <summary>A package that is built again; the seconds are those of its last build, null if it never was.</summary>
internal sealed record RebuildJson(string Package, double? Seconds);
