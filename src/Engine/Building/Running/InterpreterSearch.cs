using Recipes.Engine.Building.Planning;
using Recipes.Engine.Content;
using Recipes.Engine.Inspection;

namespace Recipes.Engine.Building.Running;

/// <summary>
/// Tells what a log means that calls a file missing which is there: the kernel says so of a program whose interpreter
/// is absent.
/// </summary>
/// <param name="plan">The build.</param>
/// <param name="store">Where its trees are.</param>
internal sealed class InterpreterSearch(PackagePlan plan, ContentStore store)
{
    /// <summary>The absent interpreter of a program that the build calls.</summary>
    /// <param name="program">As the log has it: a name that was looked up in <c>PATH</c>, or a path.</param>
    /// <returns>An absolute path; null if the program is not there, or its interpreter is.</returns>
    public string? Absent(string program)
    {
        var interpreter = IsPath(program) ? OfSource(program) ?? OfRoot(program) : OfRoot("/usr/bin/" + program);
        return interpreter is null || Find(PathInRoot(interpreter)) is not null ? null : interpreter;
    }

    /// <summary>The path below the root that packages install a program to.</summary>
    /// <param name="absolute">As a program names it: <c>/bin/bash</c> for <c>usr/bin/bash</c>.</param>
    public static string PathInRoot(string absolute)
    {
        var path = absolute.TrimStart('/');
        var (folder, name) = (Path.GetDirectoryName(path), Path.GetFileName(path));
        return folder switch
        {
            "bin" or "sbin" or "usr/sbin" => $"usr/bin/{name}",
            "lib" or "lib64" or "usr/lib64" => $"usr/lib/{name}",
            _ => path,
        };
    }

    private static bool IsPath(string program) => program.Contains('/', StringComparison.Ordinal);

    private string? OfRoot(string path) =>
        Find(PathInRoot(path)) is var (tree, entry) ? InterpreterOf(tree, entry) : null;

    // A log tells where a script was called, and not from which folder.
    private string? OfSource(string path)
    {
        var inside = path;
        while (inside.StartsWith("./", StringComparison.Ordinal) || inside.StartsWith("../", StringComparison.Ordinal))
            inside = inside[(inside.IndexOf('/', StringComparison.Ordinal) + 1)..];
        foreach (var source in plan.Sources)
        {
            var tree = store.ReadTree(source.Tree);
            var relative = inside.StartsWith(source.Path + "/", StringComparison.Ordinal)
                ? inside[(source.Path.Length + 1)..]
                : inside;
            var files = tree.Walk()
                .Where(x =>
                    x.Kind == TreeEntryKind.File
                    && (x.Path == relative || x.Path.EndsWith("/" + relative, StringComparison.Ordinal))
                )
                .Take(2)
                .ToList();
            if (files is [var file])
                return InterpreterOf(source.Tree, file);
        }
        return null;
    }

    private (Digest Tree, TreeEntry Entry)? Find(string path)
    {
        foreach (var tree in plan.Root.Trees)
        {
            if (store.ReadTree(tree).Find(path) is { Kind: not TreeEntryKind.Folder } entry)
                return (tree, entry);
        }
        return null;
    }

    private string? InterpreterOf(Digest tree, TreeEntry entry) =>
        entry.Kind == TreeEntryKind.File
            ? OutputScanner.Scan(entry, Path.Join(store.TreePath(tree), entry.Path))?.Interpreter
            : null;
}
