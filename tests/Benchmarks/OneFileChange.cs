using System.Globalization;

namespace Recipes.Benchmarks;

/// <summary>
/// Composing postgres-image as a whole process when nothing changed, and when one of its files did. What the store
/// lacks is built first, which takes long on an empty one.
/// </summary>
internal static class OneFileChange
{
    private const string Image = "postgres-image";
    private const int Rounds = 20;

    public static async Task RunAsync()
    {
        var workspace = Directory.CreateTempSubdirectory("recipes-benchmark-").FullName;
        try
        {
            var program = Path.Join(Programs.Checkout, "recipes");
            await Programs.RunAsync(program, Programs.Checkout, "--version");
            string[] parts = ["pkgs", "systems", "toolchain", "stage0", "recipes.lock"];
            await Programs.RunAsync("/bin/cp", Programs.Checkout, ["-a", .. parts, workspace]);
            var file = Path.Join(workspace, "pkgs", Image, "docker-entrypoint");
            var changes = 0;
            async Task ComposeChangedAsync()
            {
                var line = string.Create(CultureInfo.InvariantCulture, $"# {Environment.ProcessId} {changes++}\n");
                await File.AppendAllTextAsync(file, line);
                await ComposeAsync();
            }
            Task ComposeAsync() => Programs.RunAsync(program, workspace, "compose", Image);
            Samples.Write(
                await Samples.AlternateAsync(
                    Rounds,
                    ($"./recipes compose {Image}, nothing changed", ComposeAsync),
                    ($"./recipes compose {Image}, one file changed", ComposeChangedAsync)
                )
            );
        }
        finally
        {
            Directory.Delete(workspace, recursive: true);
        }
    }
}
