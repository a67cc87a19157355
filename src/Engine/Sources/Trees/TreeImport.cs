using System.Text;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Downloads;

namespace Recipes.Engine.Sources.Trees;

/// <summary>A tree that stands in a scratch folder, with its names.</summary>
/// <param name="Tree">As the store knows it.</param>
/// <param name="GitTree">As git knows it: 40 hexadecimal digits.</param>
/// <param name="Files">How many files and links it has.</param>
internal sealed record ImportedTree(Tree Tree, string GitTree, int Files);

/// <summary>
/// Lays entries down in a folder, file by file, and computes the store's and git's name of the whole on the way.
/// Nothing is ever written through a link, since links are made at the end. Entries come from one thread.
/// </summary>
/// <param name="directory">The folder; null to name the whole alone, and lay down nothing.</param>
/// <param name="limits">What is too much.</param>
internal sealed class TreeImport(string? directory, SourceLimits limits) : IDisposable
{
    private readonly ImportFolder root = new();
    private readonly FileWriters writers = new(Math.Max(1, Environment.ProcessorCount - 1));
    private readonly List<(string Path, ImportNode First, ImportNode Second)> duplicates = [];
    private readonly List<(string Path, ImportFile File)> copies = [];
    private readonly List<(string Path, ImportLink Link)> links = [];
    private readonly HashSet<string> replaced = new(StringComparer.Ordinal);
    private readonly HashSet<string> made = new(StringComparer.Ordinal);
    private int entries;
    private int aside;

    /// <summary>
    /// True if a later entry takes the place of an earlier one of its name, as archives grow; else both must be equal.
    /// </summary>
    public bool LaterWins { get; init; }

    /// <summary>Holds what takes the place of something, until all is read.</summary>
    private string Aside => directory + ".later";

    /// <summary>Adds a folder; without files below, it is dropped in the end.</summary>
    public void AddFolder(string[] path)
    {
        Count();
        Parents(path, path.Length);
    }

    /// <summary>Adds a file, reading its bytes now.</summary>
    public void AddFile(string[] path, bool isExecutable, Stream bytes, long length)
    {
        Count();
        var parents = Parents(path, path.Length - 1);
        var isNew = !parents[^1].Children.ContainsKey(path[^1]);
        var onDisk =
            directory is null ? null
            : isNew ? MakeFolder(path) + "/" + path[^1]
            : LaterWins ? NewAside()
            : null;
        var content = writers.Add(bytes, length, onDisk, isExecutable);
        content.Place = onDisk;
        Place(path, parents, new ImportFile(content, isExecutable));
    }

    /// <summary>Adds a symbolic link, which must stay inside the tree.</summary>
    public void AddLink(string[] path, string target)
    {
        Count();
        var name = string.Join('/', path);
        if (target.Length == 0)
            throw ImportException.OfEntry($"the link '{name}' has no target");
        if (target.Contains('\ufffd', StringComparison.Ordinal))
            throw ImportException.OfEntry($"the target of the link '{name}' is not UTF-8");
        if (target.Contains('\0', StringComparison.Ordinal))
            throw ImportException.OfEntry($"the target of the link '{name}' holds a zero byte");
        if (Encoding.UTF8.GetByteCount(target) > EntryPath.MaxPath)
            throw ImportException.OfEntry($"the target of the link '{name}' is longer than {EntryPath.MaxPath} bytes");
        if (target.StartsWith('/'))
            throw ImportException.OfEntry($"the link '{name}' leads outside the tree, to '{target}'");
        if (path[^1].Equals(".gitmodules", StringComparison.OrdinalIgnoreCase))
            throw ImportException.OfEntry($"git refuses '{name}' as a link");
        var parents = Parents(path, path.Length - 1);
        var link = new ImportLink(target);
        Place(path, parents, link);
        links.Add((name, link));
    }

    /// <summary>Adds a second name of a file or link that came earlier; it becomes a copy.</summary>
    public void AddHardLink(string[] path, string[] target)
    {
        Count();
        var (name, targetName) = (string.Join('/', path), string.Join('/', target));
        if (Find(target) is ImportLink link)
        {
            AddLink(path, link.Target);
            return;
        }
        if (Find(target) is not ImportFile file)
            throw ImportException.OfEntry(
                $"the hard link '{name}' names '{targetName}', which is not a file before it"
            );
        var copy = new ImportFile(file.Content, file.IsExecutable);
        Place(path, Parents(path, path.Length - 1), copy);
        copies.Add((name, copy));
    }

    /// <summary>True if there is neither a file nor a link at a path or below it so far.</summary>
    public bool IsEmpty(string[] path) =>
        Find(path) switch
        {
            null => true,
            ImportFolder folder => folder.CountFiles() == 0,
            _ => false,
        };

