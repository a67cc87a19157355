using System.Text.Json;
using CliWrap.Buffered;
using Recipes.Engine.Content;
using Recipes.Engine.Content.Tar;
using Recipes.Engine.Images;
using Recipes.Engine.Registries;
using Recipes.Engine.Registries.Pushing;
using Recipes.Integration.Tests.Docker;
using Recipes.Integration.Tests.Registries;
using Xunit;

namespace Recipes.Integration.Tests.Images;

/// <summary>One archive, unchanged, judged by programs that share no code with the engine.</summary>
[Collection(nameof(DockerDaemon))]
public sealed class OpensEverywhereTests(DockerDaemon daemon) : IDisposable
{
    private readonly TinyImage tiny = new();

    public void Dispose() => tiny.Dispose();

    [Fact]
    public async Task Docker_loads_and_runs_it()
    {
        var loaded = await DockerAsync("load", "-i", tiny.Archive);
        var ran = await DockerAsync("run", "--rm", "--network", "none", tiny.Image.Reference);

        Assert.Equal($"Loaded image: {tiny.Image.Reference}\n", loaded);
        Assert.Equal(TinyImage.Greeting, ran);
        Assert.Equal(
            $"sha256:{tiny.Image.Configuration.Hash}\n",
            await DockerAsync("image", "inspect", "-f", "{{.Id}}", tiny.Image.Reference)
        );
        string[] secret = ["run", "--rm", "--network", "none", "--entrypoint"];
        string[] read = [tiny.Image.Reference, "cat", $"/{TinyImage.Secret}"];
        Assert.Equal(TinyImage.SecretText, await DockerAsync([.. secret, $"/{TinyImage.Reader}", .. read]));
        Assert.Contains(
            "Permission denied",
            (await TryDockerAsync([.. secret, "/usr/bin/busybox", .. read])).StandardError,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Podman_loads_and_runs_it()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "this podman needs root");
        string[] place =
        [
            "--root",
            At("podman"),
            "--runroot",
            At("run"),
            "--tmpdir",
            At("tmp"),
            "--cgroup-manager=cgroupfs",
            "--events-backend=file",
        ];

        await Programs.RunAsync("podman", [.. place, "load", "-q", "-i", tiny.Archive]);
        // Where root may not raise its limits, podman's own are too high.
        Assert.Equal(TinyImage.Greeting, await RunAsync());
        Assert.Equal(
            TinyImage.SecretText,
            await RunAsync("--entrypoint", $"/{TinyImage.Reader}", "cat", $"/{TinyImage.Secret}")
        );

        // Where root may not raise its limits, podman's own are too high.
        Task<string> RunAsync(params string[] words)
        {
            string[] options = [.. words.Take(2)];
            string[] limits = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"];
            string[] run = ["--runtime", "runc", "run", "--rm", "--network", "none"];
            string image = "docker.io/library/" + tiny.Image.Reference;
            return Programs.RunAsync("podman", [.. place, .. run, .. limits, .. options, image, .. words.Skip(2)]);
        }
    }

    [Theory]
    [InlineData("oci-archive")]
    [InlineData("docker-archive")]
    public async Task Skopeo_copies_it_to_a_registry(string transport)
    {
        await using var registry = await RegistryServer.StartAsync();

        await Programs.RunAsync(
            "skopeo",
            "--insecure-policy",
            "copy",
            "--dest-tls-verify=false",
            $"{transport}:{tiny.Archive}",
            $"docker://{registry.Host}/tiny:1"
        );

        // A Docker archive has no manifest to keep: skopeo writes one of Docker's kind.
        if (transport == "oci-archive")
            Assert.Equal(tiny.Manifest, await registry.DigestAsync("tiny:1"));
        await DockerAsync("pull", "-q", $"{registry.Host}/tiny:1");
        Assert.Equal(
            TinyImage.Greeting,
            await DockerAsync("run", "--rm", "--network", "none", $"{registry.Host}/tiny:1")
        );
    }

