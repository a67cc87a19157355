using System.Globalization;
using System.Text;

namespace Recipes.Benchmarks;

/// <summary>
/// A workspace of many packages, each with up to three needs among the earlier ones; always the same for a number.
/// </summary>
internal sealed class GeneratedWorkspace : IDisposable
{
    public GeneratedWorkspace(int packages)
    {
        Path = Directory.CreateTempSubdirectory("recipes-benchmark-").FullName;
        Write("stage0/debian", "[seed]\nsuite = \"bookworm\"\npackages = [\"gcc\"]");
        Write(
            "toolchain/toolchain",
            "version = \"1\"\nlicense = \"MIT\"\n\n[build]\nbase = \"debian\"\nsystem = \"none\""
        );
        Needs = [.. Enumerable.Range(0, packages).Select(NeedsOf)];
        for (var i = 0; i < packages; i++)
            Write($"pkgs/{Name(i)}", Package(i));
        var systems = Directory.CreateDirectory(System.IO.Path.Join(Path, "systems"));
        File.WriteAllText(
            System.IO.Path.Join(systems.FullName, "autotools.toml"),
            "summary = \"For measurements\"\nsteps.configure = \"{source}/configure --prefix=/usr {configure}\"\n"
        );
    }

    public string Path { get; }

    /// <summary>The numbers of the packages that each package needs.</summary>
    public IReadOnlyList<int[]> Needs { get; }

    public static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"package-{number}");

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static int[] NeedsOf(int number)
    {
        var random = new Random(number);
        return number < 4 ? [] : [.. Enumerable.Range(0, number % 4).Select(_ => random.Next(number)).Distinct()];
    }

    private string Package(int number)
    {
        var needs = string.Join(", ", Needs[number].Select(x => $"\"{Name(x)}\""));
        return new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"version  = \"1.{number}\"")
            .AppendLine("license  = \"MIT\"")
            .AppendLine("homepage = \"https://example.org\"")
            .AppendLine("\n[source]")
            .AppendLine("archive = \"https://example.org/{name}-{version}.tar.gz\"")
            .AppendLine("\n[build]")
            .AppendLine(CultureInfo.InvariantCulture, $"needs     = [{needs}]")
            .AppendLine("system    = \"autotools\"")
            .AppendLine("configure = [\"--disable-static\", \"--without-docs\"]")
            .AppendLine("\n[outputs]")
            .AppendLine("tools = [\"usr/bin/**\"]")
            .ToString();
    }

    private void Write(string place, string rest)
    {
        var folder = Directory.CreateDirectory(System.IO.Path.Join(Path, place));
        File.WriteAllText(
            System.IO.Path.Join(folder.FullName, "recipe.toml"),
            $"name     = \"{folder.Name}\"\nsummary  = \"A package for measurements\"\n{rest}\n"
        );
    }
}
