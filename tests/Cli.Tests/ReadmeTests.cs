using Xunit;

namespace Recipes.Cli.Tests;

/// <summary>What the README shows is what is there; <c>ACCEPT=1</c> writes it anew.</summary>
public sealed class ReadmeTests
{
    private const string Picture = "docs/postgres-image.svg";
    private static readonly string Readme = Path.Join(Checkout.Root, "README.md");

    [Fact]
    public void The_recipe_of_musl_is_shown_as_it_is()
    {
        var expected = File.ReadAllText(Path.Join(Checkout.Root, "pkgs", "musl", "recipe.toml"));
        var readme = File.ReadAllText(Readme);
        var fence = "```toml\n";
        var start = readme.IndexOf(fence, StringComparison.Ordinal) + fence.Length;
        var end = readme.IndexOf("```", start, StringComparison.Ordinal);
        if (Golden.IsAccepting)
            File.WriteAllText(Readme, readme[..start] + expected + readme[end..]);
        else
            Assert.Equal(expected, readme[start..end]);
    }

    [Fact]
    public async Task The_graph_of_postgres_image_is_drawn_as_it_is()
    {
        var run = await CliRun.InAsync(Checkout.Root, "graph", "postgres-image", "--format", "svg");

        Assert.True(run.ExitCode == 0, run.Error);
        Golden.MatchesFile(Path.Join(Checkout.Root, Picture), run.Out);
        Assert.Contains($"({Picture})", File.ReadAllText(Readme), StringComparison.Ordinal);
    }
}
