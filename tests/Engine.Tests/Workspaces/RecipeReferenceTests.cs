using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Recipes.Engine.Workspaces.Keys;
using Xunit;

namespace Recipes.Engine.Tests.Workspaces;

/// <summary>Holds <c>docs/recipe.md</c> against the description of the keys.</summary>
public partial class RecipeReferenceTests
{
    public static TheoryData<string, string> Keys
    {
        get
        {
            var keys = new TheoryData<string, string>();
            foreach (var key in RecipeKeys.Root.Keys)
            {
                if (key.Keys.IsEmpty)
                    keys.Add("Top level", key.Name);
                foreach (var inner in Below(key))
                    keys.Add($"[{key.Name}]", inner);
            }
            return keys;
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_key_is_in_its_section(string section, string key) =>
        Assert.Matches($"`[^`]*\\b{Regex.Escape(key)}\\b[^`]*`", Section(section));

    [Fact]
    public void Every_key_of_the_reference_exists()
    {
        var known = RecipeKeys.Root.Keys.Select(x => x.Name).Concat(RecipeKeys.Root.Keys.SelectMany(Below)).ToHashSet();
        var written = KeyTables()
            .Matches(Text())
            .SelectMany(x => FirstCell().Matches(x.Value))
            .SelectMany(x => Code().Matches(x.Value));

        Assert.All(written, x => Assert.Contains(x.Groups[1].Value, known));
    }

    [Fact]
    public void Every_key_has_its_sentence() =>
        Assert.All(All(RecipeKeys.Root), x => Assert.True(x.Meaning.Length > 3 && x.Meaning.EndsWith('.'), x.Name));

    [Fact]
    public void Names_are_written_once_in_a_table() =>
        Assert.All(All(RecipeKeys.Root).Append(RecipeKeys.Root), x => Assert.Distinct(x.Keys.Select(k => k.Name)));

    private static IEnumerable<KeyDescription> All(KeyDescription key) => key.Keys.SelectMany(x => All(x).Prepend(x));

    private static IEnumerable<string> Below(KeyDescription key) => All(key).Select(x => x.Name).Distinct();

    private static string Section(string name) =>
        Text().Split("\n## ").Single(x => x.Split('\n')[0].Contains(name, StringComparison.Ordinal));

    private static string Text([CallerFilePath] string testFile = "") =>
        File.ReadAllText(Path.Join(Path.GetDirectoryName(testFile), "../../../docs/recipe.md"));

    [GeneratedRegex(@"^\| key \|.*\n(\|.*\n)+", RegexOptions.Multiline)]
    private static partial Regex KeyTables();

    [GeneratedRegex(@"^\| (`[^|]*`) \|", RegexOptions.Multiline)]
    private static partial Regex FirstCell();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
