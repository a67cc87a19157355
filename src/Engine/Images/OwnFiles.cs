using System.Globalization;
using System.Text;
using Recipes.Engine.Content;
using Recipes.Engine.Content.Tar;
using Recipes.Engine.Inspection.Linking;
using Recipes.Engine.Model;

namespace Recipes.Engine.Images;

/// <summary>The last layer of an image: accounts, files and directories that its recipe names.</summary>
internal sealed class OwnFiles(
    ImageRecipe recipe,
    UnionView<string> packages,
    Ownerships ownerships,
    List<Diagnostic> faults
)
{
    private readonly ImageSpec image = recipe.Image;
    private readonly Dictionary<string, LayerEntry> entries = new(StringComparer.Ordinal);

    public IEnumerable<LayerEntry> Collect()
    {
        foreach (var directory in image.Directories)
            AddFolder(directory);
        AddFile("/etc/passwd", Passwd(), FileOwnership.File(false), image.Span);
        AddFile("/etc/group", Group(), FileOwnership.File(false), image.Span);
        foreach (var file in image.Files)
            AddFile(file);
        return entries.Values;
    }

    private void AddFolder(ImageDirectorySpec directory)
    {
        // Written through a link, an archive would put a folder in the link's place.
        var path = packages.Resolve(directory.Path, followLast: true);
        if (packages.Find(path) is var (owner, entry) && entry.Kind != TreeEntryKind.Folder)
            faults.Add(new($"'{directory.Path}' is to be a directory, and is a file in {owner}", directory.Span));
        ownerships.SetFolder(path, new(directory.Mode, directory.Uid, directory.Gid), recipe.Name);
        Add(path, new(path, TreeEntryKind.Folder, default, default, null, null), directory.Span);
    }

    private void AddFile(ImageFileSpec file)
    {
        var ownership = new FileOwnership(file.Mode, file.Uid, file.Gid);
        if (file.Source is null)
        {
            AddFile(file.Path, Encoding.UTF8.GetBytes(file.Content ?? ""), ownership, file.Span);
            return;
        }
        try
        {
            AddFile(file.Path, File.ReadAllBytes(Path.Join(recipe.Folder, file.Source)), ownership, file.Span);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add(new($"the file '{file.Source}' cannot be read: {e.Message}", file.Span));
        }
    }

    private void AddFile(string wanted, byte[] content, FileOwnership ownership, SourceSpan span)
    {
        var path = packages.Resolve(wanted, followLast: false);
        if (packages.Find(path) is var (owner, entry))
        {
            faults.Add(
                new(
                    entry.Kind == TreeEntryKind.Folder
                        ? $"'{wanted}' is to be a file, and is a directory in {owner}"
                        : $"'{wanted}' is in {owner} too; add '{path}' to exclude, to have the image's own",
                    span
                )
            );
            return;
        }
        Add(path, new(path, TreeEntryKind.File, ownership, Digest.Of(content), null, null, content), span);
    }

    private void Add(string path, LayerEntry entry, SourceSpan span)
    {
        if (!entries.TryAdd(path, entry))
            faults.Add(new($"'/{path}' appears twice among the files and directories of the image", span));
    }

    private byte[] Passwd()
    {
        var lines = Accounts()
            .Select(x =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{x.Name}:x:{x.Uid}:{x.Gid}:{x.Comment}:{x.Home}:{x.Shell}\n"
                )
            );
        return Encoding.UTF8.GetBytes(string.Concat(lines));
    }

    private byte[] Group()
    {
        var lines = Accounts().Select(x => string.Create(CultureInfo.InvariantCulture, $"{x.Name}:x:{x.Gid}:\n"));
        return Encoding.UTF8.GetBytes(string.Concat(lines));
    }

    private IEnumerable<AccountSpec> Accounts() =>
        image.Accounts.Any(x => x.Name == "root")
            ? image.Accounts
            : image.Accounts.Prepend(new("root", 0, 0, "/root", "/bin/sh", "root"));
}
