using Recipes.Engine.Content;
using Xunit;

namespace Recipes.Engine.Tests.Content;

public sealed class KeyBuilderTests
{
    [Fact]
    public void A_key_is_the_digest_of_its_lines()
    {
        var key = new KeyBuilder("thing 1").Add("one", "").AddRow('\t', "row", "two", "three").AddRow('\0', "a\nb", "");

        Assert.Equal(Digest.Of("thing 1\none\n\nrow\ttwo\tthree\na\nb\0\n"u8), key.Digest);
    }

    [Fact]
    public void Different_parts_never_give_the_same_key()
    {
        Digest[] keys =
        [
            new KeyBuilder("a").Add("b", "c").Digest,
            new KeyBuilder("a").Add("b\nc").Digest,
            new KeyBuilder("a\nb").Add("c").Digest,
            new KeyBuilder("a").AddRow('\t', "b", "c").Digest,
            new KeyBuilder("a").AddRow('\t', "b\tc").Digest,
            new KeyBuilder("a").AddRow('\t', "b", "c\n").Digest,
            new KeyBuilder("a").Add("\u00003\0b\nc").Digest,
        ];

        Assert.Equal(keys.Length, keys.Distinct().Count());
    }
}
