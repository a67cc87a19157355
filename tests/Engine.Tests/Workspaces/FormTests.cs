using Recipes.Engine.Workspaces.Keys;
using Xunit;

namespace Recipes.Engine.Tests.Workspaces;

/// <summary>The forms of strings, each with what it takes and what it says of the rest.</summary>
public class FormTests
{
    [Theory]
    [InlineData("zlib")]
    [InlineData("libstdc++")]
    [InlineData("0ad.2-x")]
    public void Names(string value) => Assert.Null(Forms.RecipeName.Check(value));

    [Theory]
    [InlineData("", "bad name '': it is empty")]
    [InlineData("Zlib", "bad name 'Zlib': names have a-z, 0-9, '+', '.' and '-', and begin with a letter or digit")]
    [InlineData("-z", "bad name '-z': names have a-z, 0-9, '+', '.' and '-', and begin with a letter or digit")]
    public void Bad_names(string value, string expected) => Assert.Equal(expected, Forms.RecipeName.Check(value));

    [Fact]
    public void Names_that_are_too_long() =>
        Assert.EndsWith("it is longer than 64 characters", Forms.RecipeName.Check(new string('a', 65)));

    [Theory]
    [InlineData("1.3.1")]
    [InlineData("6.3.0+dfsg")]
    [InlineData("v2024a")]
    public void Versions(string value) => Assert.Null(Forms.Version.Check(value));

    [Theory]
    [InlineData("", "bad version '': it is empty")]
    [InlineData(
        "1 2",
        "bad version '1 2': versions have letters, digits, '.', '+', '~', '_' and '-', and begin with a letter or digit"
    )]
    [InlineData(
        "../x",
        "bad version '../x': versions have letters, digits, '.', '+', '~', '_' and '-', and begin with a letter or "
            + "digit"
    )]
    public void Bad_versions(string value, string expected) => Assert.Equal(expected, Forms.Version.Check(value));

    [Theory]
    [InlineData("zlib:dev")]
    [InlineData("zlib")]
    public void Outputs(string value) => Assert.Null(Forms.OutputReference.Check(value));

    [Theory]
    [InlineData("zlib:", "bad output 'zlib:': output names have a-z, 0-9 and '-', and begin with a letter or digit")]
    [InlineData(":dev", "bad output ':dev': it is empty")]
    public void Bad_outputs(string value, string expected) =>
        Assert.Equal(expected, Forms.OutputReference.Check(value));

    [Theory]
    [InlineData("https://zlib.net/zlib-1.tar.gz")]
    [InlineData("debian:pool/main/z/zlib/zlib_1.orig.tar.gz")]
    [InlineData("file:archives/x.tar")]
    [InlineData("file:///srv/x.tar")]
    public void Archives(string value) => Assert.Null(PathForms.Archive.Check(value));

    [Theory]
    [InlineData("zlib.tar.gz", "bad URL 'zlib.tar.gz': it has to begin with https:, http:, file: or debian:")]
    [InlineData("ftp://a.org/x", "bad URL 'ftp://a.org/x': it has to begin with https:, http:, file: or debian:")]
    [InlineData("https://a.org/a b", "bad URL 'https://a.org/a b': it has a space or a control character")]
    [InlineData("https://", "bad URL 'https://': it is not a URL")]
    [InlineData("file:../x", "bad URL 'file:../x': '.' and '..' are not allowed in it")]
    [InlineData(
        "debian:main/z",
        "bad URL 'debian:main/z': write a path of the archive's pool, such as "
            + "'debian:pool/main/z/zlib/zlib_1.3.1.orig.tar.gz'"
    )]
    public void Bad_archives(string value, string expected) => Assert.Equal(expected, PathForms.Archive.Check(value));

    [Fact]
    public void Bad_mirrors() =>
        Assert.Equal(
            "bad mirror 'x': it has to begin with https:, http:, file: or debian:",
            PathForms.Mirror.Check("x")
        );

