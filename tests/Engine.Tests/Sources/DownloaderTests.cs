using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Recipes.Engine.Content;
using Recipes.Engine.Sources.Downloads;
using Xunit;

namespace Recipes.Engine.Tests.Sources;

public sealed class DownloaderTests : IDisposable
{
    private readonly SourceFixture fixture = new();
    private readonly byte[] file = new byte[300_000];

    public DownloaderTests() => new Random(7).NextBytes(file);

    public void Dispose() => fixture.Dispose();

    private Digest Known => Digest.Of(file);

    private async Task<Digest> DownloadAsync(Digest expected, params string[] urls)
    {
        using var downloader = new Downloader(fixture.Store, fixture.Options, fixture.Events);
        return await DownloadAsync(downloader, expected, urls);
    }

    private static async Task<Digest> DownloadAsync(Downloader downloader, Digest expected, params string[] urls) =>
        await downloader.DownloadAsync(
            new("x", expected, "key", urls.Select(x => new Uri(x)).ToAsyncEnumerable(), 1_000_000),
            TestContext.Current.CancellationToken
        );

    private string PartPath => Path.Join(fixture.Store.Root, "tmp", "downloads", "key.part");

    private async Task<string> FailureAsync(Digest expected, params string[] urls) =>
        (await Assert.ThrowsAsync<EngineException>(() => DownloadAsync(expected, urls))).Message;

