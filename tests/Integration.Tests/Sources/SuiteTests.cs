using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Downloads;
using Recipes.Engine.Sources.Locking;
using Xunit;

namespace Recipes.Integration.Tests.Sources;

/// <summary>
/// A small Debian archive on a loopback port, its packages made by dpkg-deb and its index compressed by xz.
/// </summary>
public sealed class SuiteTests : IDisposable
{
    private const string List = "/dists/test/InRelease";
    private static readonly DateTimeOffset Made = DateTimeOffset.UtcNow.AddDays(-2);
    private readonly SigningKey key = new();
    private readonly SourceFixture fixture;
    private readonly Dictionary<string, byte[]> files = [];
    private readonly TinyServer server;

    public SuiteTests()
    {
        fixture = new() { Options = SourceFixture.Patient with { DebianKeyring = key.Keyring } };
        server = new(x => files.TryGetValue(x.Path, out var file) ? TinyServer.Serve(x, file) : TinyServer.Missing);
        fixture.Sites.Sites = [server.Url + "/security", server.Url];
    }

    public void Dispose()
    {
        server.Dispose();
        fixture.Dispose();
        key.Dispose();
    }

    private static SeedRecipe Seed(SourceFixture fixture) =>
        fixture.Seed(
            "debian",
            new()
            {
                Suite = "test",
                Packages = ["gcc"],
                Exclude = ["doc"],
                Links = ImmutableSortedDictionary<string, string>.Empty.Add("usr/bin/cc", "gcc"),
            }
        );