    [Fact]
    public async Task What_is_pushed_has_the_manifest_of_the_archive_and_runs_where_it_is_pulled()
    {
        await using var registry = await RegistryServer.StartAsync();
        var push = new RegistryPush(tiny.Store, new(), Engine.SilentObserver.Instance);

        await push.PushAsync(
            tiny.Image,
            RegistryReference.Parse($"{registry.Host}/team/tiny"),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(tiny.Manifest, await registry.DigestAsync("team/tiny:1.0"));
        await DockerAsync("pull", "-q", $"{registry.Host}/team/tiny:1.0");
        Assert.Equal(
            TinyImage.Greeting,
            await DockerAsync("run", "--rm", "--network", "none", $"{registry.Host}/team/tiny:1.0")
        );
    }

    [Fact]
    public async Task Skopeo_reads_the_archive_as_OCI_and_as_Docker()
    {
        using var oci = JsonDocument.Parse(await Programs.RunAsync("skopeo", "inspect", $"oci-archive:{tiny.Archive}"));
        using var docker = JsonDocument.Parse(
            await Programs.RunAsync("skopeo", "inspect", "--config", $"docker-archive:{tiny.Archive}")
        );

        Assert.Equal(
            tiny.Image.Layers.Select(x => "sha256:" + x.Blob.Hash),
            oci.RootElement.GetProperty("Layers").EnumerateArray().Select(x => x.GetString())
        );
        Assert.Equal(tiny.Manifest, oci.RootElement.GetProperty("Digest").GetString());
        Assert.Equal("70", docker.RootElement.GetProperty("config").GetProperty("User").GetString());
        Assert.Equal(
            tiny.Image.Layers.Select(x => "sha256:" + x.DiffId.Hash),
            docker.RootElement.GetProperty("rootfs").GetProperty("diff_ids").EnumerateArray().Select(x => x.GetString())
        );
    }

    [Fact]
    public async Task Skopeo_copies_it_with_the_same_manifest_and_verifies_every_layer()
    {
        await Programs.RunAsync(
            "skopeo",
            "--insecure-policy",
            "copy",
            $"oci-archive:{tiny.Archive}",
            $"dir:{At("copy")}"
        );
        await Programs.RunAsync(
            "skopeo",
            "--insecure-policy",
            "copy",
            $"docker-archive:{tiny.Archive}",
            $"dir:{At("copy")}-docker"
        );

        Assert.Equal(tiny.Image.Manifest, Digest.OfFile(Path.Join(At("copy"), "manifest.json")));
    }

    [Fact]
    public async Task Umoci_unpacks_a_copy_of_the_archive()
    {
        await Programs.RunAsync(
            "skopeo",
            "--insecure-policy",
            "copy",
            $"oci-archive:{tiny.Archive}",
            $"oci:{At("layout")}:tiny"
        );

        await AssertRootAsync(await UnpackAsync($"{At("layout")}:tiny"));
    }

    [Fact]
    public async Task Umoci_unpacks_the_layout()
    {
        OciLayout.Write(tiny.Image, At("direct"), tiny.Store, cancellationToken: TestContext.Current.CancellationToken);

        await AssertRootAsync(await UnpackAsync($"{At("direct")}:{tiny.Image.Reference}"));
    }

    private string At(string name) => Path.Join(tiny.Folder, name);

    private Task<string> DockerAsync(params string[] arguments) =>
        Programs.RunAsync("docker", ["-H", daemon.Host, .. arguments]);

    private Task<BufferedCommandResult> TryDockerAsync(params string[] arguments) =>
        Programs.TryAsync("docker", ["-H", daemon.Host, .. arguments]);

    private async Task<string> UnpackAsync(string source)
    {
        string[] rootless = Environment.IsPrivilegedProcess ? [] : ["--rootless"];
        await Programs.RunAsync("umoci", ["unpack", .. rootless, "--image", source, At("bundle")]);
        return Path.Join(At("bundle"), "rootfs");
    }

    private static async Task AssertRootAsync(string root)
    {
        Assert.Equal("usr/lib", new FileInfo(Path.Join(root, "lib")).LinkTarget);
        Assert.Equal("../run", new FileInfo(Path.Join(root, "var/run")).LinkTarget);
        Assert.Equal(
            "long",
            await File.ReadAllTextAsync(Path.Join(root, TinyImage.LongName), TestContext.Current.CancellationToken)
        );
        Assert.Equal(
            "größe",
            await File.ReadAllTextAsync(Path.Join(root, "usr/share/größe"), TestContext.Current.CancellationToken)
        );
        Assert.Equal(3_000_000, new FileInfo(Path.Join(root, "usr/lib/big")).Length);
        Assert.False(File.Exists(Path.Join(root, "usr/share/doc/left-out")));
        Assert.StartsWith("1777 ", await StatAsync(Path.Join(root, "tmp")), StringComparison.Ordinal);
        Assert.StartsWith("4755 ", await StatAsync(Path.Join(root, "usr/bin/su")), StringComparison.Ordinal);
        Assert.StartsWith("700 ", await StatAsync(Path.Join(root, "var/lib/tiny")), StringComparison.Ordinal);
        var accounts = await File.ReadAllTextAsync(
            Path.Join(root, "etc/passwd"),
            TestContext.Current.CancellationToken
        );
        Assert.Contains("tiny:x:70:70::/var/lib/tiny:/bin/sh\n", accounts, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Join(root, "run/tiny")));
        if (!Environment.IsPrivilegedProcess)
            return;
        // A plain user has no capabilities to give to a file.
        Assert.Equal([FileCapabilities.Attribute], Posix.ListAttributes(Path.Join(root, TinyImage.Reader)));
        Assert.Equal("700 70:71 1", await StatAsync(Path.Join(root, "var/lib/tiny")));
    }

    private static async Task<string> StatAsync(string path) =>
        (await Programs.RunAsync("stat", "-c", "%a %u:%g %Y", path)).Trim();
}
