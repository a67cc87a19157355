using CsCheck;
using Recipes.Engine.Model;
using Xunit;

namespace Recipes.Engine.Tests.Workspaces;

/// <summary>The automaton against a matcher that is too simple to be wrong, and too slow to be used.</summary>
public class GlobPropertyTests
{
    private static readonly Gen<string> Name = Gen.Char["abc."]
        .Array[1, 4]
        .Select(x => new string(x))
        .Where(x => x is not ("." or ".."));
    private static readonly Gen<string> Path = Name.Array[1, 4].Select(x => string.Join('/', x));
    private static readonly Gen<string> Piece = Gen.OneOf(
        "a",
        "b",
        "c",
        ".",
        "*",
        "?",
        "[ab]",
        "[!a]",
        "{a,*b}",
        "a{,b*}c",
        "{c?,[a-b]}",
        @"\a",
        @"\*"
    );
    private static readonly Gen<string> Segment = Gen.Frequency(
        (3, Piece.Array[1, 4].Select(string.Concat)),
        (1, Gen.Const("**")),
        (1, Gen.OneOf("{a/**,b}", "{a,**/b}", "{**,c}", "{a/b,**/c/*}"))
    );
    private static readonly Gen<string> Patterns = Segment.Array[1, 4].Select(x => string.Join('/', x));

    [Fact]
    public void Agrees_with_the_naive_matcher() =>
        Gen.Select(Patterns, Path)
            .Where((pattern, path) => Glob.TryParse(pattern, out var glob, out var fault))
            .Sample(
                (pattern, path) => Glob.Parse(pattern).Matches(path) == NaiveGlob.Matches(pattern, path),
                iter: 50_000
            );

    /// <summary>Random paths seldom match long patterns; this makes the path from the pattern.</summary>
    [Fact]
    public void A_path_matches_itself_written_as_a_pattern() =>
        Path.Sample(path => Glob.Parse(path).Matches(path) && Glob.Parse($"**/{path}").Matches(path));

    /// <summary>The longest pattern has some thousand states: tables of them once took megabytes.</summary>
    [Fact]
    public void Memory_grows_with_the_pattern_and_not_with_its_square()
    {
        var pattern = string.Concat(Enumerable.Repeat("*a", 500));
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 100; i++)
            Assert.False(Glob.Parse(pattern + i).Matches(new string('a', 250)));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50_000_000);
    }

    [Fact]
    public void Any_text_is_either_a_glob_or_a_fault() =>
        Gen.Char[@"ab/*?[]{},!-\."]
            .Array[0, 20]
            .Select(x => new string(x))
            .Sample(text =>
            {
                var parsed = Glob.TryParse(text, out var glob, out var fault);
                Assert.Equal(parsed, fault.Length == 0);
                glob?.Matches("a/b");
            });
}
