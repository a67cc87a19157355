using Xunit;

namespace Recipes.Cli.Tests.Wrapper;

public sealed class WrapperTests : IDisposable
{
    private readonly FakeCheckout checkout = new();

    [Fact]
    public async Task Arguments_arrive_as_they_were_written()
    {
        var run = await checkout.RunAsync("build", "a b", "", "*", "--", "$HOME");

        Assert.Equal("first\nbuild\na b\n\n*\n--\n$HOME\n", run.Out);
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task It_runs_from_another_folder_through_a_link_to_a_link()
    {
        var elsewhere = Directory.CreateDirectory(Path.Join(checkout.Folder, "else where")).FullName;
        var link = Path.Join(elsewhere, "a link");
        File.CreateSymbolicLink(link, checkout.Wrapper);
        File.CreateSymbolicLink(Path.Join(elsewhere, "b link"), "a link");

        var run = await checkout.RunAtAsync(Path.Join(elsewhere, "b link"), elsewhere, "check");

        Assert.Equal("first\ncheck\n", run.Out);
        Assert.Empty(Directory.GetDirectories(elsewhere));
    }

    [Fact]
    public async Task It_compiles_again_only_after_a_source_changed()
    {
        await checkout.RunAsync();
        Assert.Equal("first\n", (await checkout.RunAsync()).Out);
        Assert.Single(checkout.Compilations);

        checkout.Write("second");
        Assert.Equal("second\n", (await checkout.RunAsync()).Out);
        Assert.Equal(2, checkout.Compilations.Length);
    }

    [Fact]
    public async Task A_shell_that_asks_for_completions_never_waits_for_the_compiler()
    {
        Assert.Equal(new ProgramRun(0, "", ""), await checkout.RunAsync("__complete", "--", "b"));
        await checkout.RunAsync();
        checkout.Write("second");

        Assert.Equal(
            new ProgramRun(0, "first\n__complete\n--\nb\n", ""),
            await checkout.RunAsync("__complete", "--", "b")
        );
        Assert.Single(checkout.Compilations);
    }

    [Fact]
    public async Task It_compiles_in_the_commit_of_its_checkout_and_not_again_for_another_commit()
    {
        await checkout.RunAsync();
        Assert.Contains(" -p:SourceRevisionId= ", checkout.Compilations[0], StringComparison.Ordinal);

        var first = await checkout.CommitAsync();
        await checkout.RunAsync();
        Assert.Single(checkout.Compilations);

        checkout.Write("second");
        await checkout.RunAsync();
        Assert.Contains($" -p:SourceRevisionId={first}.modified ", checkout.Compilations[1], StringComparison.Ordinal);

        checkout.Write("third");
        var second = await checkout.CommitAsync();
        await checkout.RunAsync();
        Assert.Contains($" -p:SourceRevisionId={second} ", checkout.Compilations[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_was_deleted_is_a_change()
    {
        var extra = Path.Join(checkout.Folder, "check out", "src", "Cli", "Extra.cs");
        await File.WriteAllTextAsync(extra, "", TestContext.Current.CancellationToken);
        await checkout.RunAsync();

        File.Delete(extra);
        await checkout.RunAsync();

        Assert.Equal(2, checkout.Compilations.Length);
    }

    [Fact]
    public async Task Two_first_starts_at_once_compile_once_and_both_run()
    {
        var runs = await Task.WhenAll(checkout.RunAsync("a"), checkout.RunAsync("b"), checkout.RunAsync("c"));

        Assert.Equal(["first\na\n", "first\nb\n", "first\nc\n"], runs.Select(x => x.Out));
        Assert.Single(checkout.Compilations);
    }

    [Fact]
    public async Task A_compiler_that_ends_well_and_leaves_no_program_is_no_success()
    {
        checkout.Write("stopped");
        var run = await checkout.RunAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            "dotnet ended without a word and without the program; was it stopped?",
            run.Error,
            StringComparison.Ordinal
        );
        Assert.Contains("the command line does not compile", run.Error, StringComparison.Ordinal);
        checkout.Write("second");
        Assert.Equal("second\na\n", (await checkout.RunAsync("a")).Out);
    }

    [Fact]
    public async Task What_the_compiler_says_is_shown_only_where_it_fails()
    {
        checkout.Write("broken");
        var run = await checkout.RunAsync();

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Out);
        Assert.Contains("Program.cs(1,1): error CS1002: ; expected", run.Error, StringComparison.Ordinal);
        Assert.Contains("the command line does not compile", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_failed_compilation_a_mended_source_compiles()
    {
        checkout.Write("broken");
        await checkout.RunAsync();
        checkout.Write("fixed");

        Assert.Equal("fixed\n", (await checkout.RunAsync()).Out);
    }

    [Fact]
    public async Task A_failed_compilation_is_tried_again_and_never_runs_the_old_program()
    {
        await checkout.RunAsync();
        checkout.Write("broken");

        Assert.Equal(1, (await checkout.RunAsync()).ExitCode);
        Assert.Equal(1, (await checkout.RunAsync()).ExitCode);
    }

    [Fact]
    public async Task Without_a_native_compiler_it_builds_for_the_runtime()
    {
        checkout.ForbidNative();
        var run = await checkout.RunAsync("check");

        Assert.Equal("first\ncheck\n", run.Out);
        Assert.Contains("Native=true", checkout.Compilations[0], StringComparison.Ordinal);
        Assert.Contains("Native=false", checkout.Compilations[1], StringComparison.Ordinal);
        Assert.Contains("starts slower", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_exit_code_is_the_programs()
    {
        checkout.Write("$(exit 7)\"; exit 7; \"");

        Assert.Equal(7, (await checkout.RunAsync()).ExitCode);
    }

    public void Dispose() => checkout.Dispose();
}
