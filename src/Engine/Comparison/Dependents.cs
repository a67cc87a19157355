using Recipes.Engine.Building;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Content;

namespace Recipes.Engine.Comparison;

/// <summary>The built outputs of a workspace as users of libraries.</summary>
internal static class Dependents
{
    /// <summary>Every built output with files that name a library.</summary>
    /// <param name="packages">What is built.</param>
    /// <param name="store">Where it is.</param>
    public static IEnumerable<Dependent> Of(BuiltPackages packages, ContentStore store) =>
        from package in packages.Order.Select(packages.Find).OfType<BuiltPackage>()
        from output in package.Outputs.Values
        where output.Scan.Files.Any(x => !x.Needed.IsEmpty)
        select new Dependent(
            $"{package.Recipe.Name}:{output.Name}",
            FileListing.OfTree(output.Tree, store),
            output.Scan
        );
}
