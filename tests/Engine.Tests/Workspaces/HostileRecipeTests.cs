using System.Text;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Workspaces;
using Recipes.Engine.Workspaces.Reading;
using Recipes.Engine.Workspaces.Toml;
using Xunit;

namespace Recipes.Engine.Tests.Workspaces;

/// <summary>Files that nobody writes to build something.</summary>
public class HostileRecipeTests
{
    private const int Minute = 60_000;
    private const string Head = "name = \"zlib\"\nversion = \"1\"\n";
    private const string Build = Head + "[build]\nsystem = \"none\"\n";

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static string Count(int times, Func<int, string> each) =>
        string.Concat(Enumerable.Range(0, times).Select(each));

    private static IReadOnlyList<Diagnostic> Faults(string text) =>
        RecipeReader
            .Read(Encoding.UTF8.GetBytes(text), new RecipeLocation(RecipeArea.Packages, "/nowhere/pkgs/zlib"))
            .Diagnostics;

    [Theory]
    [InlineData("summary = \"a\\ud800b\"", "3:13: this is not TOML: '\\ud800' is not the code of a character")]
    [InlineData("summary = \"\\U0000DFFF\"", "3:12: this is not TOML: '\\U0000DFFF' is not the code of a character")]
    [InlineData("summary = \"\\U00110000\"", "3:12: this is not TOML: '\\U00110000' is not the code of a character")]
    [InlineData("summary = \"\"\"\n\\ud800\"\"\"", "4:1: this is not TOML: '\\ud800' is not the code of a character")]
    [InlineData("\"\\ud800\" = 1", "3:2: this is not TOML: '\\ud800' is not the code of a character")]
    [InlineData("[\"\\ud800\"]", "3:3: this is not TOML: '\\ud800' is not the code of a character")]
    [InlineData("a = [\"x\", [\"\\ud800\"]]", "3:13: this is not TOML: '\\ud800' is not the code of a character")]
    [InlineData("a = { b = \"\\ud800\" }", "3:12: this is not TOML: '\\ud800' is not the code of a character")]
    public void An_escape_of_half_a_character_is_a_fault_with_its_place(string line, string expected) =>
        Assert.Equal([expected], Reading.Faults(Head + line + "\n"));

    [Theory]
    [InlineData("summary = 'a\\ud800'")]
    [InlineData("summary = \"a\\\\ud800\"")]
    [InlineData("# \"\\ud800\"")]
    [InlineData("summary = '''\n\\ud800'''")]
    [InlineData("summary = \"\\ud7ff\\U0010ffff\"")]
    public void What_only_looks_like_one_is_none(string line) =>
        Reading.Good(Head + line + "\n[build]\nsystem = \"none\"\n");

