using System.Text.RegularExpressions;
using Recipes.Cli.Output;
using Recipes.Engine;
using Recipes.Engine.Model;
using Xunit;

namespace Recipes.Cli.Tests.Output;

/// <summary>What to do about a fault is data in the engine, and a command here.</summary>
public sealed partial class RemedyWordsTests
{
    public static TheoryData<RemedyKind> Kinds => [.. Enum.GetValues<RemedyKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_command_line_says_what_to_type_and_the_engine_what_to_do(RemedyKind kind)
    {
        var remedy = new Remedy(kind, "zlib", "/x");

        Assert.Matches(@"recipes \w+|--\w+|DOCKER_HOST", RemedyWords.Of(remedy));
        Assert.DoesNotMatch(@"recipes \w+|--\w+", remedy.ToString());
    }

    [Fact]
    public void Remedies_stay_in_messages_that_take_others_in()
    {
        MessageText inner = $"'zlib' is not in the store; {new Remedy(RemedyKind.Fetch, "zlib")}";
        var outer = new EngineException($"postgres: {inner}. Or {new Remedy(RemedyKind.ChooseStore)}").Text;
        var whole = MessageText.Lines([outer, "second" + inner]);

        Assert.Equal(
            "postgres: 'zlib' is not in the store; run: recipes fetch zlib. Or choose another store with --store or "
                + "RECIPES_STORE\nsecond'zlib' is not in the store; run: recipes fetch zlib",
            RemedyWords.Of(whole)
        );
        Assert.Equal([RemedyKind.Fetch, RemedyKind.ChooseStore, RemedyKind.Fetch], whole.Remedies.Select(x => x.Kind));
    }

    [Fact]
    public void A_diagnostic_keeps_them_with_its_place()
    {
        var fault = new Diagnostic(
            $"the lock is old; {new Remedy(RemedyKind.Lock)}",
            new("pkgs/x/recipe.toml", 2, 1, 4, "name = \"x\"")
        );

        Assert.Equal(
            "pkgs/x/recipe.toml:2:1: error: the lock is old; run 'recipes lock'\nname = \"x\"\n^^^^",
            RemedyWords.Of(fault.ToText())
        );
        Assert.EndsWith("the lock is old; lock the sources", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_are_equal_where_their_text_and_remedies_are()
    {
        MessageText one = $"a {new Remedy(RemedyKind.Lock)}";
        MessageText same = $"a {new Remedy(RemedyKind.Lock)}";
        MessageText other = $"a {new Remedy(RemedyKind.VerifyStore)}";

        Assert.Equal(one, same);
        Assert.NotEqual(one, other);
        Assert.NotEqual<MessageText>(one, "a ");
    }

    [Fact]
    public void No_text_of_the_engine_names_a_command()
    {
        var engine = Path.Join(Checkout.Root, "src", "Engine");
        var lines =
            from file in Directory.EnumerateFiles(engine, "*.cs", SearchOption.AllDirectories)
            from line in File.ReadLines(file)
            where Command().IsMatch(line) && !Comment().IsMatch(line)
            select line.Trim();

        // The lock says by itself what writes it.
        Assert.Equal(
            [
                "text.Append(\"# The exact source of every recipe. Written by 'recipes lock'; docs/lock.md "
                    + "describes it.\\n\");",
            ],
            lines
        );
    }

    [GeneratedRegex(
        @"recipes (?:build|compose|lock|fetch|doctor|store|bump|run|test|new|sources|check|log|shell|push|load|add)\b|[ (]--(?:store|sandbox|unsigned|insecure|allow-\w+|archive|tag|debian|version|commit|clean|source)\b"
    )]
    private static partial Regex Command();

    [GeneratedRegex(@"^\s*//")]
    private static partial Regex Comment();
}
