using System.Diagnostics;
using System.Text;
using Recipes.Engine.Bumping;
using Recipes.Engine.Content;
using Recipes.Engine.Sources.Releases;
using Recipes.Integration.Tests.Sources;
using Xunit;

namespace Recipes.Integration.Tests.Bumping;

/// <summary>
/// Asking origins for versions: a web server's listing, a small Debian archive, a repository, all on this machine.
/// </summary>
public sealed class UpstreamTests : IDisposable
{
    private readonly BumpFixture fixture = new();
    private readonly Dictionary<string, byte[]> files = [];
    private readonly TinyServer server;

    public UpstreamTests() =>
        server = new(x =>
            files.TryGetValue(Uri.UnescapeDataString(x.Path), out var file)
                ? TinyServer.Serve(x, file)
                : TinyServer.Missing
        );

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        server.Dispose();
        fixture.Dispose();
    }

    private async Task<UpstreamAnswer> AskAsync()
    {
        using var bumper = fixture.NewBumper();
        return await bumper.AskAsync(fixture.Load().RequireSource("x"), Token);
    }

    /// <summary>Publishes Debian's list of sources of a suite, which has these files in one folder.</summary>
    private void Publish(string suite, string folder, params string[] names)
    {
        var path = fixture.Beside($"{suite} Sources");
        File.WriteAllText(
            path,
            $"Package: x\nFiles:\n{string.Concat(names.Select(x => $" 0123 5 {x}\n"))}Directory: {folder}\n"
        );
        using var process = Process.Start("xz", ["--keep", "--force", path]);
        process.WaitForExit();
        var packed = File.ReadAllBytes(path + ".xz");
        files[$"/dists/{suite}/main/source/Sources.xz"] = packed;
        files[$"/dists/{suite}/InRelease"] = Encoding.ASCII.GetBytes(
            $"Suite: {suite}\nDate: Sat, 08 Nov 2025 10:19:41 UTC\nSHA256:\n {Digest.Of(packed).Hash} "
                + $"{packed.Length} main/source/Sources.xz\n"
        );
        fixture.Sites.Sites = [server.Url];
    }

    private static byte[] Tar(string content) => new TarBuilder().File("x/a.c", content).ToTar();

    [Fact]
    public async Task A_listing_shows_versions_and_the_newest_is_fetched()
    {
        files["/pub/"] =
            "<a href=\"x-1.0.tar\">1</a> <a href=\"x-1.10.tar\">2</a> <a href=\"x-1.9.tar\">3</a> <a href=\"x-2.0-rc1.tar\">4</a>"u8.ToArray();
        files["/pub/x-1.0.tar"] = Tar("1");
        files["/pub/x-1.10.tar"] = Tar("2");
        fixture.Recipe("x", "1.0", $"archive = \"{server.Url}/pub/x-{{version}}.tar\"");
        await fixture.CommitAsync();

        Assert.Equal(["2.0-rc1", "1.10", "1.9", "1.0"], (await AskAsync()).Versions.Select(x => x.Version));
        var bump = await fixture.PrepareAsync();
        Assert.Equal(("1.10", $"{server.Url}/pub/x-1.10.tar"), (bump.Review.After.Version, bump.Review.Origin));
    }

    [Fact]
    public async Task A_place_that_does_not_list_is_told_and_the_others_count()
    {
        files["/a/x-1.0.tar"] = Tar("1");
        files["/b/"] = "<a href=\"x-1.1.tar\">1</a>"u8.ToArray();
        fixture.Recipe(
            "x",
            "1.0",
            $"archive = \"{server.Url}/a/x-{{version}}.tar\"\nmirrors = [\"{server.Url}/b/x-{{version}}.tar\", "
                + $"\"https://nowhere.invalid/x-{{version}}.tar\"]"
        );
        await fixture.CommitAsync();

        var answer = await AskAsync();

        Assert.Equal("1.1", Assert.Single(answer.Versions).Version);
        Assert.Equal(
            [
                new($"{server.Url}/a/x-{{version}}.tar", "the server lists no files there: it answers 404 Not Found"),
                new("https://nowhere.invalid/x-{version}.tar", "cannot resolve the host 'nowhere.invalid'"),
            ],
            answer.Unreached
        );
    }

    [Fact]
    public async Task Where_nothing_can_be_asked_the_version_has_to_be_written()
    {
        files["/a/x-1.0.tar"] = Tar("1");
        files["/a/x-1.1.tar"] = Tar("2");
        fixture.Recipe("x", "1.0", $"archive = \"{server.Url}/a/x-{{version}}.tar\"");
        await fixture.CommitAsync();

        var fault = await Assert.ThrowsAsync<Engine.EngineException>(() => fixture.PrepareAsync());
        Assert.Equal(
            $"no version of 'x' was found:\n  {server.Url}/a/x-{{version}}.tar: the server lists no files there: it "
                + $"answers 404 Not Found\n"
                + "To go on, name the version; where nothing can be downloaded, name an archive.",
            fault.Message
        );
        Assert.Equal("1.1", (await fixture.PrepareAsync("1.1")).Review.After.Version);
    }

    [Fact]
    public async Task Where_signatures_cannot_be_checked_the_pool_is_not_asked()
    {
        Publish("unstable", "pool/main/x/x", "x_2.0.orig.tar.gz");
        files["/pool/main/x/x/x_1.0.orig.tar.gz"] = Tar("1");
        fixture.Recipe("x", "1.0", "archive = \"debian:pool/main/x/x/x_{version}.orig.tar.gz\"");
        await fixture.CommitAsync();
        using var bumper = fixture.NewBumper(isStrict: true);

        var answer = await bumper.AskAsync(fixture.Load().RequireSource("x"), Token);

        Assert.Empty(answer.Versions);
        Assert.Equal(
            "Debian's list of the sources in unstable is not available: The signature of Debian's suite 'unstable' "
                + "cannot be checked here: '/nowhere' is missing. Install the package 'debian-archive-keyring' "
                + "(apt-get install debian-archive-keyring), or accept package lists that are not "
                + "signed.",
            Assert.Single(answer.Unreached).Reason.ToString()
        );
    }

    [Fact]
    public async Task A_suite_that_is_not_to_be_had_does_not_cost_what_another_tells()
    {
        Publish("stable", "pool/main/x/x", "x_2.0.orig.tar.gz");
        files["/pool/main/x/x/x_1.0.orig.tar.gz"] = Tar("1");
        fixture.Recipe("x", "1.0", "archive = \"debian:pool/main/x/x/x_{version}.orig.tar.gz\"");
        await fixture.CommitAsync();

        var answer = await AskAsync();

        Assert.Equal("2.0", Assert.Single(answer.Versions).Version);
        Assert.Equal("Debian's list of the sources in unstable", Assert.Single(answer.Unreached).Place);
    }

    [Fact]
    public async Task A_listing_that_misbehaves_is_told()
    {
        foreach (
            var (answer, reason, time) in new (Answer, string, double)[]
            {
                (
                    new("302 Found", [], "Location: file:///etc"),
                    "it sends to 'file:///etc', and 'file:' is not followed; only https: and http: are",
                    30
                ),
                (
                    Answer.Endless("200 OK", new byte[1 << 16], "Content-Type: text/html; charset=nonsense"),
                    "the page has more than 8388608 bytes",
                    30
                ),
                (
                    new("", []) { Raw = ["HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\n<a"u8.ToArray()] },
                    "the answer did not end within 0.5 s",
                    0.5
                ),
                (new("", []) { IsSilent = true }, "no data received for 0.5 s", 0.5),
            }
        )
        {
            using var bad = new TinyServer(_ => answer);
            using var listing = new ListingPage(
                SourceFixture.Patient with
                {
                    StallTimeout = TimeSpan.FromSeconds(time),
                }
            );

            var fault = await Assert.ThrowsAsync<Engine.EngineException>(() =>
                listing.NamesAsync(new(bad.Url + "/pub/"), Token)
            );
            Assert.Equal(reason, fault.Message);
        }
    }

    [Fact]
    public async Task A_listing_by_another_scheme_is_told()
    {
        using var listing = new ListingPage(SourceFixture.Patient);

        var fault = await Assert.ThrowsAsync<Engine.EngineException>(() =>
            listing.NamesAsync(new("ftp://127.0.0.1/pub/"), Token)
        );

        Assert.Equal("URLs with 'ftp:' are not asked; use https:", fault.Message);
    }

    [Fact]
    public async Task A_file_that_Debian_calls_otherwise_is_found_and_written_down()
    {
        Publish("unstable", "pool/main/x/x", "x_2.0+dfsg.orig.tar.xz", "x_1.0.really.orig.tar.gz");
        files["/pool/main/x/x/x_1.0.orig.tar.gz"] = Tar("1");
        files["/pool/main/x/x/x_2.0+dfsg.orig.tar.xz"] = Tar("2");
        fixture.Recipe("x", "1.0", "archive = \"debian:pool/main/x/x/x_{version}.orig.tar.gz\"");
        await fixture.CommitAsync();

        foreach (var version in (string?[])[null, "2.0"])
        {
            var review = (await fixture.PrepareAsync(version)).Review;
            Assert.Equal("2.0", review.After.Version);
            // No mirror's host, which is this machine's alone.
            Assert.Equal("debian:pool/main/x/x/x_2.0+dfsg.orig.tar.xz", review.Origin);
            Assert.Equal(
                new RecipeEdit(
                    "pkgs/x/recipe.toml",
                    "archive",
                    "debian:pool/main/x/x/x_{version}.orig.tar.gz",
                    "debian:pool/main/x/x/x_{version}+dfsg.orig.tar.xz"
                ),
                review.Edits[1]
            );
        }
    }

    [Fact]
    public async Task What_unstable_lacks_is_looked_for_in_stable()
    {
        Publish("unstable", "pool/main/x/x-18", "x-18_18.1.orig.tar.gz");
        Publish("stable", "pool/main/x/x-17", "x-17_17.1.orig.tar.gz");
        fixture.Recipe("x", "17.0", "archive = \"debian:pool/main/x/x-17/x-17_{version}.orig.tar.gz\"");
        files["/pool/main/x/x-17/x-17_17.0.orig.tar.gz"] = Tar("1");
        files["/pool/main/x/x-18/x-18_18.1.orig.tar.gz"] = Tar("2");
        await fixture.CommitAsync();

        Assert.Equal("17.1", Assert.Single((await AskAsync()).Versions).Version);
        var review = (await fixture.PrepareAsync("18.1")).Review;
        Assert.Equal("debian:pool/main/x/x-18/x-18_{version}.orig.tar.gz", review.Edits[1].After);
        fixture.Recipe("x", "17.0", "archive = \"debian:pool/main/z/z/z_{version}.orig.tar.gz\"");
        Assert.Equal(
            "Debian has no release archive below pool/main/z/z in unstable or stable",
            Assert.Single((await AskAsync()).Unreached).Reason
        );
    }

    [Fact]
    public async Task All_sources_are_held_against_their_upstreams_and_one_that_is_gone_stops_no_other()
    {
        var upstream = GitJudge.Init(fixture.Beside("upstream"));
        upstream.CommitAll();
        upstream.Run("tag", "v1.0");
        upstream.Run("tag", "v1.1");
        fixture.Recipe("x", "1.0", $"git = \"{new Uri(upstream.Folder).AbsoluteUri}\"\ntag = \"v{{version}}\"");
        fixture.Recipe("y", "1.0", "git = \"file:///nowhere/y.git\"\ntag = \"v{version}\"");
        fixture.Recipe("z", "3.0", $"archive = \"{server.Url}/z-{{version}}.tar\"");
        files["/"] = "<a href='z-2.0.tar'>"u8.ToArray();
        using var bumper = fixture.NewBumper();

        var standings = await SourceStanding.AskAsync(
            bumper,
            fixture.Load().Recipes.Values.Select(x => x.RequireSource()),
            Token
        );

        Assert.Equal(
            [("x", "1.1", true), ("y", null, false), ("z", "2.0", false)],
            standings.Select(x => (x.Recipe, x.Newest, x.IsOutdated))
        );
        Assert.StartsWith(
            "the tags of 'file:///nowhere/y.git' cannot be listed: ",
            Assert.Single(standings[1].Unreached).Reason.ToString().ToString(),
            StringComparison.Ordinal
        );
    }
}
