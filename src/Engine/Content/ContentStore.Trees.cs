using System.Collections.Concurrent;

namespace Recipes.Engine.Content;

internal sealed partial class ContentStore
{
    // From here on, one flush of the whole file system is cheaper than one of each file.
    private const int MaxSingleSyncs = 32;

    // Trees are read again and again while roots are merged; the collector may take them when memory is short.
    private readonly ConcurrentDictionary<Digest, WeakReference<Tree>> recent = new();

    // What a store that can only be asked would have written.
    private readonly ConcurrentDictionary<Digest, Tree> unwritten = new();

    /// <summary>
    /// True if the whole tree is here: its listing and its directory. Marks it as used now. Whether the files are still
    /// what they were is <see cref="IsSound"/>.
    /// </summary>
    public bool HasTree(Digest tree) => HasListing(tree) && Directory.Exists(Layout.Tree(tree));

    /// <summary>
    /// The plain directory of a tree: files 0644 or 0755, one constant mtime; never to be written to.
    /// </summary>
    public string TreePath(Digest tree) => Layout.Tree(tree);

    /// <summary>
    /// True if the listing is here, though perhaps not the files (a merged tree has only a listing). Marks it as used
    /// now.
    /// </summary>
    public bool HasListing(Digest tree) => unwritten.ContainsKey(tree) || Use(Layout.Listing(tree), out _);

    /// <summary>Names and digests of a tree, verified against the digest.</summary>
    /// <exception cref="EngineException">The tree is absent or damaged (a damaged listing is dropped).</exception>
    public Tree ReadTree(Digest tree)
    {
        if (unwritten.TryGetValue(tree, out var kept))
            return kept;
        if (recent.TryGetValue(tree, out var reference) && reference.TryGetTarget(out var known))
            return known;
        if (!HasListing(tree))
            throw Absent(tree);
        var listing = TryReadListing(tree.Hash);
        if (listing is null)
        {
            Drop(Layout.Listing(tree));
            throw new EngineException(
                $"The listing of the tree {tree} in the store '{Root}' was damaged, and is dropped. Run the command "
                    + $"again to make it anew."
            );
        }
        recent[tree] = new(listing);
        return listing;
    }

    /// <inheritdoc/>
    public string ReadText(Tree tree, string path)
    {
        try
        {
            using var file = new FileStream(Posix.OpenBeneath(TreePath(tree.Digest), path), FileAccess.Read);
            using var reader = new StreamReader(file);
            return reader.ReadToEnd();
        }
        catch (IOException e)
        {
            throw new EngineException(
                $"'{path}' of the tree {tree.Digest} in the store '{Root}' cannot be read: {e.Message}",
                e
            );
        }
    }

    /// <summary>Keeps a listing without files, as of a merge.</summary>
    public void AddListing(Tree tree)
    {
        if (HasListing(tree.Digest)) { }
        else if (IsWritable)
            Write(Layout.Listing(tree.Digest), tree.Encode(), isDear: false);
        else
            unwritten[tree.Digest] = tree;
        recent[tree.Digest] = new(tree);
    }

    /// <summary>
    /// Takes a directory below a scratch folder of this store as a tree: reads all files once for their digests, sets
    /// all metadata, and moves it into place. The directory is gone afterwards.
    /// </summary>
    /// <param name="scratchDirectory">Nobody changes it any more.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="EngineException">It holds a device, socket, fifo, or a name that is not UTF-8.</exception>
    public Tree AddTree(string scratchDirectory, CancellationToken cancellationToken = default)
    {
        RequireWritable();
        var tree = DirectoryReader.Read(scratchDirectory, Stamp, cancellationToken);
        Publish(scratchDirectory, tree, isOnDisk: false);
        return tree;
    }

    /// <summary>
    /// As <see cref="AddTree(string, CancellationToken)"/>, for a caller who wrote these files just now and already
    /// knows their digests: no file is read again.
    /// </summary>
    /// <param name="scratchDirectory">Holds exactly what <paramref name="known"/> says.</param>
    /// <param name="known">The tree of the directory.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public void AddTree(string scratchDirectory, Tree known, CancellationToken cancellationToken = default)
    {
        RequireWritable();
        if (!HasTree(known.Digest) || !IsSound(known.Digest, cancellationToken))
            DirectoryReader.Stamp(scratchDirectory, known, Stamp, cancellationToken);
        Publish(scratchDirectory, known, isOnDisk: false);
    }