    /// <summary>Waits for the files, checks the links and makes them.</summary>
    /// <exception cref="ImportException">
    /// A path appears twice with different content, or a link leads outside.
    /// </exception>
    public ImportedTree Finish()
    {
        writers.Finish();
        foreach (var (path, first, second) in duplicates)
        {
            if (!AreEqual(first, second))
                throw ImportException.OfEntry($"the path '{path}' appears twice, with different content");
        }
        var resolver = new LinkResolver();
        links.RemoveAll(x => Find(x.Path.Split('/')) != x.Link);
        foreach (var (path, link) in links)
        {
            var segments = path.Split('/');
            if (resolver.LeadsOutside(Parents(segments, segments.Length - 1), link.Target))
                throw ImportException.OfEntry($"the link '{path}' leads outside the tree, to '{link.Target}'");
        }
        if (directory is not null)
        {
            Copy();
            Replace();
            foreach (var (path, link) in links)
                File.CreateSymbolicLink(
                    $"{MakeFolder(path.Split('/'))}/{path[(path.LastIndexOf('/') + 1)..]}",
                    link.Target
                );
        }
        return new(root.ToTree(), Convert.ToHexStringLower(GitTreeId.Of(root)), root.CountFiles());
    }

    /// <summary>Ends the workers; what was written stays for the owner of the scratch folder to delete.</summary>
    public void Dispose()
    {
        writers.Dispose();
        if (aside > 0)
            Directory.Delete(Aside, recursive: true);
    }

    private void Copy()
    {
        foreach (var (path, file) in copies)
        {
            var segments = path.Split('/');
            if (Find(segments) != file || replaced.Contains(path))
                continue;
            MakeFolder(segments);
            File.Copy(file.Content.Place!, $"{directory}/{path}");
        }
    }

    /// <summary>
    /// Puts what came later in its place. All is copied before the first is moved: a name may be one file with what
    /// another name was before.
    /// </summary>
    private void Replace()
    {
        var moves = new List<(string From, string To)>();
        foreach (var path in replaced)
        {
            var place = $"{directory}/{path}";
            if (Find(path.Split('/')) is not ImportFile file)
                File.Delete(place);
            else if (file.Content.Place != place)
            {
                moves.Add((NewAside(), place));
                File.Copy(file.Content.Place!, moves[^1].From);
            }
        }
        foreach (var (from, to) in moves)
        {
            MakeFolder(to[(directory!.Length + 1)..].Split('/'));
            File.Move(from, to, overwrite: true);
        }
    }

    private string NewAside()
    {
        if (aside == 0)
            Directory.CreateDirectory(Aside);
        return $"{Aside}/{aside++}";
    }

    private void Count()
    {
        if (++entries > limits.Entries)
            throw new ImportException(
                $"it holds more than {limits.Entries} entries; [source.limits] entries allows more"
            );
    }

    /// <summary>The folders from the root along the first segments of a path, made where they are missing.</summary>
    private ImportFolder[] Parents(string[] path, int depth)
    {
        EntryPath.CheckLength(path);
        var parents = new ImportFolder[depth + 1];
        parents[0] = root;
        for (var i = 0; i < depth; i++)
        {
            if (!parents[i].Children.TryGetValue(path[i], out var child))
                parents[i].Children.Add(path[i], child = new ImportFolder());
            parents[i + 1] =
                child as ImportFolder
                ?? throw ImportException.OfEntry(
                    $"'{string.Join('/', path[..(i + 1)])}' is a {(child is ImportLink ? "link" : "file")} and a "
                        + $"folder at once"
                );
        }
        return parents;
    }

    private ImportNode? Find(string[] path)
    {
        ImportNode? node = root;
        foreach (var segment in path)
            node = (node as ImportFolder)?.Children.GetValueOrDefault(segment);
        return node;
    }

    private void Place(string[] path, ImportFolder[] parents, ImportNode node)
    {
        var siblings = parents[^1].Children;
        if (siblings.TryAdd(path[^1], node))
            return;
        var name = string.Join('/', path);
        if (!LaterWins || siblings[path[^1]] is ImportFolder)
        {
            duplicates.Add((name, siblings[path[^1]], node));
            return;
        }
        siblings[path[^1]] = node;
        replaced.Add(name);
    }

    /// <summary>The path of the folder that holds an entry, which exists afterwards.</summary>
    private string MakeFolder(string[] path)
    {
        var folder = path.Length == 1 ? directory! : $"{directory}/{string.Join('/', path[..^1])}";
        if (made.Add(folder))
            Directory.CreateDirectory(folder);
        return folder;
    }

    private static bool AreEqual(ImportNode first, ImportNode second) =>
        (first, second) switch
        {
            (ImportFile a, ImportFile b) => a.Content.Digest == b.Content.Digest && a.IsExecutable == b.IsExecutable,
            (ImportLink a, ImportLink b) => string.Equals(a.Target, b.Target, StringComparison.Ordinal),
            _ => false,
        };
}
