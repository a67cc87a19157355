using Xunit;

namespace Recipes.Integration.Tests.Releasing;

/// <summary>What <c>./release</c> makes of the program that <c>./recipes</c> published, once for all tests.</summary>
public sealed class ReleasedFiles : IAsyncLifetime
{
    private readonly TemporaryDirectory folder = new();

    public string Output => folder.Join("release");

    public string Deb => Directory.GetFiles(Output, "recipes_*_amd64.deb").Single();

    public string Archive => Directory.GetFiles(Output, "recipes-*-linux-x64.tar.gz").Single();

    /// <summary>What the published program says of itself.</summary>
    public string Version { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var run = await ProgramRun.OfAsync(Path.Join(Checkout.Root, "recipes"), ["--version"], "/");
        Assert.True(run.ExitCode == 0, run.Error);
        Version = run.Out;
        await ReleaseAsync(Output);
    }

    /// <summary>Packs the published program.</summary>
    public static async Task ReleaseAsync(string output, params (string, string?)[] variables)
    {
        var program = Path.Join(Checkout.Root, "artifacts", "cli", "current");
        var run = await ProgramRun.OfAsync(
            Path.Join(Checkout.Root, "release"),
            ["--program", program, "--output", output, "--allow-modified"],
            "/",
            [("SOURCE_DATE_EPOCH", "1700000000"), .. variables]
        );
        Assert.True(run.ExitCode == 0, run.Error);
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
