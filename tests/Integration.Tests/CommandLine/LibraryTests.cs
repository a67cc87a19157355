using CliWrap;
using CliWrap.Buffered;
using Xunit;

namespace Recipes.Integration.Tests.CommandLine;

/// <summary>The program that <c>docs/library.md</c> shows, run on a small workspace.</summary>
public sealed class LibraryTests(SmallWorkspace workspace) : IClassFixture<SmallWorkspace>
{
    // Beside the program of the command line, which these tests run too.
    private static readonly string ExampleProgram = Path.Join(AppContext.BaseDirectory, "LibraryExample");

    [Fact]
    public async Task The_program_of_the_document_composes_an_image()
    {
        var archive = Path.Join(workspace.Root, "by-library.tar");

        var run = await RunAsync("hello-image", archive);

        Assert.True(run.ExitCode == 0, run.StandardError);
        Assert.Contains("builds hello\n", run.StandardError, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^hello 1: \d+ bytes$", run.StandardOutput);
        var same = Path.Join(workspace.Root, "by-command.tar");
        Assert.Equal(0, (await workspace.RunAsync("compose", "hello-image", "-o", same)).ExitCode);
        Assert.Equal(
            await File.ReadAllBytesAsync(same, TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(archive, TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task A_build_that_fails_is_part_of_the_answer()
    {
        workspace.WritePackage("broken", "exit 3");
        workspace.Write(
            "pkgs/broken-image/recipe.toml",
            """
            name         = "broken-image"
            version-from = "broken"
            summary      = "Cannot be built"
            [image]
            include = ["broken"]
            cmd     = ["/usr/bin/broken"]
            """
        );

        var run = await RunAsync("broken-image", Path.Join(workspace.Root, "broken.tar"));

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            "broken: failed in step 'install' with exit status 3",
            run.StandardError,
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(Path.Join(workspace.Root, "broken.tar")));
    }

    private async Task<BufferedCommandResult> RunAsync(string image, string archive) =>
        await CliWrap
            .Cli.Wrap(ExampleProgram)
            .WithArguments([workspace.Root, image, archive])
            .WithEnvironmentVariables(x => x.Set("RECIPES_STORE", workspace.Store))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
}
