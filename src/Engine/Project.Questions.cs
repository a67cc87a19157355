using System.Collections.Immutable;
using Recipes.Engine.Building;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Content;
using Recipes.Engine.Images;
using Recipes.Engine.Model;
using Recipes.Engine.Sandboxes.Hosts;

namespace Recipes.Engine;

public sealed partial class Project
{
    private BuiltPackages? packages;

    /// <summary>What the store holds of the packages; looked up once.</summary>
    internal BuiltPackages Packages => packages ??= BuiltPackages.Find(Graph, Locks, StoreToAsk, opening);

    /// <summary>Looks at what the engine needs of this host; no workspace is needed for that.</summary>
    /// <param name="store">The folder of the store, or where it will be.</param>
    /// <param name="sandbox">The sandbox to build in; null for any.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal static Task<HostReport> CheckHostAsync(
        string store,
        SandboxKind? sandbox,
        Func<string, string?> variable,
        CancellationToken cancellationToken = default
    ) => new HostProbe(store, variable("PATH") ?? "", variable) { Sandbox = sandbox }.RunAsync(cancellationToken);

    /// <summary>The result of a package or seed.</summary>
    /// <exception cref="EngineException">It is not built as its recipe is now.</exception>
    internal BuiltPackage RequireBuilt(Recipe recipe) =>
        Packages.Find(recipe.Name)
        ?? throw new EngineException(
            $"'{recipe.Name}' is not built as its recipe is now; {new Remedy(RemedyKind.Build, recipe.Name)}"
        );

    /// <summary>An output of a package or seed.</summary>
    /// <exception cref="EngineException">The package is not built, or has no such output.</exception>
    internal BuiltOutput RequireOutput(Recipe recipe, string output)
    {
        var package = RequireBuilt(recipe);
        if (package.Outputs.TryGetValue(output, out var found))
            return found;
        if (package.Outputs.IsEmpty)
            throw new EngineException($"'{recipe.Name}' installs no files, so none of its outputs has any");
        var isEmpty = recipe is PackageRecipe described && described.Outputs.Any(x => x.Name == output);
        var known = string.Join(", ", package.Outputs.Keys);
        throw new EngineException(
            isEmpty
                ? $"the output '{output}' of '{recipe.Name}' is empty; with files there are: {known}"
                : $"'{recipe.Name}' has no output '{output}'; there are: {known}"
        );
    }

    /// <summary>
    /// The action whose log is that of a package: the one it stands for now, while that runs; else that of its last
    /// build; else again the one it stands for now, which another recipe may have run. Null if there is none.
    /// </summary>
    internal Digest? LogOf(PackageRecipe package)
    {
        var current = Packages[package.Name].Plan?.Action.Digest;
        if (current is { } running && StoreToAsk.IsRunning(running))
            return running;
        if (new BuildHistory(StoreToAsk).Find(package.Name) is { } past)
            return past.Action;
        return current is { } other && File.Exists(StoreToAsk.LogPath(other)) ? other : null;
    }

    /// <summary>The trees that the build of a recipe starts from.</summary>
    /// <exception cref="EngineException">It has no source, or the lock does not cover it.</exception>
    internal ImmutableArray<BuildSource> SourcesOf(Recipe recipe) =>
        new BuildSources(Workspace, OwnCodeTrees.Of(Workspace, Locks, StoreToAsk), StoreToAsk).Describe(
            recipe.WrittenSource is not null ? recipe : recipe.RequireSource().Recipe
        );

    /// <summary>The outputs of an image with all they need at run time.</summary>
    /// <exception cref="EngineException">Something of it is not built, or its needs cannot be met.</exception>
    internal RuntimeClosure RequireClosure(ImageRecipe image) =>
        RequireWhole(image, RuntimeClosure.Of(image, Packages.Find, StoreToAsk));

    /// <summary>The closure of an image, if all of it is known.</summary>
    /// <exception cref="EngineException">Something of it is not built, or its needs cannot be met.</exception>
    internal static RuntimeClosure RequireWhole(ImageRecipe image, RuntimeClosure closure)
    {
        if (closure.IsWhole)
            return closure;
        throw closure.Unbuilt.IsEmpty
            ? new EngineException(MessageText.Lines(closure.Faults.Select(x => x.Text)))
            : new EngineException(
                $"{string.Join(", ", closure.Unbuilt.Keys)} of '{image.Name}' is not built as the recipes are now; "
                    + $"{new Remedy(RemedyKind.Compose, image.Name)}"
            );
    }

    /// <summary>An image that was composed of the outputs as they are now.</summary>
    /// <exception cref="EngineException">Its outputs are not built, or it was not composed of them.</exception>
    internal ImageResult RequireComposed(ImageRecipe image) =>
        ImageComposer.Find(image, RequireClosure(image), StoreToAsk)
        ?? throw new EngineException(
            $"'{image.Name}' is not composed as the recipes are now; {new Remedy(RemedyKind.Compose, image.Name)}"
        );

    /// <summary>
    /// What composing builds that no recipe names, of an image or of an image with a package; as the store is now.
    /// </summary>
    /// <param name="name">A package or image.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal RuntimeForecast Forecast(string name, CancellationToken cancellationToken = default) =>
        RuntimeForecast.Of(Graph, Locks, StoreToAsk, name, cancellationToken);

    /// <summary>Why something would be built, before it is: a package, or all that composing an image builds.</summary>
    /// <param name="name">A package or image.</param>
    /// <param name="forecast">Of the same name.</param>
    internal BuildExplanation Explain(string name, RuntimeForecast forecast) =>
        BuildExplanation.Of(
            Graph,
            Packages,
            StoreToAsk,
            [name, .. Graph.Workspace.Recipes[name] is ImageRecipe ? forecast.Closure.UnbuiltPackages : []]
        );

    /// <summary>Why a file or an output is in an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="closure">Its closure, as far as it is known.</param>
    /// <param name="what">A path, a file's name, a soname, or an output.</param>
    /// <returns>Every output that brings it, with the way to it; empty if nothing does.</returns>
    internal ImmutableArray<RuntimePath> Why(ImageRecipe image, RuntimeClosure closure, string what) =>
        RuntimePath.Find(image, closure, StoreToAsk, what);

    /// <summary>Weighs an image without composing it.</summary>
    /// <param name="image">The image.</param>
    /// <exception cref="EngineException">Something of it is not built.</exception>
    internal ImageSize SizeOf(ImageRecipe image) => ImageSize.Of(image, RequireClosure(image), StoreToAsk);

    /// <summary>
    /// Deletes the least recently used things of the store that the recipes do not need as they are now.
    /// </summary>
    /// <param name="keepBytes">The most to leave.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public StoreCleanup CollectGarbage(long keepBytes, CancellationToken cancellationToken = default) =>
        StoreCollector.Collect(
            Store,
            keepBytes,
            StoreNeeds.Of(Graph, Locks, Store, cancellationToken),
            cancellationToken
        );
}
