using System.Collections.Immutable;
using System.Text;
using Recipes.Engine.Bumping;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Model;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Debian;
using Recipes.Engine.Sources.Downloads;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Sources.Releases;
using Recipes.Engine.Workspaces;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Authoring;

/// <summary>
/// Writes the first recipe of a package from its source. Preparing changes nothing but the store; see
/// <see cref="PreparedRecipe"/>.
/// </summary>
internal sealed class Author : IDisposable
{
    private const int MaxFolders = 4;

    private readonly ContentStore store;
    private readonly Locker locker;

    /// <param name="store">Keeps what is downloaded and unpacked.</param>
    /// <param name="observer">Receives the events of downloads.</param>
    /// <param name="options">Null for the defaults.</param>
    public Author(ContentStore store, IEngineObserver observer, SourceOptions? options = null)
        : this(store, observer, options, new AptSites()) { }

    internal Author(ContentStore store, IEngineObserver observer, SourceOptions? options, IDebianSites sites)
    {
        this.store = store;
        locker = new(store, observer, options, sites);
    }

    /// <summary>Finds the release archive, where the request names a source package of Debian.</summary>
    /// <param name="request">Without fault.</param>
    /// <param name="cancellationToken">Stops it; downloads are kept.</param>
    /// <returns>The request with the archive's place and version.</returns>
    /// <exception cref="EngineException">Debian has no such source, or its lists are not available.</exception>
    public async Task<NewRequest> LocateAsync(NewRequest request, CancellationToken cancellationToken)
    {
        if (request.Debian is null)
            return request;
        var (version, template) = await new PoolSearch(locker.Importer).FindAsync(
            request.Debian,
            request.Version,
            cancellationToken
        );
        return request with { Archive = template, Version = version, Debian = null };
    }

    /// <summary>
    /// The workspace with a recipe in it that only pins the source; its diagnostics are faults of the other recipes.
    /// </summary>
    /// <param name="root">The workspace.</param>
    /// <param name="request">Without fault.</param>
    /// <exception cref="EngineException">The request has a fault, or a file cannot be read.</exception>
    public static Workspace Begin(string root, NewRequest request)
    {
        if (request.Fault(root) is { } fault)
            throw new EngineException(fault);
        return Load(root, [(request.File, RecipeDraft.Pinned(request, request.Release()!))]);
    }

    /// <summary>Downloads the source, inspects it, and writes the recipe in memory.</summary>
    /// <param name="workspace">From <see cref="Begin"/>, without faults.</param>
    /// <param name="locks">Its lock.</param>
    /// <param name="request">What <paramref name="workspace"/> was begun with.</param>
    /// <param name="cancellationToken">Stops it; downloads are kept.</param>
    /// <exception cref="EngineException">The source is not available, or is not a source.</exception>
    public async Task<PreparedRecipe> PrepareAsync(
        Workspace workspace,
        LockFile locks,
        NewRequest request,
        CancellationToken cancellationToken
    )
    {
        var release = request.Release()!;
        var source = workspace.RequireSource(request.Name);
        var pin = await locker.PinAsync(source, default, cancellationToken);
        var place = source.Spec.Archive ?? source.Spec.Git!;
        var facts = SourceFacts.Of(SourceTree.OfFolder(store.TreePath(pin.Tree)), request.Name, place);
        var plan = BuildPlans.Choose(facts.Builds, workspace);
        var text = RecipeDraft.Whole(
            request,
            release,
            [("summary", facts.Summary), ("license", facts.License), ("homepage", facts.Homepage)],
            plan,
            plan.Needs(workspace)
        );
        (string File, string Text)? image = request.WithImage
            ? (
                ImageDraft.FileOf(request.Name),
                ImageDraft.Text(request.Name, facts.Summary?.Value, ImageDraft.HasLayout(workspace))
            )
            : null;
        var edited = Load(workspace.Root, image is { } made ? [(request.File, text), made] : [(request.File, text)]);
        if (edited.Diagnostics.AddRange(RecipeGraph.Create(edited).Diagnostics) is { IsEmpty: false } faults)
            throw new EngineException(
                $"The recipe that came out has faults, so that it was not written:\n{string.Join('\n', faults)}"
            );
        var remarks = Remarks(workspace, facts, plan, release).ToImmutableArray();
        return new(
            edited,
            locks,
            locks with
            {
                Sources = locks.Sources.SetItem(request.Name, pin),
            },
            Encoding.UTF8.GetBytes(text)
        )
        {
            Source = edited.RequireSource(request.Name),
            Pin = pin,
            Facts = facts,
            Plan = plan,
            Remarks = remarks,
            Image = image,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => locker.Dispose();

    private static Workspace Load(string root, IEnumerable<(string File, string Text)> recipes) =>
        Workspace.Load(root, recipes.Select(x => RecipeText.Parse(x.File, Encoding.UTF8.GetBytes(x.Text))));

    private static IEnumerable<string> Remarks(
        Workspace workspace,
        SourceFacts facts,
        BuildPlan plan,
        ReleaseName release
    )
    {
        if (plan.Remark is not null)
            yield return plan.Remark;
        if (plan.Missing(workspace) is { IsEmpty: false } missing)
            yield return $"the build calls {string.Join(" and ", missing)}, for which there is no package yet";
        if (!facts.Vendored.IsEmpty)
            yield return $"{Folders(facts.Vendored)} other projects; where they get into what is installed, their "
                + $"licences count too";
        // Some say the series alone.
        if (
            facts.Version is { } claimed
            && claimed.Value != release.Version
            && !release.Version.StartsWith(claimed.Value + ".", StringComparison.Ordinal)
        )
            yield return $"{claimed.From} calls this version {claimed.Value}, not {release.Version}";
        if (!release.Template.Contains("{version}", StringComparison.Ordinal))
            yield return "the place of the source does not hold the version as it is written, so that 'recipes "
                + "bump' will have to be told where newer ones are";
    }

    private static string Folders(ImmutableArray<string> folders) =>
        folders.Length switch
        {
            1 => $"{folders[0]} holds",
            <= MaxFolders => $"{string.Join(", ", folders[..^1])} and {folders[^1]} hold",
            _ => $"{string.Join(", ", folders[..MaxFolders])} and {folders.Length - MaxFolders} more folders hold",
        };
}
