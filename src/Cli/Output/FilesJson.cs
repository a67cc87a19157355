using System.Collections.Immutable;

namespace Recipes.Cli.Output;

/// <summary>The answer of <c>files --json</c>.</summary>
internal sealed record FilesJson(string Output, string Tree, long Bytes, ImmutableArray<FileJson> Files);

/// <summary>The answer of <c>owner --json</c>.</summary>
/// <param name="Owners">By output.</param>
/// <param name="NotBuilt">Packages that could not be looked into.</param>
internal sealed record OwnersJson(ImmutableArray<OwnerJson> Owners, ImmutableArray<string> NotBuilt);

/// <summary>An output that holds a file.</summary>
internal sealed record OwnerJson(string Output, FileJson File);
