using Recipes.Engine.Workspaces;
using Xunit;

namespace Recipes.Engine.Tests.Workspaces;

public sealed class WorkspaceCancellationTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void Reading_recipes_ends_when_it_is_cancelled(int recipes)
    {
        for (var i = 0; i < recipes; i++)
            directory.Write($"pkgs/p{i}/recipe.toml", $"name = \"p{i}\"");

        Assert.ThrowsAny<OperationCanceledException>(() =>
            Workspace.Load(directory.Path, new CancellationToken(canceled: true))
        );
    }
}
