using Recipes.Engine.Model;
using Recipes.Engine.Workspaces;

namespace Recipes.Engine.Graph;

/// <summary>
/// Lists what recipes depend on. References to what does not exist are left out: they are faults of the workspace.
/// </summary>
internal sealed class DependencyReader(Workspace workspace)
{
    private const string Main = OutputName.Main;
    private const string Development = "dev";

    /// <summary>In the order in which they are written, base first.</summary>
    public IEnumerable<Dependency> Of(Recipe recipe) =>
        OfBuild(recipe)
            .Concat(recipe is PackageRecipe package ? package.Outputs.SelectMany(x => OfOutput(package, x)) : [])
            .Concat(OfImage(recipe))
            .Concat(OfStack(recipe))
            .Concat(OfSource(recipe));

    /// <summary>What its build root has to hold, without what that requires in turn.</summary>
    public IEnumerable<Dependency> OfBuild(Recipe recipe)
    {
        if (recipe is not PackageRecipe { Build: var build })
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
        foreach (var need in build.AllNeeds)
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
            foreach (var output in AtRuntime(need).Append(need.Name with { Output = Development }))
            {
                if (Exists(need.Package, output.Output))
                    yield return new Dependency(
                        recipe.Name,
                        null,
                        need.Package,
                        output.Output,
                        DependencyKind.Need,
                        need.Span
                    );
            }
        }
    }

    public IEnumerable<Dependency> OfOutput(PackageRecipe recipe, OutputSpec output) =>
        output
            .Requires.SelectMany(x =>
                AtRuntime(x)
                    .Select(name => new Dependency(
                        recipe.Name,
                        output.Name,
                        name.Package,
                        name.Output,
                        DependencyKind.Requirement,
                        x.Span
                    ))
            )
            .Where(x => Exists(x.To, x.ToOutput!));

    public IEnumerable<Dependency> OfImage(Recipe recipe) =>
        recipe is ImageRecipe { Image: var image }
            ? image
                .Include.SelectMany(x =>
                    AtRuntime(x)
                        .Select(name => new Dependency(
                            recipe.Name,
                            null,
                            name.Package,
                            name.Output,
                            DependencyKind.Inclusion,
                            x.Span
                        ))
                )
                .Where(x => Exists(x.To, x.ToOutput!))
            : [];

    private IEnumerable<Dependency> OfStack(Recipe recipe) =>
        (recipe is StackRecipe { Stack: var stack } ? new[] { stack.Runtime, stack.Build } : [])
            .OfType<RecipeReference>()
            .Where(x => workspace.Recipes.ContainsKey(x.Name))
            .Select(x => new Dependency(recipe.Name, null, x.Name, null, DependencyKind.Member, x.Span));

    private IEnumerable<Dependency> OfSource(Recipe recipe) =>
        (recipe.WrittenSource?.Include.Values ?? [])
            .Prepend(recipe.WrittenSource?.From)
            .OfType<RecipeReference>()
            .Where(x => workspace.Recipes.ContainsKey(x.Name))
            .Select(x => new Dependency(recipe.Name, null, x.Name, null, DependencyKind.Source, x.Span));

    private IEnumerable<OutputName> AtRuntime(OutputReference reference) =>
        reference.AtRuntime(workspace.Recipes.GetValueOrDefault(reference.Package));

    private bool Exists(string package, string output)
    {
        if (workspace.Recipes.GetValueOrDefault(package) is not PackageRecipe recipe)
            return false;
        foreach (var spec in recipe.Outputs)
        {
            if (string.Equals(spec.Name, output, StringComparison.Ordinal))
                return true;
        }
        return false;
    }
}