    [Fact]
    public void Bad_pages() =>
        Assert.Equal("bad URL 'zlib.net': it has to begin with https: or http:", PathForms.WebPage.Check("zlib.net"));

    [Fact]
    public void Bad_repositories() =>
        Assert.Equal(
            "bad URL 'git@a.org:x': it has to begin with https:, http:, ssh:, git: or file:",
            PathForms.Git.Check("git@a.org:x")
        );

    [Theory]
    [InlineData("332B", 332)]
    [InlineData("15.82MB", 15_820_000)]
    [InlineData("345.8kB", 345_800)]
    [InlineData("8GiB", 8L << 30)]
    [InlineData("20 GB", 20_000_000_000)]
    public void Sizes(string value, long bytes)
    {
        Assert.True(ByteSize.TryParse(value, out var parsed));
        Assert.Equal(bytes, parsed);
    }

    [Theory]
    [InlineData("8")]
    [InlineData("GB")]
    [InlineData("-1GB")]
    [InlineData("1.2.3GB")]
    [InlineData("99999999999999999TB")]
    [InlineData("1gb")]
    public void Bad_sizes(string value) =>
        Assert.Equal(
            $"bad size '{value}': write a number and a unit, such as '15.82MB' or '8GiB'",
            Forms.Size.Check(value)
        );

    [Theory]
    [InlineData("10s", 10_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("500ms", 500)]
    public void Lengths_of_time(string value, long milliseconds)
    {
        Assert.True(Durations.TryParse(value, out var parsed));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("s")]
    [InlineData("1d")]
    [InlineData("999999999h")]
    public void Bad_lengths_of_time(string value) =>
        Assert.Equal(
            $"bad duration '{value}': write numbers with units, such as '10s', '90m' or '1h30m'",
            Forms.Duration.Check(value)
        );

    [Theory]
    [InlineData("0755", 0b111_101_101)]
    [InlineData("644", 0b110_100_100)]
    [InlineData("4755", 0b100_111_101_101)]
    public void Modes(string value, int mode)
    {
        Assert.True(FileModes.TryParse(value, out var parsed));
        Assert.Equal(mode, parsed);
    }

    [Theory]
    [InlineData("8")]
    [InlineData("0788")]
    [InlineData("rwx")]
    [InlineData("00755")]
    public void Bad_modes(string value) =>
        Assert.Equal($"bad mode '{value}': write three or four octal digits, such as '0755'", Forms.Mode.Check(value));

    [Theory]
    [InlineData("0/tcp")]
    [InlineData("65536/tcp")]
    [InlineData("80")]
    [InlineData("80/icmp")]
    public void Bad_ports(string value) =>
        Assert.Equal(
            $"bad port '{value}': write a number from 1 to 65535 and tcp, udp or sctp, such as '5432/tcp'",
            Forms.Port.Check(value)
        );

    [Fact]
    public void Ports() => Assert.Null(Forms.Port.Check("53/udp"));

    [Fact]
    public void Bad_signals() =>
        Assert.Equal("unknown signal 'SIGNIT'; did you mean 'SIGINT'?", Forms.Signal.Check("SIGNIT"));

    [Fact]
    public void Bad_Debian_names() =>
        Assert.Equal(
            "bad Debian package 'G++': such names have a-z, 0-9, '+', '.' and '-'",
            Forms.DebianName.Check("G++")
        );

    [Fact]
    public void Bad_suites() =>
        Assert.Equal("bad suite '': write a suite's name, such as 'bookworm'", Forms.Suite.Check(""));

    [Fact]
    public void Long_values_are_not_quoted_in_full() =>
        Assert.Equal(
            $"bad mode '{new string('7', 100)}…': write three or four octal digits, such as '0755'",
            Forms.Mode.Check(new string('7', 500))
        );

    [Fact]
    public void Texts_of_several_lines() =>
        Assert.Equal("bad text 'a\nb': it has to be one line", Forms.Line.Check("a\nb"));
}
