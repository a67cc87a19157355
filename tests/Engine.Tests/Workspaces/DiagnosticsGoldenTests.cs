using Xunit;

namespace Recipes.Engine.Tests.Workspaces;

/// <summary>One workspace with many faults: all of them come in one run, in the order of files and lines.</summary>
public class DiagnosticsGoldenTests
{
    [Fact]
    public void All_faults_of_all_recipes_in_one_run()
    {
        using var test = new TestWorkspace()
            .Write(
                "pkgs/zlib/recipe.toml",
                """
                name     = "zlibb"
                version  = "1 3"
                license  = "zlib"
                homepage = "zlib.net"
                sumary   = "Compression"

                [source]
                archive = "https://zlib.net/zlib-{verison}.tar.gz"
                mirrors = ["gopher://zlib.net/zlib.tar.gz"]
                patches = ["absent.patch"]

                [build]
                needs    = ["perl:man", "prel", "seed", 7]
                configre = ["--shared"]
                strip    = "yes"
                	base     = "seed"

                [build.limits]
                memory = "8 gigabytes"
                time   = "1 day"

                [outputs]
                server = ["/usr/bin/**"]
                server = ["usr/bin/[z"]
                """
            )
            .Write("pkgs/broken/recipe.toml", "name = \"broken\"\n[build\nsystem = \"none\"\nneeds = [\"perl\"\n")
            .Write(
                "pkgs/app-image/recipe.toml",
                """
                name = "app-image"

                [image]
                include     = ["perl", "perl", "app-image"]
                ports       = ["http"]
                stop-signal = "INT"
                user        = "app"
                volumes     = ["data"]

                [[image.accounts]]
                name = "App"

                [[image.files]]
                path    = "/etc/motd"
                content = "é😀"
                mode    = "rw"
                """
            )
            .Write("pkgs/no-toml/recipe.toml", "name = \"é😀\", version = \"1\"\nversion = 1.2.3\n\nsummary = Text\n")
            .Write(
                "pkgs/second-image/recipe.toml",
                "name = \"second-image\"\n[image]\nports = [\"80/tcp\"]\n[build]\nsystem = \"make\"\n"
            )
            .Write("toolchain/perl/recipe.toml", "name = \"perl\"\n[build]\nbase = \"sed\"\nsystem = \"none\"\n")
            .Package("perl");

        Golden.Matches("faults.txt", string.Join("\n\n", test.Load().Diagnostics) + "\n");
    }
}
