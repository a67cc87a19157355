using System.Collections.Immutable;
using System.IO.Pipelines;
using Recipes.Engine.Content;
using Recipes.Engine.Content.Tar;

namespace Recipes.Engine.Sandboxes.Docker;

/// <summary>A tree at a place in an archive.</summary>
/// <param name="Path">Without a slash at either end; empty for the archive's root.</param>
/// <param name="Tree">In the store.</param>
internal sealed record PlacedTree(string Path, Digest Tree);

/// <summary>
/// Writes stored trees as one tar archive, for image layers and volumes; the same trees always give the same bytes.
/// </summary>
internal sealed class TreeArchive(ContentStore store)
{
    // Changes when the same trees would give another archive.
    private const string Version = "tree archive 1";

    private const string Whiteout = ".wh.";

    /// <summary>Trees → the digest of their archive.</summary>
    internal static RecordType<DigestDocument> Archives { get; } = RecordType.OfDigest("layer", RecordRole.Lasting);

    /// <summary>The digest of the layer of these trees; computed once for each, and kept in the store.</summary>
    /// <exception cref="EngineException">
    /// A tree is absent or damaged, or has a name that a layer cannot hold.
    /// </exception>
    public Digest Measure(ImmutableArray<Digest> trees)
    {
        var key = new KeyBuilder(Version).Add(trees.Select(x => x.ToString())).Digest;
        if (store.FindRecord(Archives, key) is { } known)
            return known.Digest;
        if (trees.SelectMany(x => store.ReadTree(x).Walk()).FirstOrDefault(x => IsWhiteout(x.Path)) is { } whiteout)
            throw new EngineException(
                $"'{whiteout.Path}' cannot be in the root of a Docker container: an image takes names that begin "
                    + $"with {Whiteout} for deleted files; {new Remedy(RemedyKind.UseBubblewrap)}"
            );
        using var hash = new HashingStream(Stream.Null);
        Write([.. trees.Select(x => new PlacedTree("", x))], hash);
        store.WriteRecord(Archives, key, new(hash.Digest));
        return hash.Digest;
    }

    /// <summary>Writes the archive; the stream stays open.</summary>
    /// <param name="trees">Parents first; where two hold the same path, the first one's is written.</param>
    /// <param name="output">Where to.</param>
    /// <exception cref="EngineException">A tree is absent or damaged.</exception>
    public void Write(ImmutableArray<PlacedTree> trees, Stream output)
    {
        var tar = new TarWriter(output);
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (place, tree) in trees)
        {
            if (place.Length > 0 && written.Add(place))
                tar.AddFolder(place, FileOwnership.Folder);
            foreach (var entry in store.ReadTree(tree).Walk())
            {
                var path = place.Length == 0 ? entry.Path : $"{place}/{entry.Path}";
                if (written.Add(path))
                    Add(tar, path, entry, Path.Join(store.TreePath(tree), entry.Path));
            }
        }
        tar.Finish();
    }

    /// <summary>Makes a stream of what is written while it is read.</summary>
    /// <param name="write">Writes everything; its failure is thrown by the reader.</param>
    public static Stream Pipe(Action<Stream> write)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19));
        _ = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    using var output = new BufferedStream(pipe.Writer.AsStream(leaveOpen: true), 1 << 16);
                    write(output);
                    output.Flush();
                    pipe.Writer.Complete();
                }
#pragma warning disable CA1031 // Whatever it is, the reader throws it.
                catch (Exception e)
                {
                    pipe.Writer.Complete(e);
                }
#pragma warning restore CA1031
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        return pipe.Reader.AsStream();
    }

    private static bool IsWhiteout(string path) =>
        Path.GetFileName(path).StartsWith(Whiteout, StringComparison.Ordinal);

    private static void Add(TarWriter tar, string path, TreeEntry entry, string source)
    {
        switch (entry.Kind)
        {
            case TreeEntryKind.Folder:
                tar.AddFolder(path, FileOwnership.Folder);
                break;
            case TreeEntryKind.Link:
                tar.AddLink(path, entry.Target!, FileOwnership.Link);
                break;
            default:
                tar.AddFile(path, source, entry.Digest, FileOwnership.File(entry.IsExecutable));
                break;
        }
    }
}
