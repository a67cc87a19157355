using Xunit;

namespace Recipes.Integration.Tests.Tutorials;

/// <summary>
/// The replay itself: what it takes for agreement, what it says where there is none, and what it accepts.
/// </summary>
public sealed class TutorialConventionTests
{
    private readonly Dictionary<string, string> written = [];

    [Fact]
    public async Task Files_are_written_and_commands_run_in_their_order()
    {
        await ReplayAsync(
            """
            Write `pkgs/x/recipe.toml`:

            ```toml
            name = "x"
            ```

            Write `Makefile` (with tabs):
            ```make
            all:
            ```

            ```console
            $ echo one
            one
            $ echo two; echo unseen >&2
            two
            ```

            ```console fails
            $ echo three; echo four >&2; exit 1
            three
            four
            ```
            """
        );

        Assert.Equal("name = \"x\"\n", written["pkgs/x/recipe.toml"]);
        Assert.Equal("all:\n", written["Makefile"]);
    }

    [Fact]
    public async Task Another_answer_fails_with_the_place_the_command_and_a_diff() =>
        Assert.Equal(
            """
            story.md:4: $ printf 'one\ntwo\nthree\n'
            answered otherwise (- expected, + got):
              one
            - zwei
            + two
              three
            If that is right: ACCEPT=1 writes it into the tutorial.
            """,
            await FailAsync(
                """
                Look:

                ```console
                $ printf 'one\ntwo\nthree\n'
                one
                zwei
                three
                ```
                """
            )
        );

    [Theory]
    [InlineData("", "+ one")]
    [InlineData("one\ntwo", "  one\n- two")]
    [InlineData("one …", "- one …\n+ one")]
    [InlineData("one\n...", "  one\n- ...")]
    public async Task A_line_too_few_or_too_many_is_a_difference(string expected, string diff) =>
        Assert.Contains(
            $"(- expected, + got):\n{diff}\nIf",
            await FailAsync($"```console\n$ echo one\n{expected}{(expected.Length > 0 ? "\n" : "")}```\n"),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("built x in …, all … of them", "built x in 0.3 s, all 12 of them")]
    [InlineData("name   …  kB", "name       12,000  kB")]
    [InlineData("first\n...\nlast", "first\na\nb\nlast")]
    [InlineData("...\nlast", "a\nlast")]
    [InlineData("...", "a\nb")]
    [InlineData("[1/2] (a.b)*", "[1/2] (a.b)*")]
    public async Task Placeholders_stand_for_what_changes(string expected, string got) =>
        await ReplayAsync($"```console\n$ printf '%b\\n' '{Escaped(got)}'\n{expected}\n```\n");

    [Theory]
    [InlineData("built x in …, all", "built y in 0.3 s, all")]
    [InlineData("size  12", "size 12")]
    [InlineData("a.b", "aXb")]
    [InlineData("first\n...\nlast", "first\nlast")]
    [InlineData("first\n...\nlast", "first\na\nlast\nmore")]
    public async Task Placeholders_stand_for_nothing_else(string expected, string got) =>
        Assert.Contains(
            "answered otherwise",
            await FailAsync($"```console\n$ printf '%b\\n' '{Escaped(got)}'\n{expected}\n```\n"),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task A_command_that_ends_otherwise_fails_with_all_that_it_said()
    {
        Assert.Equal(
            "story.md:2: $ echo out; echo err >&2; exit 3\nreturned 3, not 0:\nout\nerr\n",
            await FailAsync("```console\n$ echo out; echo err >&2; exit 3\nout\n```\n")
        );
        Assert.Equal("story.md:2: $ true\nreturned 0, not 1:\n", await FailAsync("```console fails\n$ true\n```\n"));
    }

    [Fact]
    public async Task Accepted_answers_take_the_place_of_those_that_differ_and_leave_the_rest()
    {
        var text = await ReplayAsync(
            """
            Before.

            ```console
            $ printf 'took 3 s\nnew\nkept\na\nb\nend\n'
            took … s
            old
            kept
            ...
            end
            $ echo more
            $ true
            gone
            ```
            After.
            """,
            accepts: true
        );

        Assert.Equal(
            """
            Before.

            ```console
            $ printf 'took 3 s\nnew\nkept\na\nb\nend\n'
            took … s
            new
            kept
            ...
            end
            $ echo more
            more
            $ true
            ```
            After.
            """,
            text
        );
    }

    [Theory]
    [InlineData("text\n```console\n$ true\n", "story.md:2: the block '```console' is not closed")]
    [InlineData("```console fail\n$ true\n```\n", "story.md:1: 'fail' after 'console' is unknown; there is 'fails'")]
    [InlineData("```console\ntrue\n```\n", "story.md:2: a console begins with '$ ' and a command")]
    [InlineData("```console\n```\n", "story.md:2: a console begins with '$ ' and a command")]
    [InlineData(
        "```toml\na = 1\n```\n",
        "story.md:1: the block '```toml' is not a console, and no line 'Write `PATH`:' before it says which file it is"
    )]
    [InlineData(
        "See `x`:\n\n```toml\na = 1\n```\n",
        "story.md:3: the block '```toml' is not a console, and no line 'Write `PATH`:' before it says which file it is"
    )]
    [InlineData(
        "Write `x`.\n```toml\na = 1\n```\n",
        "story.md:2: the block '```toml' is not a console, and no line 'Write `PATH`:' before it says which file it is"
    )]
    public void A_tutorial_that_does_not_keep_to_the_convention_is_an_error_with_its_place(
        string text,
        string message
    ) => Assert.Equal(message, Assert.Throws<TutorialException>(() => Tutorial.Parse("story.md", text)).Message);

    private static string Escaped(string lines) => lines.Replace("\n", "\\n", StringComparison.Ordinal);

    private Task<string> ReplayAsync(string text, bool accepts = false) =>
        new Replay((path, content) => written[path] = content, RunAsync, accepts).RunAsync(
            Tutorial.Parse("story.md", text)
        );

    private async Task<string> FailAsync(string text) =>
        (await Assert.ThrowsAsync<ReplayException>(() => ReplayAsync(text))).Message;

    private static async Task<CommandAnswer> RunAsync(string command)
    {
        var run = await Programs.TryAsync("sh", "-c", command);
        return new(run.ExitCode, run.StandardOutput, run.StandardError);
    }
}
