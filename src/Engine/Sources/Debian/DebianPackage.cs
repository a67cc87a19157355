using System.Collections.Immutable;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sources.Debian;

/// <summary>What a Packages index says about one binary package.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Path">Below the archive's root: <c>pool/main/…/x.deb</c>.</param>
/// <param name="File">SHA-256 and size.</param>
/// <param name="Needs">Pre-Depends and Depends: of each group, one name suffices.</param>
/// <param name="Provides">Names it stands for beside its own.</param>
internal sealed record DebianPackage(
    string Name,
    string Version,
    string Path,
    Digest File,
    ImmutableArray<ImmutableArray<string>> Needs,
    ImmutableArray<string> Provides
);
