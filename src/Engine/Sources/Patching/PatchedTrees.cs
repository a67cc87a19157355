using System.Collections.Immutable;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sources.Patching;

/// <summary>What patches make of trees.</summary>
/// <param name="Trees">Path relative to the root of a build, and the tree there; parents first.</param>
/// <param name="Failed">Patches that do not apply; then the trees are as they were.</param>
internal sealed record PatchResult(
    ImmutableArray<(string Path, Digest Tree)> Trees,
    ImmutableArray<FailedPatch> Failed
);

/// <summary>
/// Patched sources. Each is a tree like any other, made once from pinned trees and the bytes of patches, so that what
/// a check has tried is what a build starts from.
/// </summary>
internal sealed class PatchedTrees(ContentStore store)
{
    /// <summary>Trees and patches → the patched trees, in the order of the former.</summary>
    internal static RecordType<IReadOnlyList<string>> Records { get; } =
        RecordType.OfLines("patched", RecordRole.Derived);

    /// <summary>
    /// The patched trees, whether or not the store still has them; null where it does not know that they were made.
    /// </summary>
    /// <param name="trees">Path relative to the root of a build, and the pinned tree there; parents first.</param>
    /// <param name="patches">In the order in which they are applied.</param>
    public ImmutableArray<(string Path, Digest Tree)>? Find(
        ImmutableArray<(string Path, Digest Tree)> trees,
        ImmutableArray<SourcePatch> patches
    )
    {
        if (patches.IsEmpty)
            return trees;
        if (store.FindRecord(Records, KeyOf(trees, patches)) is not { } record || record.Count != trees.Length)
            return null;
        var patched = ImmutableArray.CreateBuilder<(string, Digest)>(trees.Length);
        foreach (var ((path, _), line) in trees.Zip(record))
        {
            if (!Digest.TryParse(line, out var tree))
                return null;
            patched.Add((path, tree));
        }
        return patched.MoveToImmutable();
    }

    /// <summary>Makes the patched trees.</summary>
    /// <param name="trees">
    /// Path relative to the root of a build, and the tree there, in the store; parents first.
    /// </param>
    /// <param name="patches">In the order in which they are applied.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="EngineException">A tree is damaged, or git is not on this machine.</exception>
    public async Task<PatchResult> ApplyAsync(
        ImmutableArray<(string Path, Digest Tree)> trees,
        ImmutableArray<SourcePatch> patches,
        CancellationToken cancellationToken
    )
    {
        // Before the patches are applied: who edits one meanwhile gets it applied the next time.
        var key = KeyOf(trees, patches);
        using var scratch = store.CreateScratch("patches");
        var folders = new LaidTrees(store, scratch.Path);
        folders.Lay(trees, cancellationToken);
        var program = await PatchProgram.CreateAsync(
            Directory.CreateDirectory(Path.Join(scratch.Path, "git")).FullName,
            cancellationToken
        );
        var failed = ImmutableArray.CreateBuilder<FailedPatch>();
        foreach (var patch in patches)
        {
            var folder = Directory.CreateDirectory(folders.PathOf(patch.Directory)).FullName;
            if (await program.ApplyAsync(patch, folder, cancellationToken) is { } failure)
                failed.Add(failure);
        }
        if (failed.Count > 0)
            return new(trees, failed.ToImmutable());
        var patched = folders.Take(cancellationToken);
        Keep(key, patched);
        return new(patched, []);
    }

    /// <summary>Notes what patches made of trees.</summary>
    internal void Keep(Digest key, ImmutableArray<(string Path, Digest Tree)> patched) =>
        store.WriteRecord(Records, key, [.. patched.Select(x => $"{x.Tree}")]);

    internal static Digest KeyOf(ImmutableArray<(string Path, Digest Tree)> trees, ImmutableArray<SourcePatch> patches)
    {
        var key = new KeyBuilder("patched");
        foreach (var (path, tree) in trees)
            key.AddRow('\t', "tree", path, $"{tree}");
        foreach (var patch in patches)
            key.AddRow('\t', "patch", patch.Directory, $"{patch.Strip}", $"{patch.Digest}");
        return key.Digest;
    }
}
