using Recipes.Engine.Sandboxes.Bubblewrap;
using Xunit;

namespace Recipes.Integration.Tests.Sandboxes.Attempts;

/// <summary>Run as root, and by <see cref="PlainUserTests"/> as a plain user.</summary>
public sealed class AttemptTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    [Theory]
    [InlineData(0, "build")]
    [InlineData(1000, "test")]
    public async Task Nothing_gets_out_of_a_build_or_a_test(int user, string column)
    {
        using var program = await AttemptProgram.CompileAsync(fixture, TestContext.Current.CancellationToken);
        var request = fixture.Script("") with
        {
            Root = [fixture.Root, program.Tree],
            Arguments = program.Arguments,
            User = user,
        };
        var (name, value) = AttemptProgram.Variable;
        var (result, log) = await fixture.RunAsync(request with { Environment = request.Environment.Add(name, value) });
        Assert.True(result.Succeeded, log);
        AttemptProgram.AssertAllFailed(log, column);
    }

    [Theory]
    [InlineData(0, "run")]
    [InlineData(70, "run-as-70")]
    public async Task Nothing_gets_out_of_an_image(int user, string column)
    {
        using var program = await AttemptProgram.CompileAsync(fixture, TestContext.Current.CancellationToken);
        var request = fixture.Script("");
        var (name, value) = AttemptProgram.Variable;
        var shared = Directory.CreateDirectory(Path.Join(fixture.Folder, $"out {user}")).FullName;
        var status = await new ImageRunner(fixture.Store).RunAsync(
            new()
            {
                Label = "image",
                Root = [fixture.Root, program.Tree, fixture.AddTree(("tmp/keep", ""))],
                Arguments = ["/bin/sh", "-c", "exec \"$@\" > /out/result < /dev/null", "sh", .. program.Arguments],
                Environment = request.Environment.Add(name, value),
                Owners = [new("/out", Convert.ToInt32("700", 8), user, user)],
                Binds = [new(shared, "/out")],
                Uid = user,
                Gid = user,
            },
            TestContext.Current.CancellationToken
        );
        Assert.Equal(0, status);
        var printed = await File.ReadAllTextAsync(Path.Join(shared, "result"), TestContext.Current.CancellationToken);
        AttemptProgram.AssertAllFailed(printed, column);
    }
}
