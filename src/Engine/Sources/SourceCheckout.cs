using System.Diagnostics;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Git;
using Recipes.Engine.Sources.Importing;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Sources;

/// <summary>A source was laid down as a submodule.</summary>
/// <param name="Name">The recipe's name.</param>
/// <param name="Path">The work tree, relative to the workspace.</param>
/// <param name="Commit">What is checked out.</param>
/// <param name="Elapsed">Wall time of importing and checking out.</param>
internal sealed record SourceCheckedOut(string Name, string Path, string Commit, TimeSpan Elapsed) : EngineEvent;

/// <summary>
/// Makes real submodules of pinned sources: their git folders in the superproject's <c>modules/</c> and their work
/// trees. Each pin that was ever checked out stays in the repository, under its version as tag, for <c>git diff</c>.
/// </summary>
/// <param name="workspace">Without faults.</param>
/// <param name="project">The repository that it lies in.</param>
/// <param name="locks">Its lock.</param>
/// <param name="store">Where sources are.</param>
/// <param name="fetcher">Brings in those that are not there yet.</param>
/// <param name="observer">Is told of each source.</param>
internal sealed class SourceCheckout(
    Workspace workspace,
    Superproject project,
    LockFile locks,
    ContentStore store,
    SourceFetcher fetcher,
    IEngineObserver observer
)
{
    private readonly Lazy<LockFile> committed = new(() => Committed(workspace, project));

    /// <summary>Checks out a source.</summary>
    /// <exception cref="EngineException">
    /// Lock and gitlink disagree, the source is not available, or the work tree has changes of its own.
    /// </exception>
    public Task RunAsync(OwnSource source, CancellationToken cancellationToken) =>
        SourceFault.GuardAsync(source.Name, () => RunUnguardedAsync(source, cancellationToken), cancellationToken);

    private async Task RunUnguardedAsync(OwnSource source, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var pin = LockCheck.RequireSource(source, locks);
        var module = Submodule.Of(source, pin);
        var (gitlink, entry) = (project.FindGitlink(module.Path), project.Modules().GetValueOrDefault(module.Path));
        if (PinnedSubmodules.Fault(module, gitlink, entry) is { } fault)
            throw new EngineException($"{fault}; {new Remedy(RemedyKind.Lock)}");
        var name = project.ModuleName(module.Path);
        var repository = new SubmoduleRepository(
            project.Root,
            Path.Join(project.GitFolder, "modules", name),
            Path.Join(source.Recipe.Folder, RecipeFiles.SourceFolder)
        );
        await repository.EnsureAsync(cancellationToken);
        // The commit before a bump comes too where it costs no download, so that the bump can be looked at.
        var old = committed.Value.Sources.GetValueOrDefault(source.Name);
        if (old is not null && old.Commit != pin.Commit && await IsHereAsync(old, cancellationToken))
            await BringAsync(source, old, repository, cancellationToken);
        await BringAsync(source, pin, repository, cancellationToken);
        await repository.CheckOutAsync(pin.Commit, cancellationToken);
        // This is what makes it active for git.
        await new GitProgram(project.GitFolder).RequireAsync(
            ["config", $"submodule.{name}.url", module.Url],
            cancellationToken
        );
        observer.On(new SourceCheckedOut(source.Name, module.Path, pin.Commit, Stopwatch.GetElapsedTime(start)));
    }

    private async Task<bool> IsHereAsync(Pin pin, CancellationToken cancellationToken) =>
        pin.Git is null
            ? store.HasTree(pin.Tree)
            : await new GitRepository(store, pin.Git).FindAsync(pin.Commit, cancellationToken) is not null;

    private async Task BringAsync(
        OwnSource source,
        Pin pin,
        SubmoduleRepository repository,
        CancellationToken cancellationToken
    )
    {
        if (!await repository.HasAsync(pin.Commit, cancellationToken))
        {
            if (pin.Git is null)
                await ImportAsync(source, pin, repository, cancellationToken);
            else
                await FetchAsync(pin, repository, cancellationToken);
        }
        var tag = pin.Tag ?? pin.Version;
        if ((await repository.Git.RunAsync(["check-ref-format", $"refs/tags/{tag}"], cancellationToken)).IsSuccess)
            await repository.Git.RequireAsync(["update-ref", $"refs/tags/{tag}", pin.Commit], cancellationToken);
    }

    private async Task ImportAsync(
        OwnSource source,
        Pin pin,
        SubmoduleRepository repository,
        CancellationToken cancellationToken
    )
    {
        await fetcher.EnsureTreeAsync(source, pin, cancellationToken);
        var commit = ImportCommit.Of(pin);
        if (commit.Id != pin.Commit)
            throw new EngineException(
                $"{WorkspaceLocks.NameOf(source.Recipe)} pins '{source.Name}' as {pin.Commit}, yet its archive and tree make the commit "
                    + $"{commit.Id}; "
                    + $"{new Remedy(RemedyKind.LockAnew, source.Name)}"
            );
        var reference = SubmoduleRepository.ReferenceOf(commit.Id);
        await FastImport.RunAsync(
            repository.Git,
            reference,
            commit,
            store.ReadTree(pin.Tree),
            store.TreePath(pin.Tree),
            cancellationToken
        );
    }

    private async Task FetchAsync(Pin pin, SubmoduleRepository repository, CancellationToken cancellationToken)
    {
        var kept = new GitRepository(store, pin.Git!);
        await kept.EnsureAsync(pin.Commit, pin.Tag!, cancellationToken);
        await repository.Git.RequireAsync(["config", "remote.origin.url", pin.Git!], cancellationToken);
        await repository.Git.RequireAsync(
            ["config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"],
            cancellationToken
        );
        string[] fetch = ["fetch", "--quiet", "--depth=1", "--no-tags", kept.Folder];
        await repository.Git.RequireAsync(
            [.. fetch, $"+{pin.Commit}:{SubmoduleRepository.ReferenceOf(pin.Commit)}"],
            cancellationToken
        );
    }

    private static LockFile Committed(Workspace workspace, Superproject project)
    {
        try
        {
            return project.ReadCommitted(Path.GetFileName(workspace.LockPath)) is { } text
                ? LockFile.Parse(text)
                : LockFile.Empty;
        }
        catch (EngineException)
        {
            // An older format, or a mess: only the comfort of an older commit is lost.
            return LockFile.Empty;
        }
    }
}
