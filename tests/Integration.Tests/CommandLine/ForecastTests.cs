using Xunit;

namespace Recipes.Integration.Tests.CommandLine;

/// <summary>What composing will build that no recipe names is known, and said, as soon as the file is there.</summary>
public sealed class ForecastTests : IAsyncLifetime
{
    private const string Need = "also takes tongue:main: 'usr/bin/speech' of speech:main needs /usr/bin/tongue";

    private readonly SmallWorkspace workspace = new();

    [Fact]
    public async Task Build_and_explain_say_what_compose_then_builds_and_nothing_after_that()
    {
        var built = await AnswerAsync("build", "speech");
        Assert.Contains($"an image with speech {Need}\ncomposing it builds first: tongue\n", built);
        Assert.Contains($"an image with speech {Need}\n", await AnswerAsync("explain", "speech"));
        var explained = await AnswerAsync("explain", "speech-image");
        Assert.Contains("tongue: it was never built into this store\n", explained);
        Assert.Contains($"speech-image {Need}\n", explained);
        const string why = """
            speech-image includes speech:main
            speech:main: usr/bin/speech needs /usr/bin/tongue of tongue:main
            tongue:main is not built yet

            """;
        foreach (var asked in (string[])["tongue", "tongue:main", "/usr/bin/tongue"])
            Assert.Equal(why, await AnswerAsync("why", "speech-image", asked));
        Assert.Equal(
            "error: tongue:main of 'speech-image' is not built as the recipes are now; run: recipes compose speech-image\n",
            (await workspace.RunAsync("why", "speech-image", "usr/bin/shriek")).StandardError
        );

        var composed = await workspace.RunAsync("compose", "speech-image", "--plain");

        Assert.Contains("tongue: built", composed.StandardError + composed.StandardOutput);
        Assert.DoesNotContain("also takes", await AnswerAsync("build", "speech"));
        Assert.Equal("speech-image and all it needs are built\n", await AnswerAsync("explain", "speech-image"));

        // What is to be built again has a time.
        workspace.WritePackage("tongue", Tongue("other"));
        Assert.Matches("composing it builds first: tongue \\(.* last time\\)\n", await AnswerAsync("build", "speech"));
    }

    [Fact]
    public async Task The_answer_as_JSON_has_it_too()
    {
        const string expected = """
            {
                  "output": "tongue:main",
                  "neededBy": "speech:main",
                  "file": "usr/bin/speech",
                  "need": "/usr/bin/tongue"
                }
            """;

        Assert.Contains(expected, await AnswerAsync("build", "speech", "--json"));
        Assert.Contains(expected, await AnswerAsync("explain", "speech-image", "--json"));
    }

    public async ValueTask InitializeAsync()
    {
        await workspace.InitializeAsync();
        workspace.Write(
            "toolchain/native-tongue/recipe.toml",
            """
            name    = "native-tongue"
            version = "1"
            summary = "For tests"
            license = "MIT"
            [build]
            base       = "debian"
            system     = "none"
            strip      = false
            stands-for = "tongue"
            [build.steps]
            install = "mkdir -p /stage/usr/bin; echo native > /stage/usr/bin/tongue; chmod 755 /stage/usr/bin/tongue"
            """
        );
        var toolchain = Path.Join(workspace.Root, "toolchain/toolchain/recipe.toml");
        await File.AppendAllTextAsync(toolchain, "\n[outputs.main]\nrequires = [\"native-tongue\"]\n");
        workspace.WritePackage("tongue", Tongue("own"));
        workspace.WritePackage(
            "speech",
            """
            mkdir -p /stage/usr/bin
            echo '#!/usr/bin/tongue' > /stage/usr/bin/speech
            chmod 755 /stage/usr/bin/speech
            """
        );
        workspace.Write(
            "pkgs/speech-image/recipe.toml",
            """
            name         = "speech-image"
            version-from = "speech"
            summary      = "For tests"
            [image]
            include = ["speech"]
            """
        );
    }

    public ValueTask DisposeAsync() => workspace.DisposeAsync();

    private static string Tongue(string text) =>
        $"mkdir -p /stage/usr/bin; echo {text} > /stage/usr/bin/tongue; chmod 755 /stage/usr/bin/tongue";

    private Task<string> AnswerAsync(params string[] arguments) => workspace.AnswerAsync(arguments);
}
