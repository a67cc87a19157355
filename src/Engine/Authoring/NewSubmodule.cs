using Recipes.Engine.Sources.Git;
using Recipes.Engine.Workspaces;
using Recipes.Engine.Workspaces.Collections;
using Recipes.Engine.Workspaces.Keys;

namespace Recipes.Engine.Authoring;

/// <summary>A repository that became the submodule of another one.</summary>
/// <param name="Name">What its own <c>recipes.toml</c> calls it.</param>
/// <param name="Folder">The name of its folder.</param>
/// <param name="Undo">Takes it out again.</param>
internal sealed record NewSubmodule(string Name, string Folder, Action Undo)
{
    private const string Modules = ".gitmodules";

    // The place was named by a person, who may have it on this machine: git asks for that since CVE-2022-39253.
    private static readonly string[] Allowed = ["-c", "protocol.file.allow=always"];

    /// <summary>Adds it, in a repository that is made where there is none.</summary>
    /// <param name="root">The folder that the repository is, or is in.</param>
    /// <param name="parent">The folder below it for the submodule.</param>
    /// <param name="origin">A URL, or the absolute path of a repository.</param>
    /// <param name="cancellationToken">Stops git.</param>
    /// <exception cref="EngineException">It cannot be had, or is no workspace.</exception>
    public static async Task<NewSubmodule> AddAsync(
        string root,
        string parent,
        string origin,
        CancellationToken cancellationToken
    )
    {
        var scratch = Directory.CreateTempSubdirectory("recipes-");
        try
        {
            var copy = Path.Join(scratch.FullName, "copy");
            var clone = await GitProgram.Outside.RunAsync(
                [.. Allowed, "clone", "--quiet", "--no-tags", "--", origin, copy],
                cancellationToken
            );
            if (!clone.IsSuccess)
                throw new EngineException($"'{origin}' cannot be cloned: {clone.StandardError.Trim()}");
            if (!WorkspaceFile.IsWorkspace(copy))
                throw new EngineException(
                    $"'{origin}' is not a workspace: it has neither recipes.toml nor recipes.lock nor pkgs/"
                );
            var name = WorkspaceFile.Find(copy)?.Name ?? Guess(origin);
            if (Forms.RecipeName.Fault(name) is { } fault)
                throw new EngineException(
                    $"'{origin}' has no recipes.toml that names it, and '{name}' is not a name for a collection: {fault}"
                );
            return await AddAsync(root, $"{parent}/{name}", name, origin, copy, cancellationToken);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static async Task<NewSubmodule> AddAsync(
        string root,
        string path,
        string name,
        string origin,
        string copy,
        CancellationToken cancellationToken
    )
    {
        var top = root;
        while (top is not null && !Path.Exists(Path.Join(top, ".git")))
            top = Path.GetDirectoryName(top);
        var isNew = top is null;
        if (isNew)
        {
            top = root;
            await new GitProgram(Path.Join(root, ".git"), root).RequireAsync(["init", "--quiet"], cancellationToken);
        }
        var project = Superproject.Find(top!)!;
        var git = new GitProgram(project.GitFolder, top);
        var place = Path.GetRelativePath(top!, Path.Join(root, path));
        var undo = () => Remove(git, project.GitFolder, root, place, isNew, top!);
        try
        {
            await git.RequireAsync(
                [.. Allowed, "submodule", "--quiet", "add", "--reference", copy, "--dissociate", "--", origin, place],
                cancellationToken
            );
        }
        catch
        {
            undo();
            throw;
        }
        return new(name, Path.GetFileName(path), undo);
    }

    private static void Remove(GitProgram git, string gitFolder, string root, string place, bool isNew, string top)
    {
        var module = Path.Join(top, place);
        if (isNew)
            Delete(Path.Join(root, ".git"));
        else
        {
            git.RunAsync(["rm", "--quiet", "--force", "--", place], CancellationToken.None).GetAwaiter().GetResult();
            Delete(Path.Join(gitFolder, "modules", place));
            git.RunAsync(["config", "--remove-section", $"submodule.{place}"], CancellationToken.None)
                .GetAwaiter()
                .GetResult();
        }
        Delete(module);
        if (Path.GetDirectoryName(module) is { } parent && Directory.Exists(parent) && IsEmpty(parent))
            Directory.Delete(parent);
        if (new FileInfo(Path.Join(top, Modules)) is not { Exists: true } modules)
            return;
        if (isNew)
            modules.Delete();
        else if (modules.Length == 0)
            git.RunAsync(["rm", "--quiet", "--force", "--", Modules], CancellationToken.None).GetAwaiter().GetResult();
    }

    private static bool IsEmpty(string folder) => !Directory.EnumerateFileSystemEntries(folder).Any();

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private static string Guess(string origin)
    {
        var last = Path.GetFileName(origin.TrimEnd('/'));
        return last.EndsWith(".git", StringComparison.Ordinal) ? last[..^".git".Length] : last;
    }
}
