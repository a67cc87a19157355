using System.Globalization;
using System.Text;
using Recipes.Engine.Content;
using Recipes.Engine.Http;
using Recipes.Engine.Sources.Downloads;
using Xunit;

namespace Recipes.Engine.Tests.Sources;

/// <summary>Servers that would have a download wait, loop or fail: the next mirror has the file.</summary>
public sealed class MisbehavingServerTests : IDisposable
{
    private readonly SourceFixture fixture = new();
    private readonly byte[] file = new byte[300_000];
    private readonly TinyServer good;

    public MisbehavingServerTests()
    {
        new Random(7).NextBytes(file);
        good = new(x => TinyServer.Serve(x, file));
    }

    public void Dispose()
    {
        good.Dispose();
        fixture.Dispose();
    }

    private Digest Known => Digest.Of(file);

    private static SourceOptions Hasty =>
        SourceFixture.Patient with
        {
            StallTimeout = TimeSpan.FromMilliseconds(500),
            MinimumRate = 10_000,
            Attempts = 3,
            MaxPause = TimeSpan.FromMilliseconds(20),
        };

    private async Task<Digest> DownloadAsync(SourceOptions options, Digest expected, params string[] urls)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        using var downloader = new Downloader(fixture.Store, options, fixture.Events);
        return await downloader.DownloadAsync(
            new("x", expected, "key", urls.Select(x => new Uri(x)).ToAsyncEnumerable(), 1_000_000),
            limit.Token
        );
    }

    /// <summary>Downloads from the server and then the good one; why the first was left.</summary>
    private async Task<string> LeftAsync(TinyServer bad, SourceOptions? options = null, bool isKnown = true)
    {
        Assert.Equal(
            Known,
            await DownloadAsync(options ?? Hasty, isKnown ? Known : default, bad.Url + "/x", good.Url + "/x")
        );
        var refused = Assert.Single(fixture.Events.Of<DownloadRefused>());
        Assert.Equal(bad.Url + "/x", refused.Url);
        return refused.Reason;
    }

    private static IEnumerable<byte[]> Bytewise(string head, int length)
    {
        yield return Encoding.ASCII.GetBytes(head);
        for (var i = 0; i < length; i++)
            yield return [0];
    }

    [Fact]
    public async Task A_server_that_sends_a_byte_now_and_then_is_left()
    {
        using var bad = new TinyServer(_ =>
            new("", [])
            {
                Raw = Bytewise("HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n", 300_000),
                Pause = TimeSpan.FromMilliseconds(10),
            }
        );

        Assert.Matches("^only [0-9]+ bytes came in 0.5 s \\(tried 2 times\\)$", await LeftAsync(bad));
    }

    [Fact]
    public async Task A_server_that_is_just_fast_enough_for_ever_is_left_once_its_time_is_over()
    {
        var options = Hasty with
        {
            MinimumRate = 1,
            AttemptTime = TimeSpan.FromSeconds(1),
            AttemptRate = 1_000_000,
            StallTimeout = TimeSpan.FromSeconds(30),
        };
        using var bad = new TinyServer(_ =>
            new("", [])
            {
                Raw = Bytewise("HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n", 300_000),
                Pause = TimeSpan.FromMilliseconds(10),
            }
        );

        Assert.Matches("^only [0-9]+ bytes came in 1.3 s \\(tried 2 times\\)$", await LeftAsync(bad, options));
    }

    [Fact]
    public async Task A_server_that_sends_headers_for_ever_is_left()
    {
        static IEnumerable<byte[]> Headers()
        {
            yield return "HTTP/1.1 200 OK\r\n"u8.ToArray();
            while (true)
                yield return "X: y\r\n"u8.ToArray();
        }

        using var bad = new TinyServer(_ => new("", []) { Raw = Headers(), Pause = TimeSpan.FromMilliseconds(20) });

        Assert.Equal("no data received for 0.5 s (tried 2 times)", await LeftAsync(bad));
    }

    [Fact]
    public async Task A_server_that_sends_a_head_and_nothing_more_is_left()
    {
        using var bad = new TinyServer(_ =>
            new("", []) { Raw = [.. Bytewise("HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n", 0)] }
        );

        Assert.Equal("no data received for 0.5 s (tried 2 times)", await LeftAsync(bad));
    }

    [Fact]
    public async Task A_silent_host_is_not_waited_for_again_by_the_next_file()
    {
        using var bad = new TinyServer(_ => new("", []) { IsSilent = true });
        using var downloader = new Downloader(fixture.Store, Hasty, fixture.Events);

        foreach (var name in (string[])["a", "b"])
            await Assert.ThrowsAsync<EngineException>(() =>
                downloader.DownloadAsync(
                    new(name, Known, name, new[] { new Uri($"{bad.Url}/{name}") }.ToAsyncEnumerable(), 1),
                    TestContext.Current.CancellationToken
                )
            );

        Assert.Equal(["/a", "/a"], bad.Requests.Select(x => x.Path));
    }

    [Theory]
    [InlineData("bytes 0-299999/300000")]
    [InlineData("bytes 99999-299999/300000")]
    [InlineData("bytes 100000-299999/400000")]
    [InlineData("bytes 100000-399999/300000")]
    [InlineData("bytes 100000-199999/300000")]
    [InlineData("bytes 100000-99999/300000")]
    [InlineData("bytes */300000")]
    [InlineData("lines 100000-299999/300000")]
    [InlineData("nonsense")]
    public async Task A_server_that_lies_about_its_ranges_is_asked_once_more_from_the_first_byte(string range)
    {
        var requests = 0;
        using var bad = new TinyServer(x =>
            requests++ == 0 ? TinyServer.Serve(x, file) with { CutAfter = 100_000 }
            : x.Range is null ? TinyServer.Serve(x, file)
            : new("206 Partial Content", file[100_000..], "Content-Range: " + range)
        );

        Assert.Equal(Known, await DownloadAsync(Hasty, Known, bad.Url + "/x"));

        Assert.Equal([null, "bytes=100000-", null], bad.Requests.Select(x => x.Range));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_lies_about_its_ranges_again_is_left(bool isKnown)
    {
        using var bad = new TinyServer(x =>
            x.Range is null
                ? TinyServer.Serve(x, file) with
                {
                    CutAfter = 100_000,
                }
                : new("206 Partial Content", file[..100_000], "ETag: \"1\"", "Content-Range: bytes 0-99999/300000")
        );

        Assert.Equal(
            "the parts that the server sends are not those that it is asked for",
            await LeftAsync(bad, isKnown: isKnown)
        );

        Assert.Equal([null, "bytes=100000-", null, "bytes=100000-"], bad.Requests.Select(x => x.Range));
    }

    [Fact]
    public async Task A_part_where_the_whole_was_asked_for_is_not_taken_for_it()
    {
        using var bad = new TinyServer(_ =>
            new("206 Partial Content", file[..100_000], "Content-Range: bytes 0-99999/300000")
        );

        Assert.Equal(
            "the parts that the server sends are not those that it is asked for",
            await LeftAsync(bad, isKnown: false)
        );
    }

    [Fact]
    public async Task Bytes_that_are_not_the_range_s_are_told_by_the_hash_and_the_next_place_serves()
    {
        using var bad = new TinyServer(x =>
            x.Range is null
                ? TinyServer.Serve(x, file) with
                {
                    CutAfter = 100_000,
                }
                : TinyServer.Serve(x, new byte[file.Length])
        );

        Assert.StartsWith("the file is another one: expected sha256:", await LeftAsync(bad), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_is_reset_is_gone_on_with()
    {
        using var bad = new TinyServer(x =>
            TinyServer.Serve(x, file) with
            {
                CutAfter = x.Range is null ? 100_000 : null,
                IsReset = x.Range is null,
            }
        );

        Assert.Equal(Known, await DownloadAsync(Hasty, Known, bad.Url + "/x"));

        Assert.StartsWith("bytes=", bad.Requests.Last().Range, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_is_reset_again_and_again_is_left_for_the_next_place()
    {
        using var bad = new TinyServer(x => TinyServer.Serve(x, file) with { CutAfter = 1000, IsReset = true });

        Assert.EndsWith("(tried 3 times)", await LeftAsync(bad), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "file:///etc/passwd",
        "it sends to 'file:///etc/passwd', and 'file:' is not followed; only https: and http: are"
    )]
    [InlineData(
        "ftp://127.0.0.1/x",
        "it sends to 'ftp://127.0.0.1/x', and 'ftp:' is not followed; only https: and http: are"
    )]
    [InlineData("http://", "it sends to 'http://', which is not an address")]
    [InlineData(null, "it answers 302 Found without saying where to")]
    [InlineData("/x", "it redirects more than 10 times")]
    public async Task A_redirect_that_leads_nowhere_is_told(string? location, string reason)
    {
        using var bad = new TinyServer(_ =>
            location is null ? new("302 Found", []) : new("302 Found", [], "Location: " + location)
        );

        Assert.Equal(reason, await LeftAsync(bad));
    }

    [Theory]
    [InlineData("301 Moved Permanently")]
    [InlineData("302 Found")]
    [InlineData("303 See Other")]
    [InlineData("307 Temporary Redirect")]
    [InlineData("308 Permanent Redirect")]
    public async Task A_redirect_is_followed_relative_to_where_it_was_sent_and_keeps_the_range(string status)
    {
        var isCut = false;
        using var bad = new TinyServer(x =>
        {
            if (x.Path != "/sub/y")
                return new(status, [], "Location: sub/y");
            (var cut, isCut) = (!isCut, true);
            return TinyServer.Serve(x, file) with { CutAfter = cut ? 100_000 : null };
        });

        Assert.Equal(Known, await DownloadAsync(Hasty, Known, bad.Url + "/x"));

        Assert.Equal(("/sub/y", "bytes=100000-"), (bad.Requests.Last().Path, bad.Requests.Last().Range));
    }

    [Fact]
    public async Task An_endless_file_whose_size_is_not_known_is_left()
    {
        using var bad = new TinyServer(_ => Answer.Endless("200 OK", file));

        Assert.Equal(
            "the file has more bytes than that, and 1000000 are the most that it may have",
            await LeftAsync(bad, isKnown: false)
        );
    }

    [Theory]
    [InlineData("1")]
    [InlineData("86400")]
    [InlineData("99999999999999999999999999")]
    [InlineData("Fri, 31 Dec 2100 23:59:59 GMT")]
    public async Task A_pause_that_a_server_asks_for_is_kept_up_to_a_limit(string pause)
    {
        var requests = 0;
        using var busy = new TinyServer(x =>
            requests++ == 0 ? new("503 Service Unavailable", [], "Retry-After: " + pause) : TinyServer.Serve(x, file)
        );

        Assert.Equal(Known, await DownloadAsync(Hasty, Known, busy.Url + "/x"));

        Assert.Equal(TimeSpan.FromMilliseconds(20), Assert.Single(fixture.Events.Of<RequestRetried>()).Pause);
    }

    [Theory]
    [InlineData("-5")]
    [InlineData("0")]
    [InlineData("soon")]
    [InlineData("Fri, 31 Dec 1999 23:59:59 GMT")]
    public async Task A_pause_that_cannot_be_meant_is_our_own(string pause)
    {
        var requests = 0;
        using var busy = new TinyServer(x =>
            requests++ == 0 ? new("429 Too Many Requests", [], "Retry-After: " + pause) : TinyServer.Serve(x, file)
        );

        await DownloadAsync(Hasty with { FirstPause = TimeSpan.FromMilliseconds(3) }, Known, busy.Url + "/x");

        Assert.Equal(TimeSpan.FromMilliseconds(3), Assert.Single(fixture.Events.Of<RequestRetried>()).Pause);
    }

    [Fact]
    public async Task All_pauses_together_have_a_limit()
    {
        using var busy = new TinyServer(_ => new("503 Service Unavailable", [], "Retry-After: 3600"));

        Assert.Equal(
            "the server answers 503 Service Unavailable (tried 2 times)",
            await LeftAsync(busy, Hasty with { Attempts = 100, MaxPauses = TimeSpan.FromMilliseconds(30) })
        );
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_not_the_server_s_fault()
    {
        Directory.CreateDirectory(Path.Join(fixture.Store.Root, "tmp", "downloads", "key.part.origin"));

        var fault = await Assert.ThrowsAsync<EngineException>(() => DownloadAsync(Hasty, Known, good.Url + "/x"));

        Assert.StartsWith("The download of 'x' cannot be written: ", fault.Message, StringComparison.Ordinal);
        Assert.Empty(good.Requests);
    }

    [Fact]
    public async Task What_another_process_has_open_is_waited_for()
    {
        var folder = Directory.CreateDirectory(Path.Join(fixture.Store.Root, "tmp", "downloads")).FullName;
        var held = new FileStream(
            Path.Join(folder, "key.part.origin"),
            FileMode.Create,
            FileAccess.ReadWrite,
            FileShare.None
        );

        var download = DownloadAsync(Hasty, Known, good.Url + "/x");
        Assert.False(download.IsCompleted);
        await held.DisposeAsync();

        Assert.Equal(Known, await download);
    }

    [Fact]
    public void An_address_is_of_the_same_origin_by_scheme_host_and_port()
    {
        foreach (
            var (one, other, isSame) in new[]
            {
                ("https://a/x", "https://A:443/y", true),
                ("https://a/x", "http://a:443/x", false),
                ("https://a/x", "https://a:444/x", false),
                ("https://a/x", "https://a.b/x", false),
                ("https://a/x", "https://user@a/x", true),
            }
        )
            Assert.Equal(isSame, WebAddress.IsSameOrigin(new(one), new(other)));
    }

    [Fact]
    public void Seconds_are_said_as_people_do() =>
        Assert.Equal("0.5 s", RateGuard.Seconds(TimeSpan.FromSeconds(0.5)).ToString(CultureInfo.InvariantCulture));
}
