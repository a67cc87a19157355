using CliWrap.Buffered;
using Recipes.Engine;
using Recipes.Engine.Building.Running;
using Recipes.Engine.Bumping;
using Recipes.Engine.Graph;
using Recipes.Engine.Model;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Locking;
using Recipes.Integration.Tests.Building;
using Xunit;

namespace Recipes.Integration.Tests.Bumping;

/// <summary>Bumps of a library that the host's compiler made, with real builds in the sandbox.</summary>
public sealed class BumpBuildTests : IDisposable
{
    private readonly TinyWorkspace workspace = new();
    private readonly FakeSites sites = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => workspace.Dispose();

    private string Folder(string package) =>
        Directory.CreateDirectory(Path.Join(workspace.Root, "pkgs", package)).FullName;

    private static async Task<string> CompileAsync(string output, string source, params string[] arguments)
    {
        await File.WriteAllTextAsync(output + ".c", source, Token);
        await CliWrap
            .Cli.Wrap("gcc")
            .WithArguments([output + ".c", "-shared", "-fPIC", "-nostdlib", "-fno-ident", .. arguments, "-o", output])
            .ExecuteBufferedAsync(Token);
        File.Delete(output + ".c");
        return output;
    }

    /// <summary>An archive that holds the library, ready to be installed.</summary>
    private async Task ReleaseAsync(string version, string soname, params string[] functions)
    {
        var file = await CompileAsync(
            Path.Join(Folder("tiny"), "library"),
            string.Concat(functions.Select(x => $"int {x}(void) {{ return 1; }}\n")),
            $"-Wl,-soname,{soname}"
        );
        var archive = new TarBuilder()
            .Bytes($"tiny-{version}/{soname}", await File.ReadAllBytesAsync(file, Token))
            .File($"tiny-{version}/note", version);
        await File.WriteAllBytesAsync(Path.Join(Folder("tiny"), $"tiny-{version}.tar"), archive.ToTar(), Token);
        File.Delete(file);
    }

    private async Task UserAsync(string name, params string[] functions)
    {
        var library = await CompileAsync(
            Path.Join(Folder(name), "library"),
            string.Concat(functions.Select(x => $"int {x}(void) {{ return 1; }}\n")),
            "-Wl,-soname,libtiny.so.1"
        );
        var calls =
            string.Concat(functions.Select(x => $"int {x}(void);\n"))
            + $"int run(void) {{ return {string.Join(" + ", functions.Select(x => x + "()"))}; }}\n";
        await CompileAsync(Path.Join(Folder(name), "program"), calls, library);
        File.Delete(library);
        workspace.Package(name, "mkdir -p /stage/usr/bin; cp /recipe/program /stage/usr/bin/" + name, "tiny");
    }

    private void Tiny(
        string install =
            "mkdir -p /stage/usr/lib /stage/usr/share; cp *.so.* /stage/usr/lib/; cp note "
            + "/stage/usr/share/tiny-$(cat note)"
    ) =>
        workspace.Write(
            "pkgs/tiny",
            $"name = \"tiny\"\nversion = \"1.0\"\n[source]\narchive = "
                + $"\"file:tiny-{{version}}.tar\"\n[build]\nsystem = \"none\"\nstrip = "
                + $"false\n[build.steps]\ninstall = '''\n{install}\n'''\n"
        );

    private void Image(string limit = "1MB") =>
        workspace.Write(
            "pkgs/tiny-image",
            $"name = \"tiny-image\"\nversion-from = \"tiny\"\n[image]\ninclude = [\"user\"]\n[image.limits]\nsize = "
                + $"\"{limit}\"\n"
        );

    private async Task<LockFile> LockAsync()
    {
        var recipes = workspace.Load().Recipes;
        var seed = new SeedPin(
            "seed",
            "bookworm",
            PinDifference.Request(Assert.IsType<SeedRecipe>(recipes["seed"]).Seed),
            null,
            [],
            workspace.PinnedTree(recipes["seed"])
        );
        using var locker = new Locker(workspace.Store, workspace, SourceFixture.Patient, sites);
        var result = await locker.LockAsync(
            recipes.Values,
            LockFile.Empty with
            {
                Seeds = LockFile.Empty.Seeds.Add("seed", seed),
            },
            Token
        );
        Assert.Empty(result.Failures);
        result.Lock.Write(workspace.Load().LockPath);
        return result.Lock;
    }

    private async Task BuildAsync(params string[] names)
    {
        using var fetcher = new SourceFetcher(workspace.Store, workspace, SourceFixture.Patient, sites);
        var builder = new Builder(
            RecipeGraph.Create(workspace.Load()),
            await LockAsync(),
            workspace.Store,
            workspace.Sandbox,
            fetcher,
            workspace
        );
        var report = await builder.BuildAsync(names, new(), Token);
        Assert.True(report.Succeeded, string.Join('\n', report.Outcomes.Values.Select(x => x.Failure)));
    }

