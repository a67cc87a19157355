using System.Collections.Immutable;
using System.Text;
using Recipes.Engine.Bumping;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Git;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Authoring;

/// <summary>A recipe that was written in memory: its source is in the store, and the workspace is as it was.</summary>
internal sealed class PreparedRecipe
{
    private readonly Workspace edited;
    private readonly LockFile locksBefore;
    private readonly LockFile locks;
    private readonly byte[] text;

    internal PreparedRecipe(Workspace edited, LockFile locksBefore, LockFile locks, byte[] text) =>
        (this.edited, this.locksBefore, this.locks, this.text) = (edited, locksBefore, locks, text);

    /// <summary>Its source, as the recipe will be read.</summary>
    public required OwnSource Source { get; init; }

    /// <summary>The recipe as it will be read.</summary>
    public Recipe Recipe => Source.Recipe;

    /// <summary>Its exact source.</summary>
    public required Pin Pin { get; init; }

    /// <summary>What the source shows.</summary>
    public required SourceFacts Facts { get; init; }

    /// <summary>The way of building that was chosen.</summary>
    public required BuildPlan Plan { get; init; }

    /// <summary>What a person has to know or to fix, a clause each.</summary>
    public required ImmutableArray<string> Remarks { get; init; }

    /// <summary>The recipe of the image, by its file and its text; null if none was asked for.</summary>
    public (string File, string Text)? Image { get; init; }

    /// <summary>The text of the file.</summary>
    public string Text => Encoding.UTF8.GetString(text);

    /// <summary>Sets the gitlink, and writes the recipe and the lock: all of it, or nothing.</summary>
    /// <param name="cancellationToken">
    /// Stops it before anything is written; afterwards all is written or undone.
    /// </param>
    /// <returns>True if there is a repository, so that the gitlink was staged.</returns>
    /// <exception cref="EngineException">
    /// Something cannot be written, or was written meanwhile; the workspace is as it was.
    /// </exception>
    public bool Apply(CancellationToken cancellationToken)
    {
        var project = Superproject.Find(edited.Root);
        cancellationToken.ThrowIfCancellationRequested();
        var lockName = Path.GetFileName(edited.LockPath);
        List<(string File, byte[] Content)> files =
        [
            (Recipe.File, text),
            (lockName, Encoding.UTF8.GetBytes(locks.ToText())),
        ];
        if (Image is { } image)
            files.Add((image.File, Encoding.UTF8.GetBytes(image.Text)));
        var change = WorkspaceChange.Begin(edited.Root, project, files.Select(x => x.File), Source.Path);
        try
        {
            RequireUnchanged();
            change.Write(files, Submodule.Of(Source, Pin));
        }
        catch
        {
            change.Undo();
            throw;
        }
        change.Keep();
        return project is not null;
    }

    /// <summary>A download may have taken minutes, in which a person worked on.</summary>
    private void RequireUnchanged()
    {
        if (
            ((string?[])[Recipe.File, Image?.File])
                .OfType<string>()
                .FirstOrDefault(x => File.Exists(Path.Join(edited.Root, x))) is
            { } written
        )
            throw new EngineException($"{written} was written meanwhile; nothing was changed");
        if (LockFile.Read(edited.LockPath).SemanticDigest != locksBefore.SemanticDigest)
            throw new EngineException(
                "recipes.lock was changed meanwhile; nothing was changed. Run the command again: the download is kept"
            );
    }
}
