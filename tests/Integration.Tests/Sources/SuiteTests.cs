using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using Recipes.Engine.Content;
using Recipes.Engine.Recipes;
using Recipes.Engine.Sources;
using Recipes.Engine.Tests.Sources;
using Xunit;

namespace Recipes.Integration.Tests.Sources;

/// <summary>A small Debian archive on a loopback port, its packages made by dpkg-deb and its index compressed by xz.</summary>
public sealed class SuiteTests : IDisposable
{
    private readonly SourceFixture fixture = new();
    private readonly Dictionary<string, byte[]> files = [];
    private readonly TinyServer server;

    public SuiteTests()
    {
        server = new(x => files.TryGetValue(x.Path, out var file) ? TinyServer.Serve(x, file) : TinyServer.Missing);
        fixture.Sites.Sites = [server.Url + "/security", server.Url];
    }

    public void Dispose()
    {
        server.Dispose();
        fixture.Dispose();
    }

    private static Recipe Seed(SourceFixture fixture) =>
        fixture.Seed("debian", new() { Suite = "test", Packages = ["gcc"], Exclude = ["doc"], Links = ImmutableSortedDictionary<string, string>.Empty.Add("usr/bin/cc", "gcc") });

    private void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = fixture.Folder.Path, RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private string AddPackage(string name, string needs, string file, string content)
    {
        fixture.Folder.Write($"{name}/DEBIAN/control", $"Package: {name}\nVersion: 1\nArchitecture: amd64\nMaintainer: x <x@y>\nDescription: x\n");
        fixture.Folder.Write($"{name}/{file}", content);
        Run("dpkg-deb", "--root-owner-group", "-Zxz", "--build", name, $"{name}.deb");
        var bytes = File.ReadAllBytes(fixture.Folder.Join($"{name}.deb"));
        files[$"/pool/{name}.deb"] = bytes;
        return $"Package: {name}\nVersion: 1\nDepends: {needs}\nFilename: pool/{name}.deb\nSize: {bytes.Length}\nSHA256: {Digest.Of(bytes).Hash}\n\n";
    }

    private void Publish()
    {
        var index = AddPackage("gcc", "libc (>= 1), doc", "usr/bin/gcc", "cc") + AddPackage("libc", "", "lib/libc.so", "libc");
        fixture.Folder.Write("Packages", index);
        Run("xz", "-k", "Packages");
        var packed = File.ReadAllBytes(fixture.Folder.Join("Packages.xz"));
        files["/dists/test/main/binary-amd64/Packages.xz"] = packed;
        files["/dists/test/InRelease"] = Encoding.ASCII.GetBytes($"Suite: test\nSHA256:\n {Digest.Of(packed).Hash} {packed.Length} main/binary-amd64/Packages.xz\n");
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
        Assert.Equal(pin.Tree, await fetcher.EnsureSeedAsync(recipe, LockFile.Parse(new LockFile(LockFile.Empty.Sources, LockFile.Empty.Seeds.Add("debian", pin)).ToText()).Seeds["debian"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_index_that_the_suite_does_not_list_so_is_not_used()
    {
        Publish();
        files["/dists/test/main/binary-amd64/Packages.xz"][^1] ^= 1;

        Assert.Contains("Packages.xz: the file is another one: expected SHA-256 ", await fixture.FailureAsync(Seed(fixture)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_suite_without_the_index_is_told()
    {
        files["/dists/test/InRelease"] = "Suite: test\n"u8.ToArray();

        Assert.Equal("The InRelease file of the suite 'test' does not list 'main/binary-amd64/Packages.xz'.", await fixture.FailureAsync(Seed(fixture)));
    }

    [Fact]
    public async Task A_suite_that_debian_did_not_sign_is_refused_where_the_keys_are()
    {
        var keyring = new SourceOptions().DebianKeyring;
        if (!File.Exists(keyring))
            Assert.Skip($"This machine has no '{keyring}'.");
        Publish();
        using var strict = new Locker(fixture.Store, fixture.Events, SourceFixture.Patient with { DebianKeyring = keyring }, fixture.Sites);

        var result = await strict.LockAsync([Seed(fixture)], LockFile.Empty, TestContext.Current.CancellationToken);

        Assert.StartsWith("The InRelease file of the suite is not signed by a Debian key of this machine: ", result.Failures.Single().Message, StringComparison.Ordinal);
    }
}
