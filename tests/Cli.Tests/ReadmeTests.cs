using Xunit;

namespace Recipes.Cli.Tests;

/// <summary>What the README shows is what is there; <c>ACCEPT=1</c> writes it anew.</summary>
public sealed class ReadmeTests
{
    private static readonly string Readme = Path.Join(ProgramRun.Checkout, "README.md");

    [Fact]
    public void The_recipe_of_zlib_is_shown_as_it_is() =>
        Holds("toml", File.ReadAllText(Path.Join(ProgramRun.Checkout, "pkgs", "zlib", "recipe.toml")));

    [Fact]
    public async Task The_graph_of_postgres_is_shown_as_it_is()
    {
        var run = await CliRun.InAsync(ProgramRun.Checkout, "graph", "postgres-image", "--format", "mermaid");

        Assert.True(run.ExitCode == 0, run.Error);
        Holds("mermaid", run.Out);
    }

    // The first block of this language.
    private static void Holds(string language, string expected)
    {
        var readme = File.ReadAllText(Readme);
        var fence = $"```{language}\n";
        var start = readme.IndexOf(fence, StringComparison.Ordinal) + fence.Length;
        var end = readme.IndexOf("```", start, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("ACCEPT") == "1")
            File.WriteAllText(Readme, readme[..start] + expected + readme[end..]);
        else
            Assert.Equal(expected, readme[start..end]);
    }
}
