using System.Collections.Immutable;

namespace Recipes.Engine.Sources.Debian;

/// <summary>Reads Sources indexes: which release archives lie in which folder of the pool.</summary>
/// <remarks>See https://wiki.debian.org/DebianRepository/Format, "Sources indices".</remarks>
internal static class SourcesIndex
{
    /// <summary>
    /// Folder of the pool (<c>pool/main/z/zlib</c>) → names of files ending in <c>.orig.tar.*</c>; of packages that
    /// have no other upstream than Debian, in <c>.tar.*</c>.
    /// </summary>
    public static ImmutableDictionary<string, ImmutableSortedSet<string>> Read(TextReader reader)
    {
        var folders = new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        var (folder, names) = ("", new List<string>());
        while (true)
        {
            var line = reader.ReadLine();
            if (string.IsNullOrEmpty(line))
            {
                if (folder.Length > 0 && names.Count > 0)
                {
                    if (!folders.TryGetValue(folder, out var known))
                        folders.Add(folder, known = new(StringComparer.Ordinal));
                    known.UnionWith(names);
                }
                (folder, names) = ("", []);
                if (line is null)
                    return folders.ToImmutableDictionary(
                        x => x.Key,
                        x => x.Value.ToImmutableSortedSet(StringComparer.Ordinal),
                        StringComparer.Ordinal
                    );
            }
            else if (line.StartsWith("Directory: ", StringComparison.Ordinal))
                folder = line["Directory: ".Length..].Trim();
            // "HASH SIZE NAME", in each of several lists.
            else if (
                line[0] == ' '
                && line.Contains(".tar.", StringComparison.Ordinal)
                && !line.Contains(".debian.tar.", StringComparison.Ordinal)
                && !line.EndsWith(".asc", StringComparison.Ordinal)
            )
                names.Add(line[(line.LastIndexOf(' ') + 1)..]);
        }
    }
}
