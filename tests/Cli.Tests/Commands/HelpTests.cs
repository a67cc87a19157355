using System.Text.Json;
using Xunit;

namespace Recipes.Cli.Tests.Commands;

public sealed class HelpTests
{
    [Fact]
    public async Task A_table_shows_its_keys_with_type_default_and_sentence()
    {
        var run = await CliRun.OfAsync("help", "build.limits");

        Assert.Equal(
            """
            [build.limits]  What the build may use.

              memory  (string)
                  Main memory.

              time  (string)
                  Wall time.

              processes  (integer)
                  Processes at once.

            """,
            run.Out
        );
        Assert.Equal(0, run.ExitCode);
    }

    [Theory]
    [InlineData(
        "build",
        "\n  system  (string; required without 'like')\n      The build system, a file in systems/ of the workspace or a "
            + "collection; or none.\n"
    )]
    [InlineData("build", "\n  strip  (bool; true by default)\n")]
    [InlineData("build", "\n      see: recipes help build.steps\n")]
    [InlineData("[[waivers]]", "[[waivers]]  Lets one check pass for some files.\n")]
    [InlineData("outputs", "[outputs.NAME]  How the result is split.\n")]
    [InlineData(
        "image.cmd",
        "[image]  Selected outputs and the configuration of a container.\n\n  cmd  (strings; [] by default)\n      "
            + "The default arguments.\n"
    )]
    [InlineData("version", "recipe.toml  A recipe.\n\n  version  (string)\n")]
    public async Task A_topic_is_a_table_or_a_key(string topic, string expected) =>
        Assert.Contains(expected, (await CliRun.OfAsync("help", topic)).Out, StringComparison.Ordinal);

    [Fact]
    public async Task A_build_system_of_the_workspace_shows_what_it_brings()
    {
        using var workspace = new TestWorkspace();
        workspace.Write(
            "systems/mine.toml",
            """
            summary = "For tests"
            needs = ["tool"]
            out-of-tree = false
            [environment]
            CC = "gcc"
            [variables.flags]
            default = ["-O2", "-g"]
            meaning = "What the compiler gets"
            [variables.mode]
            default = "fast"
            meaning = "How"
            choices = ["fast", "small"]
            [steps]
            compile = '''
            cd {source}
            make {flags} {mode} {compile}
            '''
            """
        );

        var run = await workspace.RunAsync("help", "system", "mine");

        Assert.Equal(
            """
            system = "mine"  For tests
                  in: systems/mine.toml
                  brings: tool
                  sets: CC=gcc
                  chooses the directory of the build itself

              flags  (strings; ["-O2", "-g"] by default)
                  What the compiler gets

              mode  (string, one of fast, small; "fast" by default)
                  How

              compile
                  cd {source}
                  make {flags} {mode} {compile}

            """,
            run.Out
        );
        var json = JsonDocument.Parse((await workspace.RunAsync("help", "system", "mine", "--json")).Out).RootElement;
        Assert.Equal("tool", json.GetProperty("systems")[0].GetProperty("needs")[0].GetString());
        Assert.Contains(
            "\nmine       For tests",
            (await workspace.RunAsync("help", "system")).Out,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("mak", "there is no build system 'mak'; did you mean 'make'?")]
    [InlineData(
        "scons",
        "there is no build system 'scons'; there are autotools, cmake, go, make, meson, perl, python, none"
    )]
    [InlineData("none", "'none' is not a build system, but the word for none: the recipe writes every step")]
    public async Task A_build_system_that_is_not_there_is_wrong_usage(string name, string expected)
    {
        using var workspace = new TestWorkspace();

        var run = await workspace.RunAsync("help", "system", name);

        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Equal(2, run.ExitCode);
    }

    [Fact]
    public async Task Only_the_topic_of_build_systems_takes_a_name()
    {
        var run = await CliRun.OfAsync("help", "build", "needs");

        Assert.Contains(
            "'needs' is one topic too many; only 'system' takes a name, of a build system",
            run.Error,
            StringComparison.Ordinal
        );
        Assert.Equal(2, run.ExitCode);
    }

    [Fact]
    public async Task A_key_of_several_tables_is_shown_for_each()
    {
        var run = await CliRun.OfAsync("help", "exclude");

        Assert.Contains("[seed]  ", run.Out, StringComparison.Ordinal);
        Assert.Contains("[image]  ", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("entrypoint", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_shows_its_own_help() =>
        Assert.Equal((await CliRun.OfAsync("compose", "--help")).Out, (await CliRun.OfAsync("help", "compose")).Out);

    [Fact]
    public async Task A_topic_that_is_a_command_too_says_so() =>
        Assert.EndsWith(
            "\nsee also: recipes build --help\n",
            (await CliRun.OfAsync("help", "build")).Out,
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Without_a_topic_there_is_a_list_of_them()
    {
        var run = await CliRun.OfAsync("help");

        Assert.StartsWith(
            "topic              meaning\nsource             Where the code comes from.\n",
            run.Out,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "keys of the top level: name, version, version-from, replaces, summary, license, homepage\n",
            run.Out,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("biuld", "error: there is no topic 'biuld'; did you mean 'build'?\n")]
    [InlineData("entrypiont", "error: there is no topic 'entrypiont'; did you mean 'entrypoint'?\n")]
    [InlineData("compsoe", "error: there is no topic 'compsoe'; did you mean 'compose'?\n")]
    [InlineData(
        "frobnicate",
        "error: there is no topic 'frobnicate'; there are: source, source.also, source.limits, build, build.steps, build.limits, "
            + "outputs, permissions, waivers, test, seed, image, image.healthcheck, image.accounts, image.files, "
            + "image.directories, image.limits, stack, every key, and every command\n"
    )]
    public async Task An_unknown_topic_is_wrong_usage_and_gets_a_guess(string topic, string message)
    {
        var run = await CliRun.OfAsync("help", topic);

        Assert.Equal((2, message), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task Help_answers_as_json()
    {
        using var json = JsonDocument.Parse((await CliRun.OfAsync("help", "build", "--json")).Out);

        var keys = json.RootElement.GetProperty("tables")[0].GetProperty("keys").EnumerateArray();
        var links = keys.Single(x => x.GetProperty("name").GetString() == "hard-links");
        Assert.Equal("symlink", links.GetProperty("choices")[1].GetString());
    }
}
