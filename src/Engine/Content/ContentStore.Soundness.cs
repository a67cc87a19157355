using System.Collections.Concurrent;

namespace Recipes.Engine.Content;

internal sealed partial class ContentStore
{
    // One at a time: each reads with all cores, and two must not adopt the same files.
    private readonly Lock checking = new();
    private readonly ConcurrentDictionary<Digest, bool> sound = new();

    /// <summary>
    /// True if a tree is here and its files are what its digest says, so that it may be built from. Files that look as
    /// they did when they were last read are not read again; on any doubt all of them are. A tree that differs is
    /// dropped, with all that was made from it. Asked once a tree and process.
    /// </summary>
    /// <param name="tree">Any digest.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public bool IsSound(Digest tree, CancellationToken cancellationToken = default)
    {
        if (!HasTree(tree))
            return false;
        if (sound.ContainsKey(tree))
            return true;
        lock (checking)
        {
            if (!sound.ContainsKey(tree) && HasTree(tree) && Examine(tree, cancellationToken))
                sound[tree] = true;
            return sound.ContainsKey(tree);
        }
    }

    /// <summary>For those who are to use the files of a tree.</summary>
    /// <exception cref="EngineException">It is absent, or was damaged and is dropped.</exception>
    public void RequireSound(Digest tree, CancellationToken cancellationToken = default)
    {
        if (!HasTree(tree))
            throw Absent(tree);
        if (!IsSound(tree, cancellationToken))
            throw IsWritable
                ? new EngineException(
                    $"The files of the tree {tree} in the store '{Root}' were damaged, and are dropped. Run the "
                        + $"command "
                        + $"again to make them anew."
                )
                : new EngineException(
                    $"The files of the tree {tree} in the store '{Root}' were damaged. Where the store can be written, "
                        + $"{new Remedy(RemedyKind.VerifyStore)}."
                );
    }

    /// <summary>Takes notice of a tree that is published, or was read and is right.</summary>
    private void NoteSound(Tree tree, bool isReadBack = false)
    {
        sound[tree.Digest] = true;
        if (
            IsWritable && TreeStamp.Take(TreePath(tree.Digest), tree, isReadBack ? "" : TreeStamp.ThisBoot) is { } stamp
        )
            WriteRecord(StoreRecords.Stamp, tree.Digest, stamp);
    }

    private bool Examine(Digest digest, CancellationToken cancellationToken)
    {
        if (TryReadListing(digest.Hash) is not { } tree)
        {
            Drop(Layout.Listing(digest));
            Observer.On(new TreeDropped(digest, "the listing does not match its digest"));
            return false;
        }
        var path = TreePath(digest);
        var stamp = FindRecord(StoreRecords.Stamp, digest);
        // What was written before the machine went down may not have come to the disk, however its files look.
        var isOfThisBoot = stamp is { Boot: "" } || stamp?.Boot == TreeStamp.ThisBoot;
        if (isOfThisBoot && TreeStamp.Take(path, tree, "") is { } now && stamp!.Covers(now))
            return true;
        if (Problem(path, tree, cancellationToken) is { } problem)
        {
            DropTree(digest, problem);
            return false;
        }
        NoteSound(tree, isReadBack: stamp is not null && !isOfThisBoot);
        return true;
    }

    // Reads everything; what differs only in metadata is put right, and files of an earlier version get their owner.
    private string? Problem(string path, Tree tree, CancellationToken cancellationToken)
    {
        try
        {
            return TreeProblems
                .Of(tree, DirectoryReader.Read(path, IsWritable ? Stamp : null, cancellationToken))
                .FirstOrDefault();
        }
        catch (EngineException e)
        {
            return e.Message.TrimEnd('.');
        }
    }

    private void DropTree(Digest tree, string problem)
    {
        if (IsWritable)
        {
            foreach (var path in (string[])[Layout.Tree(tree), Layout.Listing(tree)])
                StoreCollector.Remove(Layout, path);
            DropResultsOf([tree.Hash]);
            recent.TryRemove(tree, out _);
            sound.TryRemove(tree, out _);
        }
        Observer.On(new TreeDropped(tree, problem));
    }
}
