using System.Collections.Immutable;
using Recipes.Engine.Model;

namespace Recipes.Engine.Tests.Building;

/// <summary>Recipes for tests that need no file.</summary>
internal static class TestRecipe
{
    public static SourceSpan Span { get; } = new("pkgs/hello/recipe.toml", 1, 1, 1, "");

    public static PackageRecipe Package(string name, string system = "autotools", params OutputSpec[] outputs) =>
        new()
        {
            Name = name,
            NameSpan = Span,
            Version = "1.0",
            Area = RecipeArea.Packages,
            Folder = "/nowhere/pkgs/" + name,
            File = $"pkgs/{name}/recipe.toml",
            Source = new() { Span = Span, Archive = "https://example.org/x.tar.gz" },
            Build = new()
            {
                Span = Span,
                Base = new("toolchain", null),
                System = RepositorySystems.All.GetValueOrDefault(system),
            },
            Outputs = [.. outputs, .. Defaults.Where(x => outputs.All(o => o.Name != x.Name))],
        };

    public static OutputSpec Output(string name, params string[] globs) =>
        new()
        {
            Name = name,
            Files = [.. globs],
            Span = Span,
        };

    private static ImmutableArray<OutputSpec> Defaults { get; } =
    [
        new() { Name = "dev", Files = ["usr/include/**", "usr/lib/*.a", "usr/lib/*.so", "usr/lib/pkgconfig/**"] },
        new() { Name = "doc", Files = ["usr/share/doc/**", "usr/share/man/**"] },
        new() { Name = "main" },
    ];
}
