using Recipes.Engine.Model;
using Xunit;

namespace Recipes.Engine.Tests.Workspaces;

public class RecipeReaderTests
{
    [Fact]
    public void Reads_a_package()
    {
        var recipe = Reading.Good<PackageRecipe>(
            """
            name     = "zlib"
            version  = "1.3.1"
            summary  = "Lossless data compression library"
            license  = "Zlib"
            homepage = "https://zlib.net"

            [source]
            archive = "https://zlib.net/fossils/{name}-{version}.tar.gz"
            mirrors = ["debian:pool/main/z/zlib/zlib_{version}.orig.tar.gz", "file:local/z.tar"]
            inner   = "zlib-{version}.{tar,cpio}"
            only    = ["src/**"]
            include = { third = "gmp" }
            limits  = { size = "12GiB", entries = 2000000 }

            [build]
            needs       = ["perl", "m4:main"]
            system      = "autotools"
            configure   = ["--shared"]
            out-of-tree = true
            namespaces = "its tests run containers"
            strip       = false
            hard-links  = "symlink"
            environment = { CFLAGS = "-Os" }
            [build.steps]
            install = "make install-all"
            [build.limits]
            memory = "8GB"
            time = "1h30m"
            processes = 100

            [[permissions]]
            path = "usr/bin/su"
            mode = "4755"
            [[waivers]]
            check = "setuid"
            path = "usr/bin/su"
            reason = "it has to become root"
            [test]
            script = "true"
            needs = ["busybox"]
            """
        );

        Assert.Equal("https://zlib.net/fossils/zlib-1.3.1.tar.gz", recipe.Source!.Archive);
        Assert.Equal("debian:pool/main/z/zlib/zlib_1.3.1.orig.tar.gz", recipe.Source.Mirrors[0]);
        Assert.Equal("zlib-1.3.1.{tar,cpio}", recipe.Source.Inner);
        Assert.Equal("gmp", recipe.Source.Include["third"].Name);
        Assert.Equal(new SourceLimits(12L << 30, 2_000_000, HasRatio: false), recipe.Source.Limits);
        var build = recipe.Build;
        Assert.Equal(new RecipeReference("toolchain", null), build.Base);
        Assert.Equal(["perl", "m4:main"], build.Needs.Select(x => x.ToString()));
        Assert.True(build.OutOfTree);
        Assert.Equal("its tests run containers", build.NamespacesReason);
        Assert.False(build.Strip);
        Assert.Equal(HardLinkTreatment.Symlink, build.HardLinks);
        Assert.Equal("-Os", build.Environment["CFLAGS"]);
        Assert.Equal("make install-all", build.Steps["install"].Text);
        Assert.Equal(new BuildLimits(8_000_000_000, TimeSpan.FromMinutes(90), 100), build.Limits);
        Assert.Equal(new PermissionSpec("usr/bin/su", 0b100_111_101_101, 0, 0), Assert.Single(recipe.Permissions));
        Assert.Equal(new WaiverSpec("setuid", "usr/bin/su", "it has to become root"), Assert.Single(recipe.Waivers));
        Assert.Equal("busybox", Assert.Single(recipe.Test!.Needs).Package);
    }

    [Fact]
    public void Reads_an_image()
    {
        var image = Reading
            .Good<ImageRecipe>(
                """
                name = "zlib"
                version-from = "postgres"
                [image]
                include = ["postgres:server", "busybox"]
                exclude = ["usr/share/man/**"]
                entrypoint = ["/usr/bin/entry"]
                cmd = ["postgres"]
                environment = { PGDATA = "/data" }
                labels = { "org.example.title" = "Postgres" }
                working-directory = "/"
                user = "postgres"
                stop-signal = "SIGINT"
                ports = ["5432/tcp"]
                volumes = ["/data"]
                healthcheck = { command = ["pg_isready"], interval = "10s", timeout = "500ms", start-period = "1m", retries = 3 }
                [[image.accounts]]
                name = "postgres"
                uid = 70
                [[image.files]]
                path = "/etc/motd"
                content = "hello"
                [[image.directories]]
                path = "/data"
                mode = "0700"
                uid = 70
                [image.limits]
                size = "15.82MB"
                forbid = ["**/*.a"]
                """
            )
            .Image;

        Assert.Equal(["postgres:server", "busybox"], image.Include.Select(x => x.ToString()));
        Assert.Equal("Postgres", image.Labels["org.example.title"]);
        Assert.Equal(new AccountSpec("postgres", 70, 70, "/", "/bin/sh", ""), Assert.Single(image.Accounts));
        Assert.Equal(0b110_100_100, Assert.Single(image.Files).Mode);
        Assert.Equal(
            (0b111_000_000, 70, 0),
            (image.Directories[0].Mode, image.Directories[0].Uid, image.Directories[0].Gid)
        );
        Assert.Equal(15_820_000, image.SizeLimit);
        Assert.Equal(TimeSpan.FromMilliseconds(500), image.Healthcheck!.Timeout);
        Assert.Equal(3, image.Healthcheck.Retries);
        Assert.Equal(26, image.LimitsSpan!.Line);
    }

