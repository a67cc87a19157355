using System.Globalization;
using Recipes.Engine.Content;
using Recipes.Engine.Content.Tar;
using Recipes.Engine.Model;

namespace Recipes.Engine.Images;

/// <summary>
/// Modes and owners of everything in an image. A folder may be in many layers, and is the same in all of them, since
/// the uppermost one counts in the end.
/// </summary>
internal sealed class Ownerships
{
    private readonly Dictionary<string, (FileOwnership Ownership, string Owner)> folders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (PermissionSpec Spec, Glob Glob)[]> rules = new(StringComparer.Ordinal);

    /// <summary>Reads the <c>[[permissions]]</c> of a package.</summary>
    public void Learn(PackageRecipe package)
    {
        if (!package.Permissions.IsEmpty)
            rules[package.Name] = [.. package.Permissions.Select(x => (x, Glob.Parse(x.Path)))];
    }

    /// <summary>
    /// Applies the rules of a package to a folder of its own; the fault, if another package said otherwise.
    /// </summary>
    public string? LearnFolder(string package, string path)
    {
        if (Rule(package, path) is not { } rule)
            return null;
        var ownership = Apply(rule, FileOwnership.Folder) with { Capabilities = default };
        if (folders.TryAdd(path, (ownership, package)) || folders[path].Ownership == ownership)
            return null;
        return $"[[permissions]] of '{folders[path].Owner}' and '{package}' disagree on the folder '{path}': "
            + $"{Show(folders[path].Ownership)} and {Show(ownership)}";
    }

    /// <summary>Says what the image itself wants of a folder, which counts more than any package.</summary>
    public void SetFolder(string path, FileOwnership ownership, string image) => folders[path] = (ownership, image);

    public FileOwnership OfFolder(string path) =>
        folders.TryGetValue(path, out var found) ? found.Ownership : FileOwnership.Folder;

    /// <summary>Of a file or link of a package.</summary>
    public FileOwnership OfLeaf(string package, TreeEntry entry)
    {
        var usual = entry.Kind == TreeEntryKind.Link ? FileOwnership.Link : FileOwnership.File(entry.IsExecutable);
        if (Rule(package, entry.Path) is not { } rule)
            return usual;
        return entry.Kind == TreeEntryKind.Link ? usual with { Uid = rule.Uid, Gid = rule.Gid } : Apply(rule, usual);
    }

    // The last rule that matches counts, so that a wide one may come first.
    private PermissionSpec? Rule(string package, string path) =>
        rules.TryGetValue(package, out var own) ? own.LastOrDefault(x => x.Glob.Matches(path)).Spec : null;

    private static FileOwnership Apply(PermissionSpec rule, FileOwnership usual) =>
        new(rule.Mode ?? usual.Mode, rule.Uid, rule.Gid, rule.Capabilities);

    private static string Show(FileOwnership x) =>
        string.Create(CultureInfo.InvariantCulture, $"{Convert.ToString(x.Mode, 8)} {x.Uid}:{x.Gid}");
}
