using System.Collections.Immutable;
using System.Text;

namespace Recipes.Engine.Authoring;

/// <summary>
/// The files of a source, as far as an inspection looks: no links, no deeper than <see cref="Depth"/> folders, and
/// nothing of other projects that the source brings along.
/// </summary>
internal sealed class SourceTree
{
    /// <summary>Folders above a file at most.</summary>
    public const int Depth = 4;

    private const int Beginning = 1 << 18;

    private readonly Func<string, int, byte[]> read;
    private readonly ImmutableHashSet<string> known;

    private SourceTree(IEnumerable<string> files, Func<string, int, byte[]> read)
    {
        this.read = read;
        var all = files.Order(StringComparer.Ordinal).ToImmutableArray();
        known = all.ToImmutableHashSet(StringComparer.Ordinal);
        var vendored = VendoredFolders.Find(all, x => Text(x));
        Vendored = [.. vendored];
        Files = [.. all.Where(x => !VendoredFolders.Hold(vendored, x))];
    }

    /// <summary>Paths with <c>/</c>, in ordinal order.</summary>
    public ImmutableArray<string> Files { get; }

    /// <summary>The folders of other projects.</summary>
    public ImmutableArray<string> Vendored { get; }

    /// <summary>The files of the top folder.</summary>
    public IEnumerable<string> Top => Files.Where(x => !x.Contains('/', StringComparison.Ordinal));

    /// <summary>The tree in a folder.</summary>
    /// <exception cref="EngineException">The folder cannot be read.</exception>
    public static SourceTree OfFolder(string folder)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = Depth,
            AttributesToSkip = FileAttributes.ReparsePoint,
            IgnoreInaccessible = false,
        };
        try
        {
            var files = Directory
                .EnumerateFiles(folder, "*", options)
                .Select(x => Path.GetRelativePath(folder, x))
                .ToList();
            return new(files, (path, length) => Read(Path.Join(folder, path), length));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"The source in '{folder}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A tree of texts.</summary>
    public static SourceTree Of(params ReadOnlySpan<(string Path, string Text)> files)
    {
        var texts = files
            .ToArray()
            .ToImmutableDictionary(x => x.Path, x => Encoding.UTF8.GetBytes(x.Text), StringComparer.Ordinal);
        return new(texts.Keys, (path, length) => texts[path].AsSpan(0, Math.Min(length, texts[path].Length)).ToArray());
    }

    /// <summary>
    /// What Autoconf makes <c>configure</c> of, by its name of today or its old one; there may be none.
    /// </summary>
    public string AutoconfInput => Has("configure.ac") ? "configure.ac" : "configure.in";

    /// <summary>True if there is such a file.</summary>
    public bool Has(string path) => known.Contains(path);

    /// <summary>The beginning of a file; empty where there is none. What is not UTF-8 becomes U+FFFD.</summary>
    /// <param name="path">As in <see cref="Files"/>.</param>
    /// <param name="length">Bytes at most.</param>
    /// <exception cref="EngineException">The file cannot be read.</exception>
    public string Text(string path, int length = Beginning) =>
        Has(path) ? Encoding.UTF8.GetString(read(path, length)).Replace("\r\n", "\n", StringComparison.Ordinal) : "";

    private static byte[] Read(string path, int length)
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[Math.Min(length, file.Length)];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"'{path}' cannot be read: {e.Message}", e);
        }
    }
}
