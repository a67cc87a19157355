using Recipes.Engine.Model;
using Xunit;

namespace Recipes.Engine.Tests.Workspaces;

public class GlobTests
{
    [Theory]
    [InlineData("**", "a", true)]
    [InlineData("**", "a/b/c", true)]
    [InlineData("a/**", "a/b", true)]
    [InlineData("a/**", "a/b/c", true)]
    [InlineData("a/**", "a", false)]
    [InlineData("a/**", "ab/c", false)]
    [InlineData("**/*.a", "x.a", true)]
    [InlineData("**/*.a", "usr/lib/x.a", true)]
    [InlineData("**/*.a", "usr/lib/x.ab", false)]
    [InlineData("a/**/b", "a/b", true)]
    [InlineData("a/**/b", "a/x/y/b", true)]
    [InlineData("a/**/b", "a/xb", false)]
    [InlineData("**/a/**", "a/b", true)]
    [InlineData("*", "a", true)]
    [InlineData("*", "a/b", false)]
    [InlineData("*", ".hidden", true)]
    [InlineData("a*b", "ab", true)]
    [InlineData("a*b", "a/b", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("a?c", "a\U0001F600c", true)]
    [InlineData("[abc]x", "bx", true)]
    [InlineData("[a-c]x", "dx", false)]
    [InlineData("[!a]x", "bx", true)]
    [InlineData("[!a]x", "ax", false)]
    [InlineData("a[!b]c", "a/c", false)]
    [InlineData("[a-]x", "-x", true)]
    [InlineData("[]]x", "]x", true)]
    [InlineData("{a,b}/c", "b/c", true)]
    [InlineData("{a,b}/c", "ab/c", false)]
    [InlineData("x{,.y}", "x", true)]
    [InlineData("x{,.y}", "x.y", true)]
    [InlineData("x{/**,}", "x/y/z", true)]
    [InlineData("{a,**}/c", "p/q/c", true)]
    [InlineData("{a/**,b}/c", "a/c", true)]
    [InlineData("{a,{b,c}d}", "cd", true)]
    [InlineData(@"a\*", "a*", true)]
    [InlineData(@"a\*", "ab", false)]
    [InlineData("usr/lib/libstdc++.so", "usr/lib/libstdc++.so", true)]
    [InlineData("usr/lib/libstdc++.so", "usr/lib/libstdc++.so.6", false)]
    public void Matches_as_documented(string pattern, string path, bool expected) =>
        Assert.Equal(expected, Glob.Parse(pattern).Matches(path));

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("/usr", "it has to be relative; leave out the '/' at its start")]
    [InlineData("usr/", "it ends in '/'; write '/**' for everything below")]
    [InlineData("usr//lib", "it has '//'")]
    [InlineData("../x", "'.' and '..' have no meaning in it")]
    [InlineData("a**", "'**' has to be a whole folder name: '**/x', 'x/**'")]
    [InlineData("**a", "'**' has to be a whole folder name: '**/x', 'x/**'")]
    [InlineData("a/***", "'**' has to be a whole folder name: '**/x', 'x/**'")]
    [InlineData("{a,**}b", "'**' has to be a whole folder name: '**/x', 'x/**'")]
    [InlineData("[abc", "'[' without ']'")]
    [InlineData("[a/b]", "'/' inside '[…]'")]
    [InlineData("[z-a]", "the range 'z-a' is the wrong way round")]
    [InlineData("{a,b", "'{' without '}'")]
    [InlineData("a}", "'}' without '{'")]
    [InlineData("{{{{{{{{{a}}}}}}}}}", "'{' nested deeper than 8")]
    [InlineData(@"a\", @"'\' at its end")]
    public void Says_what_is_wrong_with_a_pattern(string pattern, string expected)
    {
        Assert.False(Glob.TryParse(pattern, out _, out var fault));
        Assert.Equal(expected, fault);
    }

    [Fact]
    public void Refuses_a_pattern_of_absurd_length()
    {
        Assert.False(Glob.TryParse(new string('a', 1025), out _, out var fault));
        Assert.Equal("it is longer than 1024 characters", fault);
    }

    /// <summary>A backtracking matcher would need longer than the universe is old for this.</summary>
    [Fact]
    public void Stars_do_not_multiply()
    {
        var glob = Glob.Parse(string.Concat(Enumerable.Repeat("a*", 100)) + "b");
        Assert.False(glob.Matches(new string('a', 10_000)));
        Assert.True(glob.Matches(new string('a', 10_000) + "b"));
    }
}
