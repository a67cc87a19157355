using Recipes.Cli.Output;
using Recipes.Engine.Content;
using Recipes.Engine.Daemons;
using Recipes.Engine.Http;
using Recipes.Engine.Images;
using Recipes.Engine.Registries;
using Recipes.Engine.Registries.Pushing;
using Recipes.Engine.Sources.Downloads;
using Xunit;

namespace Recipes.Cli.Tests.Output;

public sealed class ShippingViewTests
{
    private static readonly Digest Manifest = Digest.Of("manifest"u8);

    [Fact]
    public void A_blob_on_its_way_has_a_bar()
    {
        var progress = BuildProgress
            .None.After(new BlobProgress("postgres", 3_000_000, 6_000_000), default)
            .After(new BlobProgress("zlib", 10_000, 60_000), default)
            .After(new BlobProgress("empty", 0, 0), default)
            .After(new BlobArrived("zlib", 60_000, BlobArrival.Sent, null), default);
        Assert.Equal(
            [
                "↑ empty     ━━━━━━━━━━━━━━━━━━━━━━━━  0 B of 0 B",
                "↑ postgres  ━━━━━━━━━━━━────────────  3.00 MB of 6.00 MB",
            ],
            ProgressView.Of(progress, default, new(90, 24)).Select(x => x.Text)
        );
    }

    [Fact]
    public async Task Each_blob_and_each_retry_leaves_a_line()
    {
        using var writer = new StringWriter();
        await using (var renderer = new PlainRenderer(writer))
        {
            renderer.On(new BlobProgress("zlib", 1, 60_000));
            renderer.On(new BlobArrived("zlib", 60_000, BlobArrival.Sent, null));
            renderer.On(new BlobArrived("musl", 410_576, BlobArrival.Present, null));
            renderer.On(new BlobArrived("busybox", 197_218, BlobArrival.Mounted, "team/app"));
            renderer.On(new RequestRetried("postgres", "it answers 503 \e[31mno", TimeSpan.FromSeconds(2)));
        }

        Assert.Equal(
            """
            zlib: sent (60.00 kB)
            musl: there already (410.6 kB)
            busybox: mounted from team/app (197.2 kB)
            postgres: it answers 503 no; again in 2.0 s

            """,
            writer.ToString()
        );
    }

    [Fact]
    public async Task What_is_not_checked_who_is_shown_credentials_and_what_is_waited_for_leave_a_line_each()
    {
        using var writer = new StringWriter();
        await using (var renderer = new PlainRenderer(writer))
        {
            renderer.On(new SuiteUnchecked("book\e[2Kworm"));
            renderer.On(
                new CredentialsGoElsewhere(
                    "registry.example",
                    "https://tokens.example",
                    "the credentials of 'a\nda' in config.json"
                )
            );
            renderer.On(new RequestRetried("zlib", "it answers 429 Too Many Requests", TimeSpan.FromSeconds(60)));
        }

        Assert.Equal(
            """
            bookworm: the signature of its package lists is not checked (--unsigned)
            registry.example: its token service is https://tokens.example, which is shown the credentials of 'a da' in config.json
            zlib: it answers 429 Too Many Requests; again in 1 min 00 s

            """,
            writer.ToString()
        );
    }

    [Fact]
    public void A_push_tells_the_digest_and_what_was_sent()
    {
        var target = RegistryReference.Parse("registry.example/app:1");
        var blob = Digest.Of(new byte[1500]);
        var pushed = new PushResult(
            target,
            Manifest,
            WasThere: false,
            [
                new("a", blob, BlobArrival.Sent),
                new("b", blob, BlobArrival.Present),
                new("c", blob, BlobArrival.Sent),
                new("d", blob, BlobArrival.Mounted),
            ]
        );

        Assert.Equal(
            $"registry.example/app:1: sha256:{Manifest.Hash}\n4 blobs: 1 present, 1 mounted, 2 sent (3.00 kB), in "
                + $"1.5 s\n",
            Written(x => PushView.Write(x, pushed, TimeSpan.FromSeconds(1.5)))
        );
        Assert.Equal(
            $"registry.example/app:1: sha256:{Manifest.Hash}, unchanged\n",
            Written(x => PushView.Write(x, pushed with { WasThere = true }, default))
        );
    }

    [Fact]
    public void A_trial_tells_where_it_is_reached_and_how_it_ended() =>
        Assert.Equal(
            """
            == app runs as 0123456789ab; Ctrl-C ends it
            == app: 80/tcp is at 127.0.0.1:49153
            == app is healthy after 2.0 s
            == app ended with status 0; its container is removed

            """,
            Written(writer =>
            {
                var view = new TrialView(writer);
                view.On(new TrialStarted("app", "0123456789abcdef", [new("80/tcp", "127.0.0.1:49153")]));
                view.On(new TrialHealthy("app", TimeSpan.FromSeconds(2)));
                view.On(new TrialEnded("app", 0));
            })
        );

    [Fact]
    public async Task A_character_in_two_pieces_stays_whole()
    {
        using var writer = new StringWriter();
        await using var stream = new TextWriterStream(writer);
        foreach (var piece in "größe"u8.ToArray().Chunk(3))
            stream.Write(piece);

        Assert.Equal("größe", writer.ToString());
    }

    private static string Written(Action<TextWriter> write)
    {
        using var writer = new StringWriter();
        write(writer);
        return writer.ToString();
    }
}
