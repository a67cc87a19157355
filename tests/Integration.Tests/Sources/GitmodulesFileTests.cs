using CsCheck;
using Recipes.Engine;
using Recipes.Engine.Sources.Git;
using Xunit;

namespace Recipes.Integration.Tests.Sources;

/// <summary>git itself judges what a file says.</summary>
public sealed class GitmodulesFileTests : IDisposable
{
    private const string Odd =
        "; a comment\n\n[core]\n\tbare=false\n[SubModule \"a\\\"b\"] path = \"lib/a b\" # why\n\turl= "
        + "https://a;comment\n"
        + "\tignore\n  update = checkout   \r\n[submodule \"c\"]\n\tpath=c\n\turl = one \\\n  two\n# last";

    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    private string[] Judge(string text)
    {
        folder.Write("modules", text);
        var listed = new GitJudge(folder.Path).Run("config", "-z", "-f", folder.Join("modules"), "--list");
        return listed.Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public void It_is_read_as_git_reads_it()
    {
        var entries = GitmodulesFile.Parse(Odd).Entries.ToList();

        Assert.Equal([new("lib/a b", "https://a", "checkout"), new("c", "one   two", null)], entries);
        var judged = Judge(Odd);
        Assert.Contains("submodule.a\"b.path\nlib/a b", judged);
        Assert.Contains("submodule.a\"b.url\nhttps://a", judged);
        Assert.Contains("submodule.a\"b.update\ncheckout", judged);
        Assert.Contains("submodule.c.url\none   two", judged);
    }

    [Fact]
    public void An_edit_changes_one_value_and_nothing_else()
    {
        var edited = GitmodulesFile.Parse(Odd).With(new("lib/a b", "https://new", "none"));

        Assert.Equal(
            Odd.Replace("https://a;", "https://new;", StringComparison.Ordinal)
                .Replace("checkout", "none", StringComparison.Ordinal),
            edited.Text
        );
        Assert.Equal(Odd, edited.With(new("lib/a b", "https://a", "checkout")).Text);
    }

    [Fact]
    public void A_new_entry_comes_last_and_an_old_one_goes_whole()
    {
        var added = GitmodulesFile.Parse(Odd).With(new("pkgs/x/source", "https://x/#1", "none"));

        Assert.Equal(
            Odd
                + "\r\n[submodule \"pkgs/x/source\"]\r\n\tpath = pkgs/x/source\r\n\turl = "
                + "\"https://x/#1\"\r\n\tupdate = none\r\n",
            added.Text
        );
        Assert.Equal(Odd + "\r\n", added.Without("pkgs/x/source").Text);
        Assert.DoesNotContain(Judge(added.Without("c").Text), x =>
            x.StartsWith("submodule.c.", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_missing_key_is_added_to_its_section_and_a_needless_one_goes()
    {
        var text = "[submodule \"a\"]\n\tpath = a\n\tupdate = none\n\n[submodule \"b\"]\n\tpath = b";

        var edited = GitmodulesFile.Parse(text).With(new("a", "u", null)).With(new("b", "v", null));

        Assert.Equal(
            "[submodule \"a\"]\n\tpath = a\n\turl = u\n\n[submodule \"b\"]\n\tpath = b\n\turl = v\n",
            edited.Text
        );
    }

    [Fact]
    public void Whatever_the_values_git_reads_what_was_written()
    {
        var text = Gen.Char["a \"\\#;[]=/ü\t"].Array[1, 8].Select(x => new string(x));
        Gen.Select(text, text)
            .Sample(
                (path, url) =>
                {
                    var written = GitmodulesFile.Parse(Odd).With(new("x" + path, url, null)).Text;
                    var judged = Judge(written);
                    Assert.Contains($"submodule.x{path}.path\nx{path}", judged);
                    Assert.Contains($"submodule.x{path}.url\n{url}", judged);
                    Assert.Equal(url, GitmodulesFile.Parse(written).Find("x" + path)!.Url);
                },
                iter: 60,
                threads: 1
            );
    }

    [Theory]
    [InlineData(
        "[submodule \"a\"]\n\tpath = a\n<<<<<<< ours\n",
        ".gitmodules:3:1: error: a section or a key is expected"
    )]
    [InlineData("[submodule \"a\n", ".gitmodules:1:1: error: the section's name has no closing quote")]
    [InlineData("[submodule \"a\"\n", ".gitmodules:1:1: error: the section's ']' is missing")]
    [InlineData("[submodule\n", ".gitmodules:1:1: error: the section's ']' is missing")]
    [InlineData("[a]\nb = \"c\n", ".gitmodules:2:1: error: the value has no closing quote")]
    [InlineData("[a]\nb = \\q\n", ".gitmodules:2:1: error: a '\\' is followed by what git does not know")]
    [InlineData("[a]\nb c\n", ".gitmodules:2:1: error: '=' is expected after 'b'")]
    public void Faults_are_told_with_their_line(string text, string message)
    {
        Assert.Equal(message, Assert.Throws<EngineException>(() => GitmodulesFile.Parse(text)).Message);
        Assert.ThrowsAny<Exception>(() => Judge(text));
    }
}
