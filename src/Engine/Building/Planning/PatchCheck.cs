using System.Collections.Immutable;
using System.Text;
using CliWrap;
using CliWrap.Buffered;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Building.Planning;

/// <summary>A patch that does not apply.</summary>
/// <param name="Recipe">The recipe in whose folder it lies.</param>
/// <param name="File">Its name there.</param>
/// <param name="Reason">What git says, on one line.</param>
/// <param name="IsUpstream">True if the source holds what the patch does.</param>
internal sealed record FailedPatch(string Recipe, string File, string Reason, bool IsUpstream);

/// <summary>Tells whether patches apply to the sources that they belong to, without building anything.</summary>
internal static class PatchCheck
{
    /// <summary>
    /// Applies the patches of each recipe in order to its pinned source, in a scratch folder. Context has to match to
    /// the line, though it may have moved.
    /// </summary>
    /// <param name="workspace">Without faults.</param>
    /// <param name="recipes">Which recipes to look at; those that the lock does not cover are passed over.</param>
    /// <param name="locks">The pins.</param>
    /// <param name="store">Where sources are.</param>
    /// <param name="fetcher">Brings in sources that are not there yet.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>
    /// One fault for each recipe whose patches do not apply, with the first patch that fails, or whose source is not
    /// available.
    /// </returns>
    public static async Task<ImmutableArray<Diagnostic>> FaultsAsync(
        Workspace workspace,
        IEnumerable<Recipe> recipes,
        LockFile locks,
        ContentStore store,
        SourceFetcher fetcher,
        CancellationToken cancellationToken
    )
    {
        var faults = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var recipe in recipes)
        {
            if (recipe.WrittenSource is not { Patches.IsEmpty: false } source)
                continue;
            var layout = SourceLayout.Of(recipe, workspace);
            if (layout.Trees.Any(x => !LockCheck.IsCovered(x.Recipe, locks)))
                continue;
            try
            {
                var trees = new List<(string Path, Digest Tree)>();
                foreach (var (path, owner) in layout.Trees)
                    trees.Add(
                        (
                            path,
                            await fetcher.EnsureTreeAsync(
                                owner.RequireSource(),
                                locks.Sources[owner.Name],
                                cancellationToken
                            )
                        )
                    );
                if (
                    (await FailuresAsync(layout.Patches, trees, store, cancellationToken)).FirstOrDefault() is
                    { } failed
                )
                    faults.Add(
                        new(
                            $"the patch '{failed.File}' does not apply to the source of '{recipe.Name}': "
                                + $"{failed.Reason}",
                            source.Span
                        )
                    );
            }
            catch (EngineException e)
            {
                faults.Add(new(e.Text, source.Span));
            }
        }
        return faults.ToImmutable();
    }

    /// <summary>
    /// Tries the patches of a recipe, and of the one it builds from, on a tree that it might be pinned to.
    /// </summary>
    /// <param name="workspace">Without faults.</param>
    /// <param name="recipe">Patches of included sources are not looked at.</param>
    /// <param name="tree">In the store.</param>
    /// <param name="store">Where the tree is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Every patch that does not apply; after one that fails, the later ones are tried without it.</returns>
    /// <exception cref="EngineException">git is not on this machine.</exception>
    public static Task<ImmutableArray<FailedPatch>> FailuresAsync(
        Workspace workspace,
        Recipe recipe,
        Digest tree,
        ContentStore store,
        CancellationToken cancellationToken
    )
    {
        var patches = SourceLayout.Of(recipe, workspace).Patches.Where(x => x.Directory == "/build");
        return FailuresAsync([.. patches], [("build", tree)], store, cancellationToken);
    }

    private static async Task<ImmutableArray<FailedPatch>> FailuresAsync(
        ImmutableArray<SourcePatch> patches,
        IReadOnlyList<(string Path, Digest Tree)> trees,
        ContentStore store,
        CancellationToken cancellationToken
    )
    {
        using var scratch = store.CreateScratch("patches");
        var brought = new HashSet<string>(StringComparer.Ordinal);
        var failed = ImmutableArray.CreateBuilder<FailedPatch>();
        foreach (var patch in patches)
        {
            var folder = Path.Join(scratch.Path, patch.Directory);
            Directory.CreateDirectory(folder);
            var file = Path.Join(patch.Owner.Folder, patch.File);
            if (!File.Exists(file))
            {
                failed.Add(new(patch.Owner.Name, patch.File, "it does not exist", IsUpstream: false));
                continue;
            }
            // A file that one patch deletes must not come back for the next.
            foreach (var path in PathsIn(file).Select(x => $"{patch.Directory.TrimStart('/')}/{x}").Where(brought.Add))
                Bring(path, scratch.Path, trees, store);
            var result = await ApplyAsync(folder, cancellationToken, file);
            if (result.IsSuccess)
                continue;
            var reversed = await ApplyAsync(folder, cancellationToken, "--reverse", "--check", file);
            failed.Add(new(patch.Owner.Name, patch.File, Reason(result.StandardError), reversed.IsSuccess));
        }
        return failed.ToImmutable();
    }

    private static async Task<BufferedCommandResult> ApplyAsync(
        string folder,
        CancellationToken cancellationToken,
        params string[] arguments
    )
    {
        try
        {
            return await Cli.Wrap("git")
                .WithArguments(["apply", "-p1", "--whitespace=nowarn", .. arguments])
                .WithWorkingDirectory(folder)
                // In a repository, git would take paths as the repository's.
                .WithEnvironmentVariables(x => x.Set("GIT_DIR", "/dev/null").Set("LC_ALL", "C"))
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(cancellationToken);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw EngineException.MissingProgram("git", "to try patches", e);
        }
    }

    private static string Reason(string errors) =>
        string.Join(
            "; ",
            errors
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(x => x.Replace("error: ", "", StringComparison.Ordinal))
        );

    /// <summary>The paths that a patch names, below its folder.</summary>
    private static IEnumerable<string> PathsIn(string patch)
    {
        foreach (var line in File.ReadLines(patch, Encoding.UTF8))
        {
            var name = (After(line, "--- ") ?? After(line, "+++ ")) is { } both
                ? both[(both.IndexOf('/', StringComparison.Ordinal) + 1)..]
                : After(line, "rename from ")
                    ?? After(line, "copy from ")
                    ?? After(line, "diff --git a/")?.Split(' ')[0];
            if (name is not null)
                yield return name.Split('\t')[0].TrimEnd();
        }
    }

    private static string? After(string line, string start) =>
        line.StartsWith(start, StringComparison.Ordinal) ? line[start.Length..] : null;

    /// <summary>
    /// Copies a file or link of the source. No link in it is followed, nor one that was copied before.
    /// </summary>
    private static void Bring(
        string path,
        string scratch,
        IReadOnlyList<(string Path, Digest Tree)> trees,
        ContentStore store
    )
    {
        var target = Path.GetFullPath(Path.Join(scratch, path));
        var (place, tree) = trees.LastOrDefault(x => path.StartsWith(x.Path + "/", StringComparison.Ordinal));
        if (place is null || !target.StartsWith(scratch + "/", StringComparison.Ordinal))
            return;
        var relative = path[(place.Length + 1)..];
        // Only what the listing holds; that leads through no link.
        if (
            store.ReadTree(tree).Find(relative) is not { Kind: not TreeEntryKind.Folder } entry
            || !TryMakeFolders(scratch, target)
        )
            return;
        if (entry.Kind == TreeEntryKind.Link)
            File.CreateSymbolicLink(target, entry.Target!);
        else
            File.Copy(Path.Join(store.TreePath(tree), relative), target);
    }

    /// <summary>False if something is there already, or a link is on the way.</summary>
    private static bool TryMakeFolders(string scratch, string target)
    {
        var folder = scratch;
        foreach (var part in Path.GetRelativePath(scratch, Path.GetDirectoryName(target)!).Split('/'))
        {
            folder = Path.Join(folder, part);
            if (Posix.Stat(folder) is not { } stat)
                Directory.CreateDirectory(folder);
            else if (stat.Kind != FileKind.Folder)
                return false;
        }
        return Posix.Stat(target) is null;
    }
}
