using System.Collections.Immutable;
using LibGit2Sharp;
using Recipes.Engine.Model;

namespace Recipes.Engine.Workspaces.Collections;

/// <summary>
/// Finds the collections that a workspace uses, and those that these use, near ones first. Each is there once: reached
/// by another way, it has to be the same commit.
/// </summary>
internal sealed class CollectionFinder
{
    private readonly List<Collection> found = [];
    private readonly List<Diagnostic> faults = [];

    private CollectionFinder() { }

    /// <param name="root">The workspace's folder, absolute.</param>
    /// <param name="moved">Name → folder of collections that are looked at elsewhere.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static (ImmutableArray<Collection> Collections, ImmutableArray<Diagnostic> Faults) Find(
        string root,
        IReadOnlyDictionary<string, string> moved
    )
    {
        var finder = new CollectionFinder();
        var own = WorkspaceFile.Find(root);
        if (own is null)
            return ([], []);
        var open = new Queue<(Collection Home, WorkspaceFile File)>();
        open.Enqueue((new(own.Name ?? "", "", root), own));
        while (open.TryDequeue(out var next))
        {
            finder.faults.AddRange(next.File.Diagnostics);
            foreach (var reference in next.File.Collections)
            {
                if (finder.Add(reference, next.Home, own.Name, moved) is { } added)
                    open.Enqueue(added);
            }
        }
        return ([.. finder.found], [.. finder.faults]);
    }

    private (Collection, WorkspaceFile)? Add(
        CollectionReference reference,
        Collection home,
        string? ownName,
        IReadOnlyDictionary<string, string> moved
    )
    {
        var folder = home.Folder.Length == 0 ? reference.Path : $"{home.Folder}/{reference.Path}";
        var root = moved.GetValueOrDefault(reference.Name) ?? Path.Join(home.Root, reference.Path);
        if (reference.Name == ownName)
        {
            Fault(reference, $"the collection '{reference.Name}' has the name of the workspace that uses it");
            return null;
        }
        if (found.Find(x => x.Name == reference.Name) is { } known)
        {
            if (known.Root != root && !IsSame(known, home, reference, root, out var commits))
                Fault(
                    reference,
                    $"the collection '{reference.Name}' is reached in two ways, and {commits}; move one of them to "
                        + "the commit of the other"
                );
            return null;
        }
        if (!WorkspaceFile.IsWorkspace(root))
        {
            Fault(
                reference,
                $"there are no recipes in '{folder}'; if that is a submodule which is not checked out, run: git "
                    + "submodule update --init --recursive"
            );
            return null;
        }
        var file = WorkspaceFile.Find(root, $"{folder}/{WorkspaceFile.FileName}");
        if (file is { Name: { } name } && name != reference.Name)
        {
            Fault(reference, $"'{folder}' calls itself '{name}', not '{reference.Name}'; write {name} = \"…\" here");
            return null;
        }
        var collection = new Collection(reference.Name, folder, root);
        found.Add(collection);
        return (collection, file ?? new(reference.Name, [], []));
    }

    private void Fault(CollectionReference reference, string message) => faults.Add(new(message, reference.Span));

    private static bool IsSame(
        Collection known,
        Collection home,
        CollectionReference reference,
        string root,
        out string commits
    )
    {
        var first = CheckedOut(known.Root);
        var second = CheckedOut(root) ?? Gitlink(home.Root, reference.Path);
        var folder = home.Folder.Length == 0 ? reference.Path : $"{home.Folder}/{reference.Path}";
        commits = $"is {Named(known.Folder, first)} but {Named(folder, second)}";
        return first is not null && first == second;
    }

    private static string Named(string folder, string? commit) =>
        commit is null ? $"what is in '{folder}', of which git knows no commit" : $"{commit[..12]} in '{folder}'";

    private static string? CheckedOut(string root) =>
        Path.Exists(Path.Join(root, ".git")) ? Ask(root, x => x.Head.Tip?.Sha) : null;

    private static string? Gitlink(string home, string path) =>
        Repository.Discover(home) is { } folder
            ? Ask(folder, x =>
                x.Index[Path.GetRelativePath(x.Info.WorkingDirectory, Path.Join(home, path))]
                    is { Mode: Mode.GitLink } link
                    ? link.Id.Sha
                    : null
            )
            : null;

    private static string? Ask(string folder, Func<Repository, string?> ask)
    {
        // A collection may belong to another user than the one who builds.
        GlobalSettings.SetOwnerValidation(false);
        try
        {
            using var repository = new Repository(folder);
            return ask(repository);
        }
        catch (LibGit2SharpException)
        {
            return null;
        }
    }
}
