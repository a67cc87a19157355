using Recipes.Engine.Building.Planning;
using Recipes.Engine.Content;
using Recipes.Engine.Contracts;
using Recipes.Engine.Images;
using Recipes.Engine.Registries.Pushing;
using Recipes.Engine.Sandboxes.Docker;
using Recipes.Engine.Sources.Git;
using Recipes.Engine.Sources.Patching;
using Recipes.Engine.Testing;

namespace Recipes.Engine;

/// <summary>The kinds of records that the engine keeps in a store, each declared where it is used.</summary>
internal static class DeclaredRecords
{
    /// <summary>For <see cref="ContentStore.Open"/>.</summary>
    public static IReadOnlyCollection<RecordType> All { get; } =
    [
        PackageRecords.Actions,
        PackageRecords.Packages,
        RuntimeProviders.Found,
        BuildHistory.Builds,
        UnpinnedSources.Marks,
        PatchedTrees.Records,
        CommittedTrees.Records,
        TestRecords.Passed,
        LayerWriter.Layers,
        TreeArchive.Archives,
        ImageComposer.Images,
        ImageRoot.Roots,
        OciArchive.Archives,
        ContractRecords.Read,
        PushMemory.Pushes,
    ];
}
