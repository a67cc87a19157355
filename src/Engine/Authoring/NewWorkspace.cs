using System.Collections.Immutable;
using System.Text;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Git;
using Recipes.Engine.Workspaces;
using Recipes.Engine.Workspaces.Collections;
using Recipes.Engine.Workspaces.Keys;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Authoring;

/// <summary>A workspace that was made.</summary>
/// <param name="Root">Its folder, absolute.</param>
/// <param name="Collection">The collection that it uses.</param>
/// <param name="Files">What was written, relative to it.</param>
/// <param name="Package">The package of the code that was there; null if none was recognised.</param>
/// <param name="HasWrapper">Whether the collection brings the program, which <c>./recipes</c> then runs.</param>
internal sealed record NewWorkspaceResult(
    string Root,
    Collection Collection,
    ImmutableArray<string> Files,
    string? Package,
    bool HasWrapper
);

/// <summary>
/// Makes a repository of one's own: a workspace with a collection as its submodule, and the first package and image of
/// the code that is there.
/// </summary>
internal sealed class NewWorkspace
{
    private const string Wrapper = "recipes";
    private const string Ignored = ".gitignore";
    private const string Collections = "collections";

    private readonly string root;
    private readonly string name;
    private readonly List<string> written = [];
    private readonly Stack<Action> undo = [];

    private NewWorkspace(string root) => (this.root, name) = (root, NameOf(root));

    /// <summary>Makes it. What was made is taken back where something fails.</summary>
    /// <param name="root">The folder, absolute; it may be missing, and may have code and a repository.</param>
    /// <param name="origin">Where the collection is: a URL, or the absolute path of a repository.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="EngineException">
    /// There is a workspace already, the collection cannot be had, or something cannot be written.
    /// </exception>
    public static async Task<NewWorkspaceResult> CreateAsync(
        string root,
        string origin,
        CancellationToken cancellationToken
    )
    {
        var maker = new NewWorkspace(root.TrimEnd('/'));
        maker.RequireRoom();
        var isNew = !Directory.Exists(root);
        try
        {
            Directory.CreateDirectory(root);
            return await maker.MakeAsync(origin, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            maker.Undo(isNew);
            throw new EngineException($"'{root}' cannot be written: {e.Message}", e);
        }
        catch
        {
            maker.Undo(isNew);
            throw;
        }
    }

    private async Task<NewWorkspaceResult> MakeAsync(string origin, CancellationToken cancellationToken)
    {
        var code = FoundCode.In(root, name);
        var module = await NewSubmodule.AddAsync(root, Collections, origin, cancellationToken);
        undo.Push(module.Undo);
        var path = $"{Collections}/{module.Folder}";
        Write(
            WorkspaceFile.FileName,
            $"name   = {TomlString.Basic(name)}\nformat = {WorkspaceKeys.FormatVersion}\n\n[collections]\n"
                + $"{Key(module.Name)} = {TomlString.Basic(path)}\n"
        );
        if (!File.Exists(Path.Join(root, Ignored)))
            Write(Ignored, "/*.tar\n/.recipes-bump\n");
        var hasWrapper = File.Exists(Path.Join(root, path, Wrapper));
        if (hasWrapper)
            WriteWrapper(path);
        var workspace = Workspace.Load(root, cancellationToken);
        if (!workspace.Diagnostics.IsEmpty)
            throw new EngineException(
                $"The collection '{module.Name}' has faults, so that nothing was made:\n"
                    + string.Join('\n', workspace.Diagnostics)
            );
        var package = code is not null && !workspace.Recipes.ContainsKey(name) ? name : null;
        if (package is not null)
            WriteRecipes(code!, workspace);
        return new(root, workspace.Collections[0], [.. written], package, hasWrapper);
    }

    private void WriteRecipes(FoundCode code, Workspace workspace)
    {
        Write(new RecipeLocation(RecipeArea.Packages, name).File, code.Recipe(name, workspace));
        Write(
            ImageDraft.FileOf(name),
            ImageDraft.Text(name, code.Facts.Summary?.Value, ImageDraft.HasLayout(workspace))
        );
        var edited = Workspace.Load(root);
        if (edited.Diagnostics.AddRange(RecipeGraph.Create(edited).Diagnostics) is { IsEmpty: false } faults)
            throw new EngineException(
                $"The recipe that came out has faults, so that nothing was written:\n{string.Join('\n', faults)}"
            );
    }

    private void WriteWrapper(string collection)
    {
        Write(
            Wrapper,
            "#!/bin/sh\n# recipes, as the collection brings it, for this workspace.\n"
                + $"exec \"$(dirname -- \"$(readlink -f -- \"$0\")\")/{collection}/{Wrapper}\" \"$@\"\n"
        );
        File.SetUnixFileMode(Path.Join(root, Wrapper), (UnixFileMode)0b111_101_101);
    }

    private void Write(string file, string text)
    {
        var path = Path.Join(root, file);
        var folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        undo.Push(() => RemoveEmpty(folder));
        using (var draft = FileDraft.Beside(path))
        {
            draft.Write(Encoding.UTF8.GetBytes(text));
            draft.PublishNew();
        }
        undo.Push(() => File.Delete(path));
        written.Add(file);
    }

    private void RemoveEmpty(string folder)
    {
        for (
            ;
            folder != root && !Directory.EnumerateFileSystemEntries(folder).Any();
            folder = Path.GetDirectoryName(folder)!
        )
            Directory.Delete(folder);
    }

    private void RequireRoom()
    {
        if (Forms.RecipeName.Fault(name) is { } fault)
            throw new EngineException($"'{Path.GetFileName(root)}' is not a name for a workspace: {fault}");
        foreach (var file in (string[])[WorkspaceFile.FileName, "recipes.lock", "pkgs", Wrapper, Collections])
        {
            if (Path.Exists(Path.Join(root, file)))
                throw new EngineException($"'{Path.Join(root, file)}' is there already; nothing was changed");
        }
        for (var outer = Path.GetDirectoryName(root); outer is not null; outer = Path.GetDirectoryName(outer))
        {
            if (WorkspaceFile.IsWorkspace(outer))
                throw new EngineException($"'{root}' is in the workspace '{outer}'; make the new one beside it");
        }
    }

    private void Undo(bool isNew)
    {
        while (undo.TryPop(out var step))
            step();
        if (isNew && Directory.Exists(root))
            Directory.Delete(root, recursive: true);
    }

    /// <summary>Bare where TOML takes that.</summary>
    private static string Key(string name) =>
        name.All(x => char.IsAsciiLetterOrDigit(x) || x == '-') ? name : TomlString.Basic(name);

    /// <summary>The folder's name in the letters that recipes and images take.</summary>
    private static string NameOf(string root) =>
        string.Concat(
                Path.GetFileName(root)
                    .ToLowerInvariant()
                    .Select(x => char.IsAsciiLetterOrDigit(x) || x is '.' or '+' or '-' ? x : '-')
            )
            .Trim('-', '.', '+');
}