    [Fact]
    public void Reads_a_seed()
    {
        var seed = Reading
            .Good<SeedRecipe>(
                "name = \"zlib\"\n[seed]\nsuite = \"bookworm\"\npackages = [\"g++\"]\nexclude = [\"dpkg\"]\nlinks = "
                    + "{ lib = \"usr/lib\" }\n",
                RecipeArea.Stage0
            )
            .Seed;

        Assert.Equal("bookworm", seed.Suite);
        Assert.Equal(["g++"], seed.Packages);
        Assert.Equal("usr/lib", seed.Links["lib"]);
    }

    [Fact]
    public void A_recipe_with_a_source_alone_only_pins_it()
    {
        var recipe = Reading.Good<SourceRecipe>(
            Reading.Source + "git = \"https://example.org/z.git\"\ntag = \"v{version}\"\n"
        );

        Assert.Equal("v1.3", recipe.Source.Tag);
    }

    [Theory]
    [InlineData("[build]\nsystem = \"make\"\n", typeof(PackageRecipe))]
    [InlineData("[source]\nfrom = \"gmp\"\n[build]\nsystem = \"make\"\n", typeof(PackageRecipe))]
    [InlineData("[source]\nfrom = \"gmp\"\n", typeof(SourceRecipe))]
    [InlineData("[image]\ninclude = [\"zlib\"]\n", typeof(ImageRecipe))]
    [InlineData("[seed]\nsuite = \"bookworm\"\npackages = []\n", typeof(SeedRecipe))]
    [InlineData("[image]\ninclude = [\"zlib\"]\n[build]\nsystem = \"make\"\n", typeof(PackageRecipe))]
    [InlineData("[image]\ninclude = [\"zlib\"]\n[seed]\nsuite = \"bookworm\"\npackages = []\n", typeof(SeedRecipe))]
    [InlineData("[image]\ninclude = [\"zlib\"]\n[source]\nfrom = \"gmp\"\n", typeof(ImageRecipe))]
    [InlineData("", typeof(SourceRecipe))]
    public void The_tables_decide_the_kind_and_of_several_the_first_that_a_recipe_may_be(string tables, Type kind)
    {
        var recipe = Reading
            .Read(
                "name = \"zlib\"\nversion = \"1\"\nsummary = \"s\"\nlicense = \"MIT\"\nhomepage = "
                    + "\"https://example.org\"\n"
                    + tables
            )
            .Recipe;

        Assert.IsType(kind, recipe);
        Assert.Equal(
            ("zlib", "1", "s", "MIT", "https://example.org"),
            (recipe!.Name, recipe.Version, recipe.Summary, recipe.License, recipe.Homepage)
        );
        Assert.Equal(
            ("pkgs/zlib/recipe.toml", "/nowhere/pkgs/zlib", RecipeArea.Packages),
            (recipe.File, recipe.Folder, recipe.Area)
        );
    }

    [Fact]
    public void Windows_line_ends_and_a_byte_order_mark_do_not_matter()
    {
        var text =
            "name = \"zlib\"\n[build]\nsystem = \"none\"\nneeds = [1]\n[build.steps]\ninstall = \"\"\"\na\nb\n\"\"\"\n";

        var plain = Reading.Read(text);
        var windows = Reading.Read("\uFEFF" + text.Replace("\n", "\r\n", StringComparison.Ordinal));

        Assert.Equal("a\nb\n", Assert.IsType<PackageRecipe>(windows.Recipe).Build.Steps["install"].Text);
        Assert.Single(plain.Diagnostics);
        Assert.Equal(plain.Diagnostics, windows.Diagnostics);
    }

    [Fact]
    public void Columns_count_what_stands_before()
    {
        var fault = Assert.Single(Reading.Read("name = \"zlib\"\nsummary = \"é😀\"; x\n").Diagnostics);

        Assert.Equal((2, 16), (fault.Span!.Line, fault.Span.Column));
    }
}
