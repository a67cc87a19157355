using System.Collections.Immutable;
using System.Text;
using Recipes.Engine.Bumping;
using Recipes.Engine.Content;
using Recipes.Engine.Graph;
using Recipes.Engine.Recipes;
using Recipes.Engine.Recipes.Toml;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Debian;

namespace Recipes.Engine.Authoring;

/// <summary>Writes the first recipe of a package from its source. Preparing changes nothing but the store; see <see cref="PreparedRecipe"/>.</summary>
public sealed class Author : IDisposable
{
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

    /// <summary>The workspace with a recipe in it that only pins the source; its diagnostics are faults of the other recipes.</summary>
    /// <param name="root">The workspace.</param>
    /// <param name="request">Without fault.</param>
    /// <exception cref="EngineException">The request has a fault, or a file cannot be read.</exception>
    public static Workspace Begin(string root, NewRequest request)
    {
        if (request.Fault(root) is { } fault)
            throw new EngineException(fault);
        return Load(root, request, RecipeDraft.Pinned(request, request.Release()!));
    }

    /// <summary>Downloads the source, inspects it, and writes the recipe in memory.</summary>
    /// <param name="workspace">From <see cref="Begin"/>, without faults.</param>
    /// <param name="locks">Its lock.</param>
    /// <param name="request">What <paramref name="workspace"/> was begun with.</param>
    /// <param name="cancellationToken">Stops it; downloads are kept.</param>
    /// <exception cref="EngineException">The source cannot be had, or is no source.</exception>
    public async Task<PreparedRecipe> PrepareAsync(Workspace workspace, LockFile locks, NewRequest request, CancellationToken cancellationToken)
    {
        var release = request.Release()!;
        var recipe = workspace.Recipes[request.Name];
        var pin = await locker.PinAsync(recipe, default, cancellationToken);
        var place = recipe.Source!.Archive ?? recipe.Source.Git!;
        var facts = SourceFacts.Of(SourceTree.OfFolder(store.TreePath(pin.Tree)), request.Name, place);
        var plan = BuildPlans.Choose(facts.Builds, x => IsPackage(workspace, x));
        var text = RecipeDraft.Whole(
            request,
            release,
            [("summary", facts.Summary), ("license", facts.License), ("homepage", facts.Homepage)],
            plan,
            [.. plan.Programs.Where(x => IsPackage(workspace, x))]
        );
        var edited = Load(workspace.Root, request, text);
        if (edited.Diagnostics.AddRange(RecipeGraph.Create(edited).Diagnostics) is { IsEmpty: false } faults)
            throw new EngineException($"The recipe that came out has faults, so that it was not written:\n{string.Join('\n', faults)}");
        var remarks = Remarks(workspace, facts, plan, release).ToImmutableArray();
        return new(edited, locks, locks with { Sources = locks.Sources.SetItem(request.Name, pin) }, Encoding.UTF8.GetBytes(text))
        {
            Recipe = edited.Recipes[request.Name],
            Pin = pin,
            Facts = facts,
            Plan = plan,
            Remarks = remarks,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => locker.Dispose();

    private static Workspace Load(string root, NewRequest request, string text) =>
        Workspace.Load(root, [RecipeText.Parse(request.File, Encoding.UTF8.GetBytes(text))]);

    private static bool IsPackage(Workspace workspace, string name) => workspace.Recipes.GetValueOrDefault(name) is { Area: RecipeArea.Packages, Build: not null };

    private static IEnumerable<string> Remarks(Workspace workspace, SourceFacts facts, BuildPlan plan, ReleaseName release)
    {
        if (plan.Remark is not null)
            yield return plan.Remark;
        if (plan.Programs.Where(x => !IsPackage(workspace, x)).ToList() is { Count: > 0 } missing)
            yield return $"the build calls {string.Join(" and ", missing)}, for which there is no package yet";
        if (facts.Version is { } claimed && claimed.Value != release.Version)
            yield return $"{claimed.From} calls this version {claimed.Value}, not {release.Version}";
        if (!release.Template.Contains("{version}", StringComparison.Ordinal))
            yield return "the place of the source does not hold the version as it is written, so that 'recipes bump' will have to be told where newer ones are";
    }
}
