using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Sandboxes;
using Recipes.Engine.Sandboxes.Bubblewrap;
using Recipes.Engine.Sandboxes.Docker;

namespace Recipes.Benchmarks;

/// <summary>
/// What each sandbox adds to a build: the smallest action with a source, recipe files and one output, the root being
/// there already, beside bubblewrap run by hand over the same root. The daemon is that of <c>DOCKER_HOST</c>; without
/// it only bubblewrap is measured.
/// </summary>
internal static class SandboxOverhead
{
    private const int Rounds = 30;

    public static async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("recipes-benchmark-").FullName;
        try
        {
            var store = ContentStore.Open(Path.Join(folder, "store"));
            var bubblewrap = new BubblewrapSandbox(store);
            var bare = new SandboxRequest
            {
                Label = "benchmark",
                Root = [AddTree(store, root => CopyBusyBox(root))],
                Arguments = ["/usr/bin/busybox", "true"],
                Environment = ImmutableSortedDictionary<string, string>.Empty,
            };
            var build = bare with
            {
                Arguments = ["/usr/bin/busybox", "cp", "/build/source", "/stage/copy"],
                Mounts =
                [
                    new("/build", AddFile(store, "source"), IsWritable: true),
                    new("/recipe", AddFile(store, "run"), IsWritable: false),
                ],
                OutputDirectories = ["/stage"],
            };
            var byHand = Path.Join(folder, "root");
            CopyBusyBox(byHand);
            var sides = new List<(string, Func<Task>)>
            {
                ("bwrap by hand: one command", () =>
                    Programs.RunAsync("bwrap", "/", [.. ByHand(byHand), .. bare.Arguments])
                ),
                ("bubblewrap: one command, no source or output", () => RunAsync(bubblewrap, bare)),
                ("bubblewrap: a build of one command", () => RunAsync(bubblewrap, build)),
            };
            // What a build costs beyond its start: mostly processes that begin and end.
            var many = bare with
            {
                Arguments =
                [
                    "/usr/bin/busybox",
                    "sh",
                    "-c",
                    "i=0; while [ $i -lt 500 ]; do /usr/bin/busybox true; i=$((i+1)); done",
                ],
            };
            sides.Add(
                ("bwrap by hand: 500 processes", () =>
                    Programs.RunAsync("bwrap", "/", [.. ByHand(byHand), .. many.Arguments])
                )
            );
            sides.Add(("bubblewrap: 500 processes", () => RunAsync(bubblewrap, many)));
            using var docker = OpenDocker(store);
            if (docker is not null)
            {
                sides.Add(("docker: one command, no source or output", () => RunAsync(docker, bare)));
                sides.Add(("docker: a build of one command", () => RunAsync(docker, build)));
            }
            Samples.Write(await Samples.AlternateAsync(Rounds, [.. sides]));
        }
        finally
        {
            await Programs.RunAsync("/bin/chmod", "/", "-R", "u+w", folder);
            await Programs.RunAsync("/bin/rm", "/", "-rf", folder);
        }
    }

    private static IEnumerable<string> ByHand(string root) =>
        [
            "--unshare-all",
            "--die-with-parent",
            "--ro-bind",
            Path.Join(root, "usr"),
            "/usr",
            "--proc",
            "/proc",
            "--dev",
            "/dev",
        ];

    private static DockerSandbox? OpenDocker(ContentStore store) =>
        Environment.GetEnvironmentVariable("DOCKER_HOST") is null
            ? null
            : new(store, DockerEndpoint.Find(Environment.GetEnvironmentVariable));

    private static async Task RunAsync(ISandbox sandbox, SandboxRequest request)
    {
        var result = await sandbox.RunAsync(request, Stream.Null, CancellationToken.None);
        if (!result.Succeeded)
            throw new InvalidOperationException($"{sandbox.Name} ended with {result.ExitStatus}.");
    }

    private static void CopyBusyBox(string root)
    {
        Directory.CreateDirectory(Path.Join(root, "usr/bin"));
        File.Copy(
            Programs.Find("busybox") ?? throw new InvalidOperationException("busybox-static is needed."),
            Path.Join(root, "usr/bin/busybox")
        );
    }

    private static Digest AddFile(ContentStore store, string name) =>
        AddTree(store, root => File.WriteAllText(Path.Join(root, name), name));

    private static Digest AddTree(ContentStore store, Action<string> fill)
    {
        using var scratch = store.CreateScratch("benchmark");
        var root = Directory.CreateDirectory(Path.Join(scratch.Path, "tree")).FullName;
        fill(root);
        return store.AddTree(root).Digest;
    }
}
