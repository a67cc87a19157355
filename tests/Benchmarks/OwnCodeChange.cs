using System.Globalization;

namespace Recipes.Benchmarks;

/// <summary>
/// What a developer waits for after a change of one's own code: composing the image of <c>examples/guestbook</c> as a
/// whole process, in a repository of its own with this one as its collection; beside it, composing when nothing
/// changed, and one start of the program. What the store lacks is built first, which takes long on an empty one.
/// </summary>
internal static class OwnCodeChange
{
    private const string Image = "guestbook-image";
    private const int Rounds = 10;

    public static async Task RunAsync()
    {
        var workspace = Directory.CreateTempSubdirectory("recipes-benchmark-").FullName;
        try
        {
            var program = await PrepareAsync(workspace);
            var code = Path.Join(workspace, "src", "guestbook.c");
            var changes = 0;
            async Task ComposeChangedAsync()
            {
                var line = string.Create(
                    CultureInfo.InvariantCulture,
                    $"const char change[] = \"{Environment.ProcessId} {changes++}\";\n"
                );
                await File.AppendAllTextAsync(code, line);

                await ComposeAsync();
                var text = await File.ReadAllTextAsync(code);
                await File.WriteAllTextAsync(code, text[..^line.Length]);
            }
            Task ComposeAsync() => Programs.RunAsync(program, workspace, "compose", Image, "--allow-unpinned");
            Samples.Write(
                await Samples.AlternateAsync(
                    Rounds,
                    ("recipes --version", () => Programs.RunAsync(program, workspace, "--version")),
                    ($"recipes compose {Image}, nothing changed", ComposeAsync),
                    ($"recipes compose {Image}, one source file changed", ComposeChangedAsync)
                )
            );
        }
        finally
        {
            Directory.Delete(workspace, recursive: true);
        }
    }

    /// <summary>Makes the repository; returns the program that works on it.</summary>
    private static async Task<string> PrepareAsync(string workspace)
    {
        var collection = Path.Join(workspace, "collections", "base");
        Directory.CreateDirectory(collection);
        string[] parts = ["pkgs", "systems", "toolchain", "stage0", "recipes.lock", "recipes.toml"];
        await Programs.RunAsync("/bin/cp", Programs.Checkout, ["-a", .. parts, collection]);
        await Programs.RunAsync(
            "/bin/cp",
            Path.Join(Programs.Checkout, "examples", "guestbook"),
            "-a",
            "pkgs",
            "src",
            "recipes.toml",
            workspace
        );
        await File.WriteAllTextAsync(Path.Join(workspace, ".gitignore"), "collections/\n*.oci.tar\n");
        await Programs.RunAsync("git", workspace, "init", "--quiet");
        await Programs.RunAsync("git", workspace, "add", ".");
        string[] identity = ["-c", "user.name=Benchmark", "-c", "user.email=benchmark@example.org"];
        await Programs.RunAsync("git", workspace, [.. identity, "commit", "--quiet", "--message", "Begin"]);
        await Programs.RunAsync(Path.Join(Programs.Checkout, "recipes"), Programs.Checkout, "--version");
        return Path.Join(Programs.Checkout, "artifacts", "cli", "current", "recipes");
    }
}