    private static string DeadUrl()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }

    [Fact]
    public async Task A_download_is_verified_kept_and_reported()
    {
        using var server = new TinyServer(x => TinyServer.Serve(x, file));

        Assert.Equal(Known, await DownloadAsync(Known, server.Url + "/x.tgz"));

        Assert.Equal(file, File.ReadAllBytes(fixture.Store.FindBlob(Known)!));
        Assert.False(File.Exists(PartPath));
        var last = fixture.Events.Of<DownloadProgress>()[^1];
        Assert.Equal(new DownloadProgress("x", file.Length, file.Length, server.Url + "/x.tgz"), last);
        Assert.Equal(
            new DownloadFinished("x", file.Length, server.Url + "/x.tgz"),
            fixture.Events.Of<DownloadFinished>().Single()
        );
    }

    [Fact]
    public async Task What_is_in_the_store_is_not_asked_for()
    {
        fixture.Store.AddBlob(file);

        Assert.Equal(Known, await DownloadAsync(Known, DeadUrl()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_that_breaks_is_gone_on_with(bool isKnown)
    {
        using var server = new TinyServer(x =>
            TinyServer.Serve(x, file) with
            {
                CutAfter = x.Range is null ? 100_000 : null,
            }
        );

        Assert.Equal(Known, await DownloadAsync(isKnown ? Known : default, server.Url + "/x"));

        Assert.Equal([null, "bytes=100000-"], server.Requests.Select(x => x.Range));
        Assert.Equal("\"1\"", server.Requests.Last().IfRange);
    }

    [Fact]
    public async Task A_later_process_goes_on_where_an_earlier_one_ended()
    {
        using var broken = new TinyServer(x =>
            TinyServer.Serve(x, file) with
            {
                CutAfter = x.Range is null ? 50_000 : 0,
            }
        );
        await FailureAsync(Known, broken.Url + "/x");
        Assert.Equal(50_000, new FileInfo(PartPath).Length);

        using var server = new TinyServer(x => TinyServer.Serve(x, file));
        await DownloadAsync(Known, server.Url + "/x");

        Assert.Equal("bytes=50000-", Assert.Single(server.Requests).Range);
    }

    [Fact]
    public async Task A_file_that_changed_between_two_tries_is_taken_anew()
    {
        var first = true;
        using var server = new TinyServer(x =>
        {
            if (!first)
                return TinyServer.Serve(x, file, "\"2\"");
            first = false;
            return TinyServer.Serve(x, new byte[200_000], "\"1\"") with { CutAfter = 100_000 };
        });

        Assert.Equal(Known, await DownloadAsync(default, server.Url + "/x"));
    }

    [Fact]
    public async Task Bytes_of_another_place_that_do_not_fit_are_dropped()
    {
        using var wrong = new TinyServer(x =>
            TinyServer.Serve(x, new byte[file.Length]) with
            {
                CutAfter = x.Range is null ? 70_000 : 0,
            }
        );
        using var server = new TinyServer(x => TinyServer.Serve(x, file));

        Assert.Equal(Known, await DownloadAsync(Known, wrong.Url + "/x", server.Url + "/x"));

        Assert.Equal(["bytes=70000-", null], server.Requests.Select(x => x.Range));
    }

    [Fact]
    public async Task A_download_that_was_whole_when_the_process_ended_is_not_repeated()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PartPath)!);
        File.WriteAllBytes(PartPath, file);
        using var server = new TinyServer(_ => TinyServer.Missing);

        Assert.Equal(Known, await DownloadAsync(Known, server.Url + "/x"));
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("503 Service Unavailable")]
    [InlineData("429 Too Many Requests")]
    public async Task Faults_that_pass_are_waited_out(string status)
    {
        var faults = 2;
        using var server = new TinyServer(x => faults-- > 0 ? new(status, []) : TinyServer.Serve(x, file));

        Assert.Equal(Known, await DownloadAsync(Known, server.Url + "/x"));
    }

    [Fact]
    public async Task A_server_that_stands_still_is_given_up_for_the_next()
    {
        using var silent = new TinyServer(_ => new("", []) { IsSilent = true });
        using var server = new TinyServer(x => TinyServer.Serve(x, file));
        var options = fixture.Options with
        {
            StallTimeout = TimeSpan.FromMilliseconds(50),
            ConnectTimeout = TimeSpan.FromMilliseconds(50),
            Attempts = 2,
        };
        using var downloader = new Downloader(fixture.Store, options, fixture.Events);

        Assert.Equal(Known, await DownloadAsync(downloader, Known, silent.Url + "/x", server.Url + "/x"));

        Assert.Equal(
            "no data received for 0.1 s (tried 2 times)",
            fixture.Events.Of<DownloadRefused>().Single().Reason
        );
    }

    [Fact]
    public async Task A_wrong_hash_is_told_and_the_next_place_is_tried()
    {
        using var wrong = new TinyServer(x => TinyServer.Serve(x, new byte[file.Length]));
        using var server = new TinyServer(x => TinyServer.Serve(x, file));

        Assert.Equal(Known, await DownloadAsync(Known, wrong.Url + "/x", server.Url + "/x"));

        var refused = fixture.Events.Of<DownloadRefused>().Single();
        Assert.Equal(wrong.Url + "/x", refused.Url);
        Assert.Equal(
            $"the file is another one: expected {Known.Oci}, got {Digest.Of(new byte[file.Length]).Oci}",
            refused.Reason
        );
        Assert.Null(fixture.Store.FindBlob(Digest.Of(new byte[file.Length])));
    }

    [Fact]
    public async Task A_wrong_size_is_told_before_anything_is_downloaded()
    {
        using var server = new TinyServer(x => TinyServer.Serve(x, file[..1000]));

        Assert.Equal(
            $"'x' could not be downloaded from any place:\n  {server.Url}/x: the file has 1000 bytes, expected 300000",
            await FailureAsync(Known, server.Url + "/x")
        );
    }

    [Fact]
    public async Task When_all_places_fail_each_is_listed_with_its_reason()
    {
        using var missing = new TinyServer(_ => TinyServer.Missing);
        using var failing = new TinyServer(_ => new("500 Internal Server Error", []));
        var dead = DeadUrl();

        var message = await FailureAsync(
            Known,
            missing.Url + "/a",
            failing.Url + "/b",
            dead + "/c",
            "ftp://127.0.0.1/d",
            fixture.Folder.Join("none")
        );

        Assert.Equal(
            [
                "'x' could not be downloaded from any place:",
                $"  {missing.Url}/a: the server answers 404 Not Found",
                $"  {failing.Url}/b: the server answers 500 Internal Server Error (tried 4 times)",
                $"  {dead}/c: no connection to '127.0.0.1': Connection refused",
                "  ftp://127.0.0.1/d: URLs with 'ftp:' are not downloaded; use https:",
                $"  {new Uri(fixture.Folder.Join("none")).AbsoluteUri}: there is no such file",
            ],
            message.Split('\n')
        );
    }

    [Fact]
    public async Task A_host_that_does_not_answer_is_asked_once_only()
    {
        var url = DeadUrl();
        using var downloader = new Downloader(fixture.Store, fixture.Options, fixture.Events);
        await Assert.ThrowsAsync<EngineException>(() => DownloadAsync(downloader, Known, url + "/a"));
        using var server = new TcpListener(IPAddress.Loopback, new Uri(url).Port);
        server.Start();

        await Assert.ThrowsAsync<EngineException>(() => DownloadAsync(downloader, Known, url + "/b"));

        Assert.False(server.Pending());
    }

    [Fact]
    public async Task Two_who_want_the_same_at_once_download_it_once()
    {
        using var server = new TinyServer(x => TinyServer.Serve(x, file));

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => DownloadAsync(Known, server.Url + "/x")));

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Places_are_tried_in_order_and_the_snapshot_service_is_the_last()
    {
        var sites = new FakeSites { Sites = ["http://one/debian", "http://two/debian"] };

        var places = await new Mirrors(sites, new SourceOptions().SnapshotService)
            .ResolveAsync(
                "/w/pkgs/x",
                [
                    "https://up/x.tgz",
                    "debian:pool/main/x/x_1+a~b.tgz",
                    "https://late/x.tgz",
                    "file:a b.tgz",
                    "file:///c.tgz",
                ],
                "20261123T081500Z",
                TestContext.Current.CancellationToken
            )
            .Select(x => x.AbsoluteUri)
            .ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            [
                "https://up/x.tgz",
                "http://one/debian/pool/main/x/x_1+a~b.tgz",
                "http://two/debian/pool/main/x/x_1+a~b.tgz",
                "https://late/x.tgz",
                "file:///w/pkgs/x/a%20b.tgz",
                "file:///c.tgz",
                "https://snapshot.debian.org/archive/debian/20261123T081500Z/pool/main/x/x_1+a~b.tgz",
            ],
            places
        );
    }
}
