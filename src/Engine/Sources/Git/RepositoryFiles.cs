using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Trees;

namespace Recipes.Engine.Sources.Git;

/// <summary>What the workspace's own repository has of a folder.</summary>
/// <param name="Commit">The commit at HEAD.</param>
/// <param name="Tree">git's name of the folder in that commit; null if it has no such folder yet.</param>
/// <param name="Files">The index: path from the work tree's root, in order.</param>
/// <param name="Changed">Of these, the paths of which the work tree or the index differs from HEAD.</param>
internal sealed record RepositoryState(
    string Commit,
    string? Tree,
    ImmutableArray<IndexItem> Files,
    ImmutableHashSet<string> Changed
)
{
    /// <summary>True if the files are those of the commit.</summary>
    public bool IsClean => Changed.IsEmpty;
}

/// <summary>
/// The files that the workspace's own repository tracks below a folder, as sources: as they are at HEAD, or with
/// uncommitted changes. What git does not track is never among them.
/// </summary>
/// <param name="superproject">The repository.</param>
/// <param name="recipe">Who is built from them.</param>
/// <param name="source">Names the folder, and what of it is wanted.</param>
internal sealed class RepositoryFiles(Superproject superproject, string recipe, SourceSpec source)
{
    private readonly GitProgram git = new(superproject.GitFolder, superproject.Root);
    private readonly string folder = superproject.PathOf(source.Path!);
    private readonly WantedPaths wanted = WantedPaths.Of(source);

    /// <summary>Asks git what there is.</summary>
    /// <exception cref="EngineException">
    /// There is no commit yet, nothing below the folder is tracked or wanted, or it has a merge conflict.
    /// </exception>
    public RepositoryState Look()
    {
        var head = Answer("rev-parse", "--verify", "--quiet", "HEAD^{commit}");
        if (head is null)
            throw new EngineException(
                $"'{recipe}' is built from what '{superproject.Root}' has at HEAD, and nothing is committed there yet"
            );
        var files = Listed().Where(x => Wants(x.Path)).ToImmutableArray();
        if (files.FirstOrDefault(x => x.Stage != 0) is { } conflicted)
            throw new EngineException($"'{recipe}' cannot be built: '{conflicted.Path}' has a merge conflict");
        if (files.FirstOrDefault(x => x.Mode == IndexItem.Gitlink) is { } module)
            throw new EngineException(
                $"'{recipe}' is built from '{source.Path}', where '{module.Path}' is a submodule; leave it out with "
                    + $"'except', or lay another recipe's source there with 'include'"
            );
        if (files.IsEmpty)
            throw new EngineException(
                $"'{recipe}' is built from '{source.Path}', where git tracks nothing of what it wants"
            );
        return new(head, Answer("rev-parse", "--verify", "--quiet", $"{head}:{folder}"), files, Changed());
    }

    /// <summary>Lays the files down.</summary>
    /// <param name="state">As <see cref="Look"/> found it.</param>
    /// <param name="destination">An existing empty folder.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="EngineException">It holds what no source may hold.</exception>
    public ImportedTree Import(RepositoryState state, string destination, CancellationToken cancellationToken)
    {
        try
        {
            using var import = new TreeImport(destination, source.Limits);
            var kept = state.Files.Where(x => !state.Changed.Contains(x.Path));
            GitExport.Run(
                git,
                kept.Select(x => new GitListing(Convert.ToString(x.Mode, 8), x.Id, Inside(x.Path))),
                import,
                cancellationToken
            );
            foreach (var file in state.Files.Where(x => state.Changed.Contains(x.Path)))
                DirectoryImport.AddEntry(Path.Join(superproject.Root, file.Path), Inside(file.Path), import);
            return import.Finish();
        }
        catch (ImportException e)
        {
            throw new EngineException($"'{recipe}' cannot be built from '{source.Path}': {e.Advice}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"Cannot read '{superproject.Root}': {e.Message}", e);
        }
    }

    private IEnumerable<IndexItem> Listed() =>
        new ProgramIndex(git).All.Where(x =>
            folder.Length == 0 || x.Path.StartsWith(folder + "/", StringComparison.Ordinal)
        );

    /// <summary>Both what is staged and what is not, as git-status(1) tells it: by content, not by times.</summary>
    private ImmutableHashSet<string> Changed()
    {
        var status = git.RequireAsync(
                [
                    "--no-optional-locks",
                    "status",
                    "--porcelain=v1",
                    "-z",
                    "--no-renames",
                    "--untracked-files=no",
                    "--ignore-submodules=all",
                    "--",
                    folder.Length == 0 ? "." : $":(top,literal){folder}",
                ],
                CancellationToken.None
            )
            .GetAwaiter()
            .GetResult();
        // "XY PATH"
        return [.. status.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(x => x[3..]).Where(Wants)];
    }

    private string? Answer(params string[] arguments)
    {
        var result = git.RunAsync(arguments, CancellationToken.None).GetAwaiter().GetResult();
        return result.IsSuccess ? result.StandardOutput.Trim() : null;
    }

    private bool Wants(string path) => wanted.Wants(EntryPath.Segments(Inside(path)));

    private string Inside(string path) => folder.Length == 0 ? path : path[(folder.Length + 1)..];
}
