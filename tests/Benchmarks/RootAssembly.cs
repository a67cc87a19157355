using System.Collections.Immutable;
using System.Globalization;
using Recipes.Engine.Content;
using Recipes.Engine.Sandboxes;
using Recipes.Engine.Sandboxes.Bubblewrap;

namespace Recipes.Benchmarks;

/// <summary>
/// A root of 100,000 files of 50 trees, assembled warm, with the start and the end of the smallest program in it.
/// </summary>
internal static class RootAssembly
{
    private const int Trees = 50;
    private const int FilesInTree = 2_000;
    private const int Rounds = 4;

    public static async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("recipes-benchmark-").FullName;
        try
        {
            var store = ContentStore.Open(Path.Join(folder, "store"));
            var trees = Enumerable.Range(0, Trees).Select(x => AddTree(store, x)).ToImmutableArray();
            var sandbox = new BubblewrapSandbox(store);
            var request = new SandboxRequest
            {
                Label = "benchmark",
                Root = trees,
                Arguments = ["/usr/bin/busybox", "true"],
                Environment = ImmutableSortedDictionary<string, string>.Empty,
            };
            var copies = 0;
            Samples.Write(
                await Samples.AlternateAsync(
                    Rounds,
                    ("sandbox over a root of 100,000 files", () => RunSandboxAsync(sandbox, request)),
                    ("cp -al of the same trees", () => CopyAsync(store, trees, Path.Join(folder, $"copy-{copies++}")))
                )
            );
        }
        finally
        {
            // Read-only folders: rm knows better.
            await Programs.RunAsync("/bin/chmod", "/", "-R", "u+w", folder);
            await Programs.RunAsync("/bin/rm", "/", "-rf", folder);
        }
    }

    private static async Task RunSandboxAsync(BubblewrapSandbox sandbox, SandboxRequest request)
    {
        var result = await sandbox.RunAsync(request, Stream.Null, CancellationToken.None);
        if (!result.Succeeded)
            throw new InvalidOperationException($"The sandbox ended with {result.ExitStatus}.");
    }

    private static async Task CopyAsync(ContentStore store, ImmutableArray<Digest> trees, string target)
    {
        Directory.CreateDirectory(target);
        string[] sources = [.. trees.Select(x => store.TreePath(x) + "/.")];
        await Programs.RunAsync("/bin/cp", "/", ["-alf", .. sources, target]);
    }

    private static Digest AddTree(ContentStore store, int number)
    {
        using var scratch = store.CreateScratch("benchmark");
        var root = Path.Join(scratch.Path, "tree");
        for (var i = 0; i < FilesInTree; i++)
        {
            var file = Path.Join(
                root,
                string.Create(CultureInfo.InvariantCulture, $"usr/share/package-{number}/{i / 100}/file-{i}")
            );
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, string.Create(CultureInfo.InvariantCulture, $"{number} {i}"));
        }
        if (number == 0)
        {
            var busybox = Programs.Find("busybox") ?? throw new InvalidOperationException("busybox-static is needed.");
            Directory.CreateDirectory(Path.Join(root, "usr/bin"));
            File.Copy(busybox, Path.Join(root, "usr/bin/busybox"));
        }
        return store.AddTree(root).Digest;
    }
}
