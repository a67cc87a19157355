using Recipes.Engine.Building.Planning;
using Recipes.Engine.Content;
using Xunit;

namespace Recipes.Engine.Tests.Building;

public sealed class BuildActionTests
{
    [Fact]
    public void That_a_build_may_make_namespaces_is_a_part_of_its_action_and_why_is_not()
    {
        var without = DigestOf(null);
        Assert.NotEqual(without, DigestOf("tests"));
        Assert.Equal(DigestOf("tests"), DigestOf("other tests"));
    }

    private static Digest DigestOf(string? reason)
    {
        var recipe = TestRecipe.Package("p");
        var build = recipe.Build with { NamespacesReason = reason };
        return BuildAction.Of(build, BuildScript.Of(recipe with { Build = build }), Tree.Empty.Digest).Digest;
    }
}
