using System.Collections.Immutable;
using Recipes.Engine;
using Recipes.Engine.Content;
using Recipes.Engine.Daemons;
using Recipes.Engine.Images;
using Recipes.Engine.Model;
using Recipes.Engine.Registries;
using Recipes.Engine.Registries.Pushing;
using Recipes.Engine.Sandboxes.Docker;

namespace Recipes.Benchmarks;

/// <summary>
/// One image on its way to a Docker daemon (that of <c>DOCKER_HOST</c>), to registries, and into a layer, each against
/// the program that people use for it. Ours runs in this process, theirs each in one of its own.
/// </summary>
internal static class Shipping
{
    private const int Rounds = 5;

    public static async Task RunAsync()
    {
        await using var image = await SyntheticImage.CreateAsync();
        await LoadAsync(image);
        await PushAsync(image);
        await WriteLayerAsync(image);
    }

    private static async Task LoadAsync(SyntheticImage image)
    {
        var docker = Require("docker");
        using var daemon = await DockerConnection.OpenAsync(
            DockerEndpoint.Find(Environment.GetEnvironmentVariable),
            CancellationToken.None
        );
        var load = new DaemonLoad(daemon, image.Store, SilentObserver.Instance);
        ImmutableArray<ImageName> name = [ImageName.Parse(image.Image.Reference)];
        Task RemoveAsync(string removed) =>
            daemon.Client.Images.DeleteImageAsync(removed, new() { Force = true }, CancellationToken.None);
        Task RecipesAsync() => load.LoadAsync(image.Image, name, CancellationToken.None);
        // It ends early where nobody reads what it says.
        Task DockerAsync() =>
            Programs.RunAsync(
                "/bin/sh",
                "/",
                "-c",
                "exec \"$@\" > /dev/null",
                "sh",
                docker,
                "load",
                "-q",
                "-i",
                image.Archive
            );
        async Task AfterRemovalAsync(Func<Task> work)
        {
            await RemoveAsync(image.Image.Reference);
            await work();
        }
        await RecipesAsync();
        Samples.Write(
            await Samples.AlternateAsync(
                Rounds,
                ("docker load, the image absent", () => AfterRemovalAsync(DockerAsync)),
                ("recipes load, the image absent", () => AfterRemovalAsync(RecipesAsync)),
                ("docker load, the image there", DockerAsync),
                ("recipes load, the image there", RecipesAsync)
            )
        );
        // Another image on the same layers, so that all but its own one are there.
        await load.LoadAsync(image.Other, [ImageName.Parse(SyntheticImage.OtherName)], CancellationToken.None);
        Samples.Write(
            await Samples.AlternateAsync(
                Rounds,
                ("docker load, all layers but one there", () => AfterRemovalAsync(DockerAsync)),
                ("recipes load, all layers but one there", () => AfterRemovalAsync(RecipesAsync))
            )
        );
        await RemoveAsync(image.Image.Reference);
        await RemoveAsync(SyntheticImage.OtherName);
    }

    private static async Task PushAsync(SyntheticImage image)
    {
        var skopeo = Require("skopeo");
        // A registry of its own for every cold push, or the second would find the blobs of the first.
        var registries = new List<RegistryProcess>();
        try
        {
            for (var i = 0; i < 2 * (Rounds + 1); i++)
                registries.Add(await RegistryProcess.StartAsync());
            var fresh = new Queue<string>(registries.Select(x => x.Host));
            Task SkopeoAsync(string host) =>
                Programs.RunAsync(
                    skopeo,
                    "/",
                    "--insecure-policy",
                    "copy",
                    "-q",
                    "--dest-tls-verify=false",
                    $"oci-archive:{image.Archive}",
                    $"docker://{host}/image:1"
                );
            Task RecipesAsync(string host) =>
                new RegistryPush(image.Store, new(), SilentObserver.Instance).PushAsync(
                    image.Image,
                    RegistryReference.Parse($"{host}/image:1"),
                    CancellationToken.None
                );
            Samples.Write(
                await Samples.AlternateAsync(
                    Rounds,
                    ("skopeo copy, cold", () => SkopeoAsync(fresh.Dequeue())),
                    ("recipes push, cold", () => RecipesAsync(fresh.Dequeue())),
                    ("skopeo copy, nothing to do", () => SkopeoAsync(registries[0].Host)),
                    ("recipes push, nothing to do", () => RecipesAsync(registries[1].Host))
                )
            );
        }
        finally
        {
            foreach (var registry in registries)
                await registry.DisposeAsync();
        }
    }

    private static async Task WriteLayerAsync(SyntheticImage image)
    {
        var umoci = Require("umoci");
        var bundle = await image.UnpackForRepackAsync(umoci);
        var number = 0;
        Samples.Write(
            await Samples.AlternateAsync(
                Rounds,
                ("umoci repack of a tree of 4,000 files", () =>
                    Programs.RunAsync(umoci, "/", "repack", "--image", $"{bundle.Layout}:r{number++}", bundle.Path)
                ),
                ("recipes: compose of the same tree", () => Task.Run(image.ComposeAnew))
            )
        );
        Console.WriteLine(
            $"the layer: umoci {bundle.LargestBlob():N0} bytes, recipes "
                + $"{image.Image.Layers.Max(x => x.Blob.Size):N0} bytes"
        );
    }

    private static string Require(string program) =>
        Programs.Find(program)
        ?? throw new InvalidOperationException(
            $"'{program}' is needed: apt-get install docker.io skopeo umoci docker-registry"
        );
}
