using Xunit;

namespace Recipes.Engine.Tests;

/// <summary>
/// What other programs see of the engine: a type that becomes public, or is so no longer, shows in the list.
/// </summary>
public class PublicTypesTests
{
    [Fact]
    public void The_public_types_are_those_of_the_list() =>
        Golden.Matches(
            "public-types.txt",
            string.Concat(
                typeof(Project)
                    .Assembly.GetExportedTypes()
                    .Select(x => x.FullName)
                    .Order(StringComparer.Ordinal)
                    .Select(x => x + "\n")
            )
        );
}
