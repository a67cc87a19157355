using System.Globalization;
using System.Text;

namespace Recipes.Benchmarks;

/// <summary>
/// The same graph planned by whole processes: the published program, and ninja where it is installed.
/// </summary>
internal static class NinjaPeer
{
    private const int Rounds = 5;

    public static async Task RunAsync()
    {
        var program = Path.Join(Programs.Checkout, "artifacts", "cli", "current", "recipes");
        await Programs.RunAsync(Path.Join(Programs.Checkout, "recipes"), Programs.Checkout, "--version");
        foreach (var packages in (int[])[1_000, 10_000, 50_000])
        {
            using var workspace = new GeneratedWorkspace(packages);
            await WriteNinjaAsync(workspace);
            var things = new List<(string, Func<Task>)>
            {
                (Named("recipes graph", packages), () =>
                    Programs.RunAsync(program, workspace.Path, "graph", "--format", "dot", LastOf(packages))
                ),
            };
            if (Programs.Find("ninja") is { } ninja)
                things.Add((Named("ninja -n", packages), () => Programs.RunAsync(ninja, workspace.Path, "-n")));
            Samples.Write(await Samples.AlternateAsync(Rounds, [.. things]));
        }
    }

    private static string LastOf(int packages) => GeneratedWorkspace.Name(packages - 1);

    private static string Named(string what, int packages) =>
        string.Create(CultureInfo.InvariantCulture, $"{what}, {packages} packages");

    private static Task WriteNinjaAsync(GeneratedWorkspace workspace)
    {
        var text = new StringBuilder("rule build\n  command = build $out\n");
        foreach (var (number, needs) in workspace.Needs.Index())
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"build out/{number}: build pkgs/{GeneratedWorkspace.Name(number)}/recipe.toml "
                    + $"{string.Join(' ', needs.Select(x => $"out/{x}"))}"
            );
        return File.WriteAllTextAsync(Path.Join(workspace.Path, "build.ninja"), text.ToString());
    }
}
