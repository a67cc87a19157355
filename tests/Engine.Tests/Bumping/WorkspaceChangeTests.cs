using Recipes.Engine.Bumping;
using Recipes.Engine.Sources.Git;
using Xunit;

namespace Recipes.Engine.Tests.Bumping;

/// <summary>Without a repository: the files alone.</summary>
public sealed class WorkspaceChangeTests : IDisposable
{
    private const string Recipe = "pkgs/x/recipe.toml";
    private static readonly Submodule Module = new("pkgs/x/source", new string('0', 40), "", IsImported: true);

    private readonly WorkspaceFolder folder = new();

    public WorkspaceChangeTests()
    {
        folder.Write(Recipe, "old recipe");
        folder.Write("recipes.lock", "old lock");
    }

    private string Journal => folder.Path(WorkspaceChange.JournalName);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_is_kept_stands_and_leaves_no_journal()
    {
        var change = Begin(Recipe, "recipes.lock");
        Write(change);
        change.Keep();

        Assert.Equal(("new recipe", "new lock"), Contents());
        Assert.False(File.Exists(Journal));
        Assert.False(Bumper.Recover(folder.Root));
    }

    [Fact]
    public void What_is_undone_was_never_there()
    {
        var change = Begin(Recipe, "recipes.lock");
        Write(change);
        change.Undo();

        Assert.Equal(("old recipe", "old lock"), Contents());
        Assert.Equal([Recipe, "recipes.lock"], Everything());
    }

    [Fact]
    public void A_new_recipe_goes_with_its_folder()
    {
        var change = Begin("pkgs/new/recipe.toml");
        change.Write([("pkgs/new/recipe.toml", "new"u8.ToArray())], Module);
        change.Undo();

        Assert.False(Directory.Exists(folder.Path("pkgs/new")));
        Assert.Equal([Recipe, "recipes.lock"], Everything());
    }

    [Fact]
    public void What_a_person_put_beside_a_new_recipe_stays()
    {
        var change = Begin("pkgs/new/recipe.toml");
        change.Write([("pkgs/new/recipe.toml", "new"u8.ToArray())], Module);
        folder.Write("pkgs/new/fix.patch", "mine");
        change.Undo();

        Assert.Equal(["pkgs/new/fix.patch", Recipe, "recipes.lock"], Everything());
    }

    [Fact]
    public void A_second_change_is_refused_while_the_first_is_at_work()
    {
        var first = Begin("recipes.lock");

        Assert.Equal(
            $"Another command is changing this workspace ('{Journal}' exists); nothing was changed",
            Assert.Throws<EngineException>(() => Begin("recipes.lock")).Message
        );
        Assert.StartsWith(
            $"Another command is changing this workspace, or '{Journal}' cannot be read: ",
            Assert.Throws<EngineException>(() => Bumper.Recover(folder.Root)).Message,
            StringComparison.Ordinal
        );
        first.Keep();
        Begin("recipes.lock").Keep();
    }

    // As versions so far wrote it: what they left half-done has to be brought back by any later one.
    [Fact]
    public void What_was_killed_half_way_is_brought_back_from_its_journal()
    {
        folder.Write(
            WorkspaceChange.JournalName,
            """
            {"Files":[{"Path":"pkgs/x/recipe.toml","Content":"b2xkIHJlY2lwZQ=="},
            {"Path":"pkgs/new/recipe.toml","Content":null}],
            "Link":{"Path":"pkgs/x/source","Commit":null,"Url":null,"IsImported":false}}
            """
        );
        folder.Write(Recipe, "half-done");
        folder.Write("pkgs/new/recipe.toml", "half-done");

        Assert.True(Bumper.Recover(folder.Root));

        Assert.Equal(("old recipe", "old lock"), Contents());
        Assert.Equal([Recipe, "recipes.lock"], Everything());
    }

    [Fact]
    public void A_journal_that_was_not_finished_means_that_nothing_was_changed()
    {
        folder.Write(WorkspaceChange.JournalName, "{\"Files\":[{\"Path\":\"recipes.lock\",\"Con");

        Assert.False(Bumper.Recover(folder.Root));

        Assert.Equal(("old recipe", "old lock"), Contents());
        Assert.False(File.Exists(Journal));
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_named_and_the_rest_is_brought_back()
    {
        Directory.CreateDirectory(folder.Path("recipes.lock2"));
        var change = Begin(Recipe, "recipes.lock2");

        var fault = Assert.Throws<EngineException>(() =>
            change.Write([(Recipe, "new"u8.ToArray()), ("recipes.lock2", "new"u8.ToArray())], Module)
        );
        change.Undo();

        Assert.StartsWith(
            $"'{folder.Path("recipes.lock2")}' cannot be written: ",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(("old recipe", "old lock"), Contents());
    }

    private WorkspaceChange Begin(params string[] files) =>
        WorkspaceChange.Begin(folder.Root, null, files, Module.Path);

    private static void Write(WorkspaceChange change) =>
        change.Write([(Recipe, "new recipe"u8.ToArray()), ("recipes.lock", "new lock"u8.ToArray())], Module);

    private (string Recipe, string Lock) Contents() => (folder.Read(Recipe), folder.Read("recipes.lock"));

    private IEnumerable<string> Everything() =>
        Directory
            .EnumerateFiles(folder.Root, "*", SearchOption.AllDirectories)
            .Select(x => Path.GetRelativePath(folder.Root, x))
            .Order(StringComparer.Ordinal);
}
