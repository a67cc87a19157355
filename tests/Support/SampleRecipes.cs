namespace Recipes.Tests.Support;

/// <summary>Recipes that are read and never built.</summary>
internal static class SampleRecipes
{
    /// <summary>Writes a seed, a toolchain, the packages <c>zlib</c> and <c>tool</c> that needs it, an image.</summary>
    public static void Write(WorkspaceFolder folder)
    {
        RepositorySystems.Write(folder.Root);
        folder.WriteRecipe(
            "stage0/debian",
            "summary = \"For tests\"\n[seed]\nsuite = \"bookworm\"\npackages = [\"gcc\"]"
        );
        folder.WriteRecipe(
            "toolchain/toolchain",
            """
            summary = "For tests"
            version = "1"
            license = "MIT"
            [build]
            base = "debian"
            system = "none"
            """
        );
        folder.WriteRecipe(
            "pkgs/zlib",
            """
            summary = "For tests"
            version = "1.3.1"
            license = "Zlib"
            [source]
            archive = "https://zlib.net/fossils/zlib-{version}.tar.gz"
            [build]
            system = "autotools"
            """
        );
        folder.WriteRecipe(
            "pkgs/tool",
            """
            summary = "For tests"
            version = "2"
            license = "MIT"
            [build]
            system = "make"
            needs = ["zlib"]
            """
        );
        folder.WriteRecipe(
            "pkgs/tool-image",
            """
            summary = "For tests"
            version-from = "tool"
            [image]
            include = ["tool"]
            """
        );
    }
}