    private async Task<BumpReview> BumpAsync()
    {
        var locks = await LockAsync();
        using var bumper = new Bumper(workspace.Store, workspace, SourceFixture.Patient, sites);
        using var fetcher = new SourceFetcher(workspace.Store, workspace, SourceFixture.Patient, sites);
        var bump = await bumper.PrepareAsync(
            RecipeGraph.Create(workspace.Load()),
            locks,
            new() { Recipe = "tiny" },
            Token
        );
        await bump!.BuildAsync(
            (graph, after) => new Builder(graph, after, workspace.Store, workspace.Sandbox, fetcher, workspace),
            new(),
            Token
        );
        // Whatever is built, the workspace is changed by nothing else than applying.
        Assert.Equal("1.0", workspace.Load().Recipes["tiny"].Version);
        Assert.Equal(locks.ToText(), LockFile.Read(workspace.Load().LockPath).ToText());
        return bump.Review;
    }

    [Fact]
    public async Task A_symbol_removed_under_the_same_soname_is_breaking_with_the_dependent_that_uses_it()
    {
        Tiny();
        await ReleaseAsync("1.0", "libtiny.so.1", "tiny_old", "tiny_kept");
        await ReleaseAsync("1.1", "libtiny.so.1", "tiny_kept", "tiny_new");
        await UserAsync("user", "tiny_old", "tiny_kept");
        await UserAsync("bystander", "tiny_kept");
        Image();
        await BuildAsync("user", "bystander");

        var review = await BumpAsync();

        Assert.Equal(["tiny", "bystander", "user"], review.Rebuilds.Select(x => x.Package));
        Assert.All(review.Rebuilds, x => Assert.NotNull(x.Seconds));
        Assert.Equal(["tiny-image"], review.Images);
        var built = review.Built!;
        var breaking = Assert.Single(built.Breaking);
        Assert.Equal(("libtiny.so.1", "tiny_old"), (breaking.Soname, breaking.Symbol));
        Assert.Equal(("user:main", "usr/bin/user"), (Assert.Single(breaking.Users).Owner, breaking.Users[0].Path));
        var difference = Assert.Single(built.Packages).Difference!;
        Assert.Equal(["usr/share/tiny-1.1"], difference.Added.Select(x => x.Path));
        Assert.Equal(["usr/share/tiny-1.0"], difference.Removed.Select(x => x.Path));
        Assert.True(difference.Sonames.IsEmpty);
        Assert.Equal(["tiny_new"], Assert.Single(difference.Elf).Exported.Added);
    }

    [Fact]
    public async Task Images_are_composed_before_and_after_and_what_comes_out_the_same_is_told()
    {
        Tiny();
        await ReleaseAsync("1.0", "libtiny.so.1", "tiny_kept");
        await ReleaseAsync("1.1", "libtiny.so.1", "tiny_kept", "tiny_and_a_long_name_that_takes_room");
        await UserAsync("user", "tiny_kept");
        Image();
        await BuildAsync("user");

        var built = (await BumpAsync()).Built!;

        Assert.Empty(built.Breaking);
        var image = Assert.Single(built.Images);
        Assert.Equal("tiny-image", image.Image);
        Assert.True(image.FilesAfter > image.FilesBefore);
        Assert.Empty(built.UnbuiltImages);
        Assert.Equal([("tiny", false), ("user", true)], built.Rebuilds.Select(x => (x.Package, x.IsUnchanged)));
    }

    [Fact]
    public async Task What_was_not_built_before_is_built_and_not_compared()
    {
        Tiny();
        await ReleaseAsync("1.0", "libtiny.so.1", "tiny_kept");
        await ReleaseAsync("1.1", "libtiny.so.1", "tiny_kept");
        await UserAsync("user", "tiny_kept");
        Image();

        var built = (await BumpAsync()).Built!;

        Assert.Null(Assert.Single(built.Packages).Difference);
        Assert.Equal(["tiny-image"], built.UnbuiltImages);
        Assert.Equal("tiny", Assert.Single(built.Rebuilds).Package);
    }

    [Fact]
    public async Task A_version_that_does_not_build_changes_nothing()
    {
        Tiny("[ -e libtiny.so.1 ]; mkdir -p /stage/usr/lib; cp libtiny.so.1 /stage/usr/lib/");
        await ReleaseAsync("1.0", "libtiny.so.1", "tiny_kept");
        await ReleaseAsync("1.1", "libtiny.so.2", "tiny_kept");

        var fault = await Assert.ThrowsAsync<EngineException>(BumpAsync);

        Assert.Equal("'tiny' did not build with the new version of 'tiny'; nothing was changed", fault.Message);
        Assert.Equal("1.0", workspace.Load().Recipes["tiny"].Version);
    }

    [Fact]
    public async Task An_image_that_grows_over_its_limit_changes_nothing()
    {
        Tiny();
        await ReleaseAsync("1.0", "libtiny.so.1", "tiny_kept");
        await ReleaseAsync(
            "1.1",
            "libtiny.so.1",
            ["tiny_kept", .. Enumerable.Range(0, 2000).Select(x => $"tiny_another_function_{x}")]
        );
        await UserAsync("user", "tiny_kept");
        Image("60kB");
        await BuildAsync("user");

        var fault = await Assert.ThrowsAsync<EngineException>(BumpAsync);

        Assert.EndsWith(
            "The image 'tiny-image' cannot be composed with the new version of 'tiny'; nothing was changed",
            fault.Message,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "pkgs/tiny-image/recipe.toml:5:1: error: the files ",
            fault.Message,
            StringComparison.Ordinal
        );
    }
}
