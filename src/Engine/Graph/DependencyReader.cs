using Recipes.Engine.Recipes;

namespace Recipes.Engine.Graph;

/// <summary>Lists what recipes depend on. References to what does not exist are left out: they are faults of the workspace.</summary>
internal sealed class DependencyReader(Workspace workspace)
{
    private const string Main = "main";
    private const string Development = "dev";

    /// <summary>In the order in which they are written, base first.</summary>
    public IEnumerable<Dependency> Of(Recipe recipe) =>
        OfBuild(recipe)
            .Concat(recipe.Outputs.SelectMany(x => OfOutput(recipe, x)))
            .Concat(Bare(recipe, recipe.Image?.Include ?? [], DependencyKind.Inclusion))
            .Concat(OfSource(recipe));

    /// <summary>What its build root has to hold, without what that requires in turn.</summary>
    public IEnumerable<Dependency> OfBuild(Recipe recipe)
    {
        if (recipe.Build is not { } build)
            yield break;
        if (workspace.Recipes.ContainsKey(build.Base.Name))
            yield return new Dependency(
                recipe.Name,
                null,
                build.Base.Name,
                Main,
                DependencyKind.Base,
                build.Base.Span ?? build.Span
            );
        foreach (var need in build.Needs)
        {
            if (need.Output is not null)
            {
                if (Exists(need.Package, need.Output))
                    yield return new Dependency(
                        recipe.Name,
                        null,
                        need.Package,
                        need.Output,
                        DependencyKind.Need,
                        need.Span
                    );
                continue;
            }
            foreach (var output in (string[])[Main, Development])
            {
                if (Exists(need.Package, output))
                    yield return new Dependency(
                        recipe.Name,
                        null,
                        need.Package,
                        output,
                        DependencyKind.Need,
                        need.Span
                    );
            }
        }
    }

    public IEnumerable<Dependency> OfOutput(Recipe recipe, OutputSpec output) =>
        output
            .Requires.Select(x => new Dependency(
                recipe.Name,
                output.Name,
                x.Package,
                x.Output ?? Main,
                DependencyKind.Requirement,
                x.Span
            ))
            .Where(x => Exists(x.To, x.ToOutput!));

    public IEnumerable<Dependency> OfImage(Recipe recipe) =>
        Bare(recipe, recipe.Image?.Include ?? [], DependencyKind.Inclusion);

    private IEnumerable<Dependency> Bare(Recipe recipe, IEnumerable<OutputReference> references, DependencyKind kind) =>
        references
            .Select(x => new Dependency(recipe.Name, null, x.Package, x.Output ?? Main, kind, x.Span))
            .Where(x => Exists(x.To, x.ToOutput!));

    private IEnumerable<Dependency> OfSource(Recipe recipe) =>
        (recipe.Source?.Include.Values ?? [])
            .Prepend(recipe.Source?.From)
            .OfType<RecipeReference>()
            .Where(x => workspace.Recipes.ContainsKey(x.Name))
            .Select(x => new Dependency(recipe.Name, null, x.Name, null, DependencyKind.Source, x.Span));

    private bool Exists(string package, string output)
    {
        if (!workspace.Recipes.TryGetValue(package, out var recipe))
            return false;
        foreach (var spec in recipe.Outputs)
        {
            if (string.Equals(spec.Name, output, StringComparison.Ordinal))
                return true;
        }
        return false;
    }
}
