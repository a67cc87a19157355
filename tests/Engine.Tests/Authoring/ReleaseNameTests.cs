using Recipes.Engine.Authoring;
using Xunit;

namespace Recipes.Engine.Tests.Authoring;

public sealed class ReleaseNameTests
{
    [Theory]
    [InlineData(
        "https://zlib.net/fossils/zlib-1.3.1.tar.gz",
        "1.3.1",
        "https://zlib.net/fossils/zlib-{version}.tar.gz"
    )]
    [InlineData(
        "https://ftp.postgresql.org/pub/source/v17.11/postgresql-17.11.tar.bz2",
        "17.11",
        "https://ftp.postgresql.org/pub/source/v{version}/postgresql-{version}.tar.bz2"
    )]
    [InlineData(
        "https://github.com/o/r/archive/refs/tags/v1.2.3.tar.gz",
        "1.2.3",
        "https://github.com/o/r/archive/refs/tags/v{version}.tar.gz"
    )]
    [InlineData(
        "https://github.com/o/r/releases/download/v1.2/r.tar.gz",
        "1.2",
        "https://github.com/o/r/releases/download/v{version}/r.tar.gz"
    )]
    [InlineData("https://e.org/pcre2-10.48.tar.gz", "10.48", "https://e.org/pcre2-{version}.tar.gz")]
    [InlineData("https://e.org/libfoo2.1.tar.xz", "2.1", "https://e.org/libfoo{version}.tar.xz")]
    [InlineData("https://e.org/openssl-1.1.1w.tar.gz", "1.1.1w", "https://e.org/openssl-{version}.tar.gz")]
    [InlineData("https://e.org/x-2.0-rc1.tgz", "2.0-rc1", "https://e.org/x-{version}.tgz")]
    [InlineData("https://e.org/less-668.tar.gz", "668", "https://e.org/less-{version}.tar.gz")]
    [InlineData("https://e.org/x-1.2-src.tar.gz", "1.2", "https://e.org/x-{version}-src.tar.gz")]
    [InlineData("https://e1.2.org/x-1.2.tar.gz", "1.2", "https://e1.2.org/x-{version}.tar.gz")]
    [InlineData("file:words-1.tar", "1", "file:words-{version}.tar")]
    [InlineData("file:///srv/words-1.5.tar", "1.5", "file:///srv/words-{version}.tar")]
    [InlineData(
        "debian:pool/main/l/lua5.4/lua5.4_5.4.9.orig.tar.gz",
        "5.4.9",
        "debian:pool/main/l/lua5.4/lua5.4_{version}.orig.tar.gz"
    )]
    [InlineData(
        "debian:pool/main/z/zlib/zlib_1.3.dfsg+really1.3.2.orig.tar.gz",
        "1.3.2",
        "debian:pool/main/z/zlib/zlib_1.3.dfsg+really{version}.orig.tar.gz"
    )]
    [InlineData(
        "debian:pool/main/b/bison/bison_3.8.2+dfsg.orig.tar.xz",
        "3.8.2",
        "debian:pool/main/b/bison/bison_{version}+dfsg.orig.tar.xz"
    )]
    public void The_version_of_an_archive_is_in_its_url(string url, string version, string template) =>
        Assert.Equal(new ReleaseName(version, template), ReleaseName.OfArchive(url, version: null));

    [Theory]
    [InlineData("https://e.org/bzip2.tar.gz")]
    [InlineData("https://e.org/latest.tar.gz")]
    [InlineData("https://e.org/tzcode2024a.tar.gz")]
    public void A_number_that_belongs_to_a_name_is_no_version(string url) =>
        Assert.Null(ReleaseName.OfArchive(url, version: null));

    [Theory]
    [InlineData("https://e.org/tzcode2024a.tar.gz", "2024a", "https://e.org/tzcode{version}.tar.gz")]
    [InlineData("https://e.org/sqlite-src-3530400.zip", "3.53.4", "https://e.org/sqlite-src-3530400.zip")]
    public void A_version_that_is_told_is_replaced_where_it_stands(string url, string version, string template) =>
        Assert.Equal(new ReleaseName(version, template), ReleaseName.OfArchive(url, version));

    [Theory]
    [InlineData("v1.2.3", "1.2.3", "v{version}")]
    [InlineData("1.2", "1.2", "{version}")]
    [InlineData("release-2.0", "2.0", "release-{version}")]
    [InlineData("curl-8_9_1", "8.9.1", "curl-8_9_1")]
    public void The_version_of_a_tag_is_at_its_end(string tag, string version, string template) =>
        Assert.Equal(new ReleaseName(version, template), ReleaseName.OfTag(tag, version: null));

    [Fact]
    public void A_tag_without_a_number_shows_no_version() => Assert.Null(ReleaseName.OfTag("stable", version: null));
}