    /// <summary>
    /// Copies some entries of a directory outside of the store as a tree; the directory stays as it is.
    /// </summary>
    /// <param name="directory">Any directory.</param>
    /// <param name="label">For people who look at the scratch folder.</param>
    /// <param name="isWanted">Chooses among the whole paths of files, links and folders; null for all.</param>
    /// <exception cref="EngineException">As with <see cref="AddTree(string, CancellationToken)"/>.</exception>
    public Tree AddCopy(string directory, string label, Func<string, bool>? isWanted = null)
    {
        var tree = DirectoryReader.Read(directory);
        if (isWanted is not null)
            tree = TreeBuilder.Subset(tree, isWanted);
        if (HasTree(tree.Digest))
            return tree;
        using var scratch = CreateScratch(label);
        Materialise(tree, directory, scratch.Path, share: false, CancellationToken.None);
        // Read again: the directory may have changed meanwhile.
        return AddTree(scratch.Path);
    }

    /// <summary>
    /// A new tree of some files, links and folders of a stored one (whole paths), with the folders they are in, sharing
    /// its inodes by hard links.
    /// </summary>
    /// <exception cref="EngineException">The tree is absent or damaged.</exception>
    public Tree AddSubset(Tree tree, IReadOnlySet<string> paths, CancellationToken cancellationToken = default)
    {
        var subset = TreeBuilder.Subset(tree, paths.Contains);
        if (HasTree(subset.Digest))
            return subset;
        RequireSound(tree.Digest, cancellationToken);
        using var scratch = CreateScratch("subset");
        var isShared = Materialise(subset, TreePath(tree.Digest), scratch.Path, share: true, cancellationToken);
        DirectoryReader.Stamp(scratch.Path, subset, Stamp, cancellationToken);
        // Shared files went to the disk with the tree that they are from.
        Publish(scratch.Path, subset, isOnDisk: isShared);
        return subset;
    }

    /// <summary>
    /// Lays the entries of a tree into a scratch folder of this store, sharing its files by hard links: they may be
    /// replaced there, and never written to.
    /// </summary>
    /// <param name="tree">A tree.</param>
    /// <param name="folder">An existing empty folder.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="EngineException">The tree is absent or damaged.</exception>
    public void Lay(Digest tree, string folder, CancellationToken cancellationToken)
    {
        RequireSound(tree, cancellationToken);
        Materialise(ReadTree(tree), TreePath(tree), folder, share: true, cancellationToken);
    }

    internal Tree? TryReadListing(string hash)
    {
        try
        {
            var listing = Tree.Parse(File.ReadAllBytes(Layout.Listing(hash)));
            return listing.Digest.Hash == hash ? listing : null;
        }
        catch (Exception e) when (e is FormatException or IOException)
        {
            return null;
        }
    }

    private EngineException Absent(Digest tree) =>
        new($"The tree {tree} is not in the store '{Root}'. Run the command again to make it anew.");

    /// <returns>False if a file had to be copied though it was to be shared.</returns>
    private static bool Materialise(Tree tree, string from, string to, bool share, CancellationToken cancellationToken)
    {
        var isShared = share;
        foreach (var entry in tree.Walk())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (source, target) = (Path.Join(from, entry.Path), Path.Join(to, entry.Path));
            if (entry.Kind == TreeEntryKind.Folder)
                Directory.CreateDirectory(target);
            else if (entry.Kind == TreeEntryKind.Link)
                File.CreateSymbolicLink(target, entry.Target!);
            else if (!share || !Posix.TryLink(source, target))
            {
                File.Copy(source, target);
                isShared = false;
            }
        }
        return isShared;
    }

    /// <summary>
    /// The content first, then the listing: a directory under its final name is then always a whole tree, even after a
    /// loss of power.
    /// </summary>
    private void Publish(string scratchDirectory, Tree tree, bool isOnDisk)
    {
        var path = Layout.Tree(tree.Digest);
        // One that is there and damaged must not win over a fresh one.
        if (HasTree(tree.Digest) && IsSound(tree.Digest, CancellationToken.None))
        {
            ScratchDirectory.Delete(scratchDirectory);
            return;
        }
        if (!isOnDisk)
            Sync(scratchDirectory, tree);
        AddListing(tree);
        StoreFolders.OpenForBuilds(Path.GetDirectoryName(path)!);
        var error = Posix.TryRename(scratchDirectory, path);
        if (error == 0)
        {
            NoteSound(tree);
            return;
        }
        // Another process was first with the same tree.
        if (error is not (Posix.Exists or Posix.NotEmpty))
            throw Posix.Failure("move a tree to", path, error);
        ScratchDirectory.Delete(scratchDirectory);
    }

    private static void Sync(string directory, Tree tree)
    {
        var files = tree.Walk().Where(x => x.Kind == TreeEntryKind.File).Take(MaxSingleSyncs + 1).ToList();
        if (files.Count > MaxSingleSyncs)
        {
            Posix.SyncFileSystem(directory);
            return;
        }
        foreach (var file in files)
            Posix.Sync(Path.Join(directory, file.Path));
    }
}
