using System.Text;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sources.Trees;

/// <summary>The git tree id of imported files. Folders without files do not exist for git and are left out.</summary>
internal static class GitTreeId
{
    /// <summary>
    /// The 20 bytes of the id of a folder's tree object; of an empty folder, that of git's empty tree.
    /// </summary>
    public static byte[] Of(ImportFolder folder) => folder.Fold<byte[]>(Of);

    private static byte[] Of(ImportFolder folder, IReadOnlyDictionary<ImportFolder, byte[]> inner)
    {
        var entries = new List<(byte[] Name, byte[] SortKey, string Mode, byte[] Id)>(folder.Children.Count);
        foreach (var (name, child) in folder.Children)
        {
            if (Id(child, inner) is not { } id)
                continue;
            var bytes = Encoding.UTF8.GetBytes(name);
            // git compares a folder's name as if it ended in a slash.
            entries.Add((bytes, child is ImportFolder ? [.. bytes, (byte)'/'] : bytes, Mode(child), id));
        }
        entries.Sort((a, b) => a.SortKey.AsSpan().SequenceCompareTo(b.SortKey));

        using var content = new MemoryStream();
        foreach (var (name, _, mode, id) in entries)
        {
            content.Write(Encoding.ASCII.GetBytes(mode));
            content.WriteByte((byte)' ');
            content.Write(name);
            content.WriteByte(0);
            content.Write(id);
        }
        return GitObject.Id("tree", content.GetBuffer().AsSpan(0, (int)content.Length));
    }

    private static string Mode(ImportNode node) =>
        node switch
        {
            ImportFolder => "40000",
            ImportLink => "120000",
            ImportFile { IsExecutable: true } => "100755",
            _ => "100644",
        };

    private static byte[]? Id(ImportNode node, IReadOnlyDictionary<ImportFolder, byte[]> inner) =>
        node switch
        {
            ImportFolder folder => inner.GetValueOrDefault(folder),
            ImportLink link => GitObject.Id("blob", Encoding.UTF8.GetBytes(link.Target)),
            _ => ((ImportFile)node).Content.GitBlob,
        };
}