    [Fact]
    public void The_other_recipes_are_read_beside_a_faulty_one()
    {
        using var workspace = new TestWorkspace().Package("good").Package("bad", "configure = [\"\\ud800\"]");

        var loaded = Workspace.Load(workspace.Root, TestContext.Current.CancellationToken);

        Assert.Contains("good", loaded.Recipes.Keys);
        Assert.StartsWith(
            "pkgs/bad/recipe.toml:4:15: error: this is not TOML: '\\ud800' is not the code of a character",
            Assert.Single(loaded.Diagnostics).ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_file_that_is_no_regular_file_is_a_fault_of_that_recipe()
    {
        using var workspace = new TestWorkspace().Package("good");
        Directory.CreateDirectory(Path.Join(workspace.Root, "pkgs/bad"));
        File.CreateSymbolicLink(Path.Join(workspace.Root, "pkgs/bad/recipe.toml"), "/dev/zero");

        var loaded = Workspace.Load(workspace.Root, TestContext.Current.CancellationToken);

        Assert.Contains("good", loaded.Recipes.Keys);
        Assert.Equal("it is not a regular file", Assert.Single(loaded.Diagnostics).Message);
    }

    [Fact]
    public void A_file_that_is_too_long_is_not_parsed()
    {
        Assert.Empty(Faults(Build + Repeat("#\n", (TomlReader.MaxRecipe - Build.Length) / 2)));
        Assert.Equal(
            "the file is longer than 1 MiB, the most that is read of such a file",
            Assert.Single(Faults(Build + Repeat("#\n", TomlReader.MaxRecipe / 2))).Message
        );
    }

    [Fact]
    public void A_file_that_is_much_too_long_is_not_even_read()
    {
        using var workspace = new TestWorkspace().Package("good").Package("bad");
        using (var file = File.OpenWrite(Path.Join(workspace.Root, "pkgs/bad/recipe.toml")))
            file.SetLength(1L << 40);

        Assert.Equal(
            "the file is longer than 1 MiB, the most that is read of such a file",
            Assert.Single(Workspace.Load(workspace.Root, TestContext.Current.CancellationToken).Diagnostics).Message
        );
    }

    [Fact]
    public void A_lock_that_is_too_long_is_not_read()
    {
        using var folder = new TemporaryDirectory();
        using (var file = File.OpenWrite(folder.Join("recipes.lock")))
            file.SetLength(1L << 40);

        Assert.Equal(
            "recipes.lock: error: the file is longer than 64 MiB, the most that is read of such a file",
            Assert.Throws<EngineException>(() => LockFile.Read(folder.Join("recipes.lock"))).Message
        );
    }

    [Fact]
    public void A_key_with_very_many_names_is_a_fault()
    {
        Assert.Contains(
            "3:1: a key has more than 64 names with dots between them",
            Reading.Faults(Head + Repeat("a.", 100_000) + "b = 1\n")
        );
        Assert.Contains(
            "3:2: a key has more than 64 names with dots between them",
            Reading.Faults(Head + "[" + Repeat("a.", 100_000) + "b]\n")
        );
    }

    public static TheoryData<string> Shapes { get; } =
        new(
            "open lists",
            "closed lists",
            "open tables",
            "keys",
            "variables",
            "headers",
            "tables",
            "list on a line",
            "places on a line",
            "faulty lines",
            "quotes",
            "brackets",
            "digits",
            "globs"
        );

    private static string Shape(string name) =>
        name switch
        {
            "open lists" => "a = " + Repeat("[", 1_000_000),
            "closed lists" => "a = " + Repeat("[", 500_000) + Repeat("]", 500_000),
            "open tables" => "a = " + Repeat("{a=", 300_000),
            "keys" => Head + Count(80_000, i => $"k{i} = 1\n"),
            "variables" => Build + "[build.environment]\n" + Count(60_000, i => $"k{i} = \"1\"\n"),
            "headers" => Head + Count(60_000, i => $"[k{i}]\nx = 1\n"),
            "tables" => Head + Repeat("[[waivers]]\n", 60_000),
            "list on a line" => Build + "needs = [" + Count(60_000, i => $"\"k{i}\", ") + "]\n",
            "places on a line" => Build + "needs = [" + Count(60_000, i => $"\"k{i}:a:b\", ") + "]\n",
            "faulty lines" => Head + Repeat("a b c\n", 100_000),
            "quotes" => Head + Repeat("\"", 1_000_000),
            "brackets" => Head + Repeat("]", 1_000_000),
            "digits" => Head + "a = " + Repeat("1", 1_000_000),
            _ => Head
                + "[source]\narchive = \"https://example.org/a\"\nonly = ["
                + Count(3000, i => $"\"{Repeat("*a", 150)}{i}\", ")
                + "]\n",
        };

    /// <summary>Each of these once took minutes, or gigabytes.</summary>
    [Theory(Timeout = Minute)]
    [MemberData(nameof(Shapes))]
    public Task What_is_large_is_read_in_time_and_with_little_memory(string shape) =>
        Task.Run(
            () =>
            {
                var text = Shape(shape);
                var before = GC.GetAllocatedBytesForCurrentThread();

                var faults = Faults(text);

                Assert.True(faults.Count <= FaultList.MaxFaults + 1, $"{faults.Count} faults");
                Assert.InRange(string.Join('\n', faults).Length, 0, 300_000);
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2L << 30);
            },
            TestContext.Current.CancellationToken
        );
}