    private void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = fixture.Folder.Path,
                RedirectStandardOutput = true,
            }
        )!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private string AddPackage(string name, string needs, string file, string content)
    {
        fixture.Folder.Write(
            $"{name}/DEBIAN/control",
            $"Package: {name}\nVersion: 1\nArchitecture: amd64\nMaintainer: x <x@y>\nDescription: x\n"
        );
        fixture.Folder.Write($"{name}/{file}", content);
        Run("dpkg-deb", "--root-owner-group", "-Zxz", "--build", name, $"{name}.deb");
        var bytes = File.ReadAllBytes(fixture.Folder.Join($"{name}.deb"));
        files[$"/pool/{name}.deb"] = bytes;
        return $"Package: {name}\nVersion: 1\nDepends: {needs}\nFilename: pool/{name}.deb\nSize: "
            + $"{bytes.Length}\nSHA256: {Digest.Of(bytes).Hash}\n\n";
    }

    private void Publish()
    {
        var index =
            AddPackage("gcc", "libc (>= 1), doc", "usr/bin/gcc", "cc") + AddPackage("libc", "", "lib/libc.so", "libc");
        fixture.Folder.Write("Packages", index);
        Run("xz", "-k", "Packages");
        var packed = File.ReadAllBytes(fixture.Folder.Join("Packages.xz"));
        files["/dists/test/main/binary-amd64/Packages.xz"] = packed;
        Sign(Release());
    }

    /// <summary>The suite's list of files, unsigned.</summary>
    private string Release(
        string suite = "test",
        DateTimeOffset? date = null,
        DateTimeOffset? until = null,
        byte[]? packages = null
    )
    {
        packages ??= files["/dists/test/main/binary-amd64/Packages.xz"];
        var plain = new FileInfo(fixture.Folder.Join("Packages")).Length;
        return $"Origin: Debian\nSuite: {suite}\nDate: {date ?? Made:R}\n"
            + (until is { } end ? $"Valid-Until: {end:R}\n" : "")
            + $"SHA256:\n {Digest.Of(packages).Hash} {packages.Length} main/binary-amd64/Packages.xz\n "
            + $"{new string('0', 64)} {plain} main/binary-amd64/Packages\n";
    }

    private void Sign(string release) => Serve(key.ClearSign(release));

    private void Serve(string list) => files[List] = Encoding.UTF8.GetBytes(list);

    private static string Show(DateTimeOffset date) => date.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", null);

    /// <summary>Why the only mirror's list is not believed.</summary>
    private async Task<string> RefusalAsync()
    {
        var line = (await fixture.FailureAsync(Seed(fixture)))
            .Split('\n')
            .Single(x => x.StartsWith($"  {server.Url}{List}: ", StringComparison.Ordinal));
        Assert.DoesNotContain(server.Requests, x => x.Path.Contains("Packages", StringComparison.Ordinal));
        return line[$"  {server.Url}{List}: ".Length..];
    }

    [Fact]
    public async Task A_seed_is_resolved_locked_and_made_again_elsewhere()
    {
        Publish();
        var recipe = Seed(fixture);

        var pin = (await fixture.LockAsync(recipe)).Seeds["debian"];

        Assert.Equal(["gcc", "libc"], pin.Packages.Select(x => x.Name));
        Assert.Equal(
            ["lib", "usr", "usr/bin", "usr/bin/cc", "usr/bin/gcc", "usr/lib", "usr/lib/libc.so"],
            fixture.Store.ReadTree(pin.Tree).Walk().Select(x => x.Path)
        );
        files.Remove("/dists/test/InRelease");
        using var fetcher = fixture.NewFetcher(fixture.OtherStore());
        Assert.Equal(
            pin.Tree,
            await fetcher.EnsureSeedAsync(
                recipe,
                LockFile
                    .Parse(new LockFile(LockFile.Empty.Sources, LockFile.Empty.Seeds.Add("debian", pin)).ToText())
                    .Seeds["debian"],
                TestContext.Current.CancellationToken
            )
        );
    }

    [Fact]
    public async Task An_index_that_the_suite_does_not_list_so_is_not_used()
    {
        Publish();
        files["/dists/test/main/binary-amd64/Packages.xz"][^1] ^= 1;

        Assert.Contains(
            "Packages.xz: the file is another one: expected sha256:",
            await fixture.FailureAsync(Seed(fixture)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_suite_without_the_index_is_told()
    {
        Publish();
        Sign(Release().Replace("Packages", "Others", StringComparison.Ordinal));

        Assert.Equal("it does not list 'main/binary-amd64/Packages.xz'", await RefusalAsync());
    }

    [Fact]
    public async Task A_list_without_signature_is_refused()
    {
        Publish();
        Serve(Release());

        Assert.Equal("it does not begin as a signed text", await RefusalAsync());
    }

    [Fact]
    public async Task Text_before_the_signed_part_is_not_read()
    {
        Publish();
        Serve(Release(packages: "another compiler"u8.ToArray()) + Encoding.UTF8.GetString(files[List]));

        Assert.Equal("it does not begin as a signed text", await RefusalAsync());
    }

    [Fact]
    public async Task Text_between_the_head_and_the_signed_part_is_not_read()
    {
        Publish();
        const string head = "-----BEGIN PGP SIGNED MESSAGE-----\n";
        Serve(
            head
                + Release(packages: "another compiler"u8.ToArray())
                + Encoding.UTF8.GetString(files[List])[head.Length..]
        );

        Assert.StartsWith(
            "it is not signed by a Debian key of this machine: ",
            await RefusalAsync(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Text_after_the_signed_part_is_not_read()
    {
        Publish();
        Serve(key.ClearSign(Release().Replace("SHA256:", "MD5Sum:", StringComparison.Ordinal)) + Release());

        Assert.Equal("it does not list 'main/binary-amd64/Packages.xz'", await RefusalAsync());
    }

    [Fact]
    public async Task Text_after_the_signed_part_does_no_harm()
    {
        Publish();
        Serve(Encoding.UTF8.GetString(files[List]) + Release(packages: "another compiler"u8.ToArray()));

        Assert.Equal(
            ["gcc", "libc"],
            (await fixture.LockAsync(Seed(fixture))).Seeds["debian"].Packages.Select(x => x.Name)
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_signed_texts_are_refused(bool isSecondOurs)
    {
        Publish();
        using var stranger = new SigningKey();
        var theirs = (isSecondOurs ? key : stranger).ClearSign(Release(packages: "another compiler"u8.ToArray()));
        Serve(Encoding.UTF8.GetString(files[List]) + theirs);

        Assert.Equal("it holds more than one signed text", await RefusalAsync());
    }

    [Fact]
    public async Task A_signed_message_of_another_form_is_refused()
    {
        Publish();
        Serve(key.Sign(Release(), "--sign", "--armor"));

        Assert.Equal("it does not begin as a signed text", await RefusalAsync());
    }

    [Fact]
    public async Task A_key_that_this_machine_does_not_have_is_refused()
    {
        Publish();
        using var stranger = new SigningKey();
        Serve(stranger.ClearSign(Release()));

        var refusal = await fixture.FailureAsync(Seed(fixture));

        Assert.Contains(
            "InRelease: it is not signed by a Debian key of this machine: ",
            refusal,
            StringComparison.Ordinal
        );
        Assert.Contains("No public key", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_has_expired_is_refused_though_it_had_not_when_it_signed()
    {
        Publish();
        using var expired = new SigningKey("1d", "20200101T000000");
        Serve(expired.ClearSign(Release()));
        using var locker = new Locker(
            fixture.Store,
            fixture.Events,
            fixture.Options with
            {
                DebianKeyring = expired.Keyring,
            },
            fixture.Sites
        );

        Assert.Contains(
            "InRelease: it is not signed by a Debian key of this machine: ",
            await FailureAsync(locker),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_key_that_was_revoked_is_refused()
    {
        Publish();
        key.Revoke();

        Assert.StartsWith(
            "it is not signed by a Debian key of this machine: ",
            await RefusalAsync(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_text_that_was_changed_is_refused()
    {
        Publish();
        Serve(
            Encoding.UTF8.GetString(files[List]).Replace("Origin: Debian", "Origin: Debiam", StringComparison.Ordinal)
        );

        Assert.StartsWith(
            "it is not signed by a Debian key of this machine: ",
            await RefusalAsync(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_hash_that_can_be_forged_is_no_signature()
    {
        Publish();
        Serve(key.ClearSign(Release(), "--digest-algo", "SHA1", "--allow-weak-digest-algos"));

        Assert.StartsWith(
            "it is not signed by a Debian key of this machine: ",
            await RefusalAsync(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task One_mirror_with_a_wrong_list_does_not_keep_the_next_from_serving()
    {
        Publish();
        files["/security" + List] = "<html>log in here</html>"u8.ToArray();

        Assert.Equal(2, (await fixture.LockAsync(Seed(fixture))).Seeds["debian"].Packages.Length);
    }

    [Fact]
    public async Task Without_gpgv_it_says_what_to_install()
    {
        Publish();
        using var locker = new Locker(
            fixture.Store,
            fixture.Events,
            fixture.Options with
            {
                SignatureProgram = fixture.Folder.Join("gpgv"),
            },
            fixture.Sites
        );

        Assert.Equal(
            $"The signature of Debian's suite 'test' cannot be checked here: '{fixture.Folder.Join("gpgv")}' is not "
                + $"on the PATH. Install the package 'gpgv' (apt-get install gpgv), or accept package lists "
                + $"that are not signed.",
            await FailureAsync(locker)
        );
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Without_the_keys_it_says_what_to_install()
    {
        Publish();
        using var locker = new Locker(
            fixture.Store,
            fixture.Events,
            fixture.Options with
            {
                DebianKeyring = "/nowhere/keys.gpg",
            },
            fixture.Sites
        );

        Assert.Equal(
            "The signature of Debian's suite 'test' cannot be checked here: '/nowhere/keys.gpg' is missing. Install "
                + "the package 'debian-archive-keyring' (apt-get install debian-archive-keyring), or accept "
                + "package lists that are not signed.",
            await FailureAsync(locker)
        );
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task What_is_unsigned_is_read_where_that_is_asked_for_and_said_so()
    {
        Publish();
        Serve(Release());
        using var locker = new Locker(
            fixture.Store,
            fixture.Events,
            fixture.Options with
            {
                DebianKeyring = "/nowhere",
                SignatureProgram = "/nowhere",
                AcceptsUnsigned = true,
            },
            fixture.Sites
        );

        var result = await locker.LockAsync([Seed(fixture)], LockFile.Empty, TestContext.Current.CancellationToken);

        Assert.Empty(result.Failures);
        Assert.Equal(new SuiteUnchecked("test"), Assert.Single(fixture.Events.Of<SuiteUnchecked>()));
    }

    [Fact]
    public async Task A_list_older_than_the_one_that_the_lock_was_made_from_is_refused_and_the_pin_stays()
    {
        Publish();
        var locks = await fixture.LockAsync(Seed(fixture));
        Sign(Release(date: Made.AddDays(-1)));
        var changed = Seed(fixture) with { Seed = Seed(fixture).Seed with { Packages = ["libc"] } };
        using var locker = fixture.NewLocker();

        var result = await locker.LockAsync(
            [changed],
            LockFile.Parse(locks.ToText()),
            TestContext.Current.CancellationToken
        );

        Assert.Contains(
            $"{server.Url}{List}: the suite's list is of {Show(Made.AddDays(-1))}, and recipes.lock was made from "
                + $"one of {Show(Made)}: an old list is shown again. If going back is meant, delete the tables of "
                + $"the seeds of 'test' from recipes.lock",
            Assert.Single(result.Failures).Message.ToString(),
            StringComparison.Ordinal
        );
        Assert.Equal(locks.ToText(), result.Lock.ToText());
    }

    [Fact]
    public async Task The_very_list_that_the_lock_was_made_from_serves_again()
    {
        Publish();
        var locks = await fixture.LockAsync(Seed(fixture));
        var changed = Seed(fixture) with { Seed = Seed(fixture).Seed with { Packages = ["libc"] } };
        using var locker = fixture.NewLocker();

        var result = await locker.LockAsync([changed], locks, TestContext.Current.CancellationToken);

        Assert.Empty(result.Failures);
        Assert.Equal(locks.Seeds["debian"].Index, result.Lock.Seeds["debian"].Index);
    }

    [Fact]
    public async Task A_list_past_its_time_is_refused()
    {
        Publish();
        var until = DateTimeOffset.UtcNow.AddDays(-1);
        Sign(Release(until: until));

        Assert.Equal(
            $"the suite's list is of {Show(Made)} and was valid until {Show(until)}: the mirror is out of date, or "
                + $"an old list is shown again",
            await RefusalAsync()
        );
    }

    [Theory]
    [InlineData("/snapshot")]
    [InlineData("/archive/20250101T000000Z/debian")]
    public async Task A_list_past_its_time_is_read_from_an_archive_of_the_past(string place)
    {
        Publish();
        Sign(Release(until: DateTimeOffset.UtcNow.AddDays(-1)));
        var isService = place == "/snapshot";
        using var past = new TinyServer(x =>
            files.TryGetValue(
                x.Path[
                    x.Path.IndexOf(
                        x.Path.Contains("/pool/", StringComparison.Ordinal) ? "/pool/" : "/dists/",
                        StringComparison.Ordinal
                    )..
                ],
                out var file
            )
                ? TinyServer.Serve(x, file)
                : TinyServer.Missing
        );
        var sites = new FakeSites { Sites = isService ? [] : [past.Url + place] };
        using var locker = new Locker(
            fixture.Store,
            fixture.Events,
            fixture.Options with
            {
                SnapshotService = isService ? past.Url + place : "none:",
            },
            sites
        );

        var result = await locker.LockAsync([Seed(fixture)], LockFile.Empty, TestContext.Current.CancellationToken);

        Assert.Empty(result.Failures);
    }

    [Fact]
    public async Task The_list_of_another_suite_is_refused()
    {
        Publish();
        Sign(Release(suite: "older"));

        Assert.Equal("it is the list of 'older', and not of 'test'", await RefusalAsync());
    }

    [Fact]
    public async Task A_list_of_the_future_is_refused()
    {
        Publish();
        Sign(Release(date: DateTimeOffset.UtcNow.AddDays(2)));

        Assert.EndsWith(
            ", which is still to come by this machine's clock",
            await RefusalAsync(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_list_without_date_is_refused()
    {
        Publish();
        Sign(Release().Replace("Date: ", "Data: ", StringComparison.Ordinal));

        Assert.Equal("its field 'Date' is '', which is not a date in UTC", await RefusalAsync());
    }

    [Fact]
    public async Task An_index_that_unpacks_to_more_than_is_stated_is_not_read_on()
    {
        Publish();
        File.WriteAllBytes(fixture.Folder.Join("Packages"), new byte[1]);
        Sign(Release());

        Assert.Equal(
            "The package list of the suite 'test' is damaged: it is not read, or unpacks to more than the 1 bytes "
                + "that it may have.",
            await fixture.FailureAsync(Seed(fixture))
        );
    }

    [Fact]
    public async Task A_list_that_never_ends_is_left()
    {
        Publish();
        using var endless = new TinyServer(_ => Answer.Endless("200 OK", new byte[1 << 20]));
        fixture.Sites.Sites = [endless.Url];

        Assert.Contains(
            $"{endless.Url}{List}: the file has more bytes than that, and 16777216 are the most that it may have",
            await fixture.FailureAsync(Seed(fixture)),
            StringComparison.Ordinal
        );
    }

    private async Task<string> FailureAsync(Locker locker)
    {
        var result = await locker.LockAsync([Seed(fixture)], LockFile.Empty, TestContext.Current.CancellationToken);
        Assert.Empty(result.Lock.Seeds);
        return Assert.Single(result.Failures).Message.ToString();
    }
}
