using Xunit;

namespace Recipes.Integration.Tests.CommandLine;

/// <summary>Builds with build systems that are files of the workspace.</summary>
public sealed class BuildSystemTests(SmallWorkspace workspace) : IClassFixture<SmallWorkspace>
{
    private const string Waiver = """
        [[waivers]]
        check  = "seed-trace"
        path   = "usr/bin/busybox"
        reason = "the only binary that this small seed can give"
        """;

    [Fact]
    public async Task A_build_system_brings_its_tool_and_only_what_it_changes_is_built_again()
    {
        workspace.Write("systems/greet.toml", Greeting("hello"));
        Recipe("pkgs/one", "[build]\nsystem = \"greet\"\nvariables = { to = \"one\" }");
        Recipe("pkgs/two", "[build]\nsystem = \"greet\"\nsteps.install = \"echo two > /stage/usr/share/two\"");

        await BuildAsync("one", "two");

        Assert.Equal("hello one from recipes\n", InStore("usr/share/one"));
        Assert.Equal("two\n", InStore("usr/share/two"));

        workspace.Write("systems/greet.toml", Greeting("hello -- again"));
        Assert.Contains("step install", await ExplainAsync("one"), StringComparison.Ordinal);
        Assert.Equal("two and all it needs are built\n", await ExplainAsync("two"));

        string Greeting(string words) =>
            $$"""
                summary = "Says hello"
                needs   = ["hello"]
                [variables.to]
                default = "nobody"
                meaning = "To whom"
                [steps]
                prepare = "mkdir -p /stage/usr/share"
                install = "/usr/bin/{{words}} {to} > /stage/usr/share/{name}"
                """;
    }

    [Fact]
    public async Task What_is_like_another_is_the_same_action()
    {
        workspace.Write(
            "pkgs/first/recipe.toml",
            Text(
                "first",
                "[build]\nsystem = \"none\"\nsteps.install = \"mkdir -p /stage/usr/share; echo 1 > /stage/usr/share/file\""
            )
        );
        workspace.Write("pkgs/second/recipe.toml", Text("second", "[build]\nlike = \"first\""));

        await BuildAsync("first");

        Assert.StartsWith(
            "second: what it installed is in the store, and only",
            await ExplainAsync("second"),
            StringComparison.Ordinal
        );
    }

    private void Recipe(string place, string rest) =>
        workspace.Write($"{place}/recipe.toml", Text(Path.GetFileName(place), rest));

    private static string Text(string name, string rest) =>
        $"name = \"{name}\"\nversion = \"1\"\nsummary = \"For tests\"\nlicense = \"MIT\"\n{rest}\n{Waiver}\n";

    private async Task BuildAsync(params string[] names)
    {
        var run = await workspace.RunAsync(["build", .. names]);
        Assert.True(run.ExitCode == 0, run.StandardError);
    }

    private async Task<string> ExplainAsync(string name) => (await workspace.RunAsync("explain", name)).StandardOutput;

    private string InStore(string path) =>
        File.ReadAllText(
            Directory
                .EnumerateFiles(workspace.Store, Path.GetFileName(path), SearchOption.AllDirectories)
                .First(x => x.EndsWith(path, StringComparison.Ordinal))
        );
}
