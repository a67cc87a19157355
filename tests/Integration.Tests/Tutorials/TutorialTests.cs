using Xunit;

namespace Recipes.Integration.Tests.Tutorials;

/// <summary>
/// Does what <c>docs/tutorials/</c> says, in its order and in one workspace, and holds each answer against the one that
/// is shown there; <see cref="Tutorial"/> has the convention. <c>ACCEPT=1</c> writes the answers into the tutorials
/// instead; what a placeholder still matches stays.
/// </summary>
public sealed class TutorialTests
{
    [Fact]
    public async Task The_tutorials_show_what_a_reader_gets()
    {
        await using var workspace = await TutorialWorkspace.CreateAsync();
        await ReplayAsync(workspace, Environment.GetEnvironmentVariable("ACCEPT") == "1");
    }

    /// <summary>
    /// What stands in for the toolchain elsewhere is proved to answer as the real one does, where that is built.
    /// </summary>
    [Fact]
    public async Task They_show_the_same_with_the_real_toolchain()
    {
        await using var workspace = await TutorialWorkspace.CreateWithRealToolchainAsync();
        await ReplayAsync(workspace, accepts: false);
    }

    [Fact]
    public void An_answer_is_never_all_placeholders()
    {
        var commands = Files()
            .SelectMany(x => Tutorial.Read(x).Steps)
            .OfType<CommandStep>()
            .Where(x => x.Expected.Length > 0);

        Assert.NotEmpty(commands);
        Assert.All(commands, x =>
            Assert.Contains(x.Expected, line =>
                line != ExpectedAnswer.Lines
                && line.Replace(ExpectedAnswer.Text, "", StringComparison.Ordinal).Any(char.IsLetterOrDigit)
            )
        );
    }

    [Fact]
    public void The_first_page_lists_the_tutorials_in_the_order_of_their_story()
    {
        var page = File.ReadAllText(Files()[0]);
        var places = Files()[1..]
            .Select(x => page.IndexOf($"]({Path.GetFileName(x)})", StringComparison.Ordinal))
            .ToArray();

        Assert.Equal(6, places.Length);
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    private static async Task ReplayAsync(TutorialWorkspace workspace, bool accepts)
    {
        var replay = new Replay(workspace.Write, workspace.RunAsync, accepts);
        foreach (var path in Files())
        {
            var text = await replay.RunAsync(Tutorial.Read(path));
            if (accepts)
                await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        }
    }

    // README.md says what to do before the first.
    private static string[] Files() =>
        [
            Path.Join(TutorialWorkspace.Documents, "README.md"),
            .. Directory
                .GetFiles(TutorialWorkspace.Documents)
                .Where(x => char.IsDigit(Path.GetFileName(x)[0]))
                .Order(StringComparer.Ordinal),
        ];
}
