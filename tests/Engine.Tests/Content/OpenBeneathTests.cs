using Recipes.Engine.Content;
using Xunit;

namespace Recipes.Engine.Tests.Content;

/// <summary>Opening what a build named: nothing of it leads out.</summary>
public sealed class OpenBeneathTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private readonly string folder;

    public OpenBeneathTests()
    {
        directory.Write("outside/secret", "secret");
        directory.Write("inside/a/file", "text");
        folder = directory.Join("inside");
    }

    public void Dispose() => directory.Dispose();

    private string Text(string relative)
    {
        using var handle = Posix.OpenBeneath(folder, relative);
        using var file = new FileStream(handle, FileAccess.Read);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    [Fact]
    public void A_file_is_read() => Assert.Equal("text", Text("a/file"));

    [Fact]
    public void The_folder_itself_may_be_reached_by_a_link()
    {
        Directory.CreateSymbolicLink(directory.Join("way"), folder);

        using var file = Posix.OpenBeneath(directory.Join("way"), "a/file");
        Assert.False(file.IsInvalid);
    }

    [Fact]
    public void A_link_at_the_end_is_not_followed()
    {
        File.CreateSymbolicLink(Path.Join(folder, "link"), directory.Join("outside/secret"));

        Assert.Equal(
            $"Cannot open '{folder}/link': a part of it is a link.",
            Assert.ThrowsAny<IOException>(() => Text("link")).Message
        );
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/")]
    [InlineData("a")]
    public void A_link_on_the_way_is_not_followed(string target)
    {
        Directory.CreateSymbolicLink(Path.Join(folder, "link"), target);

        Assert.ThrowsAny<IOException>(() => Text("link/secret"));
        Assert.ThrowsAny<IOException>(() => Text("link/file"));
    }

    [Theory]
    [InlineData("../outside/secret")]
    [InlineData("a/../../outside/secret")]
    [InlineData("/etc/passwd")]
    [InlineData("a//file")]
    [InlineData("")]
    public void A_path_that_leads_up_is_refused(string path) =>
        Assert.EndsWith(
            $"'{path}' does not lie below '{folder}'.",
            Assert.Throws<IOException>(() => Text(path)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public async Task A_fifo_is_not_waited_for()
    {
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [Path.Join(folder, "pipe")]))
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);

        var opening = Task.Run(() => Text("pipe"), TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAnyAsync<IOException>(() =>
            opening.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
        );
        Assert.Equal($"Cannot open '{folder}/pipe': it is not a regular file.", error.Message);
    }

    [Fact]
    public void A_folder_is_no_file() =>
        Assert.Equal(
            $"Cannot open '{folder}/a': it is not a regular file.",
            Assert.Throws<IOException>(() => Text("a")).Message
        );

    [Fact]
    public void What_is_missing_is_said() => Assert.Throws<FileNotFoundException>(() => Text("a/none"));
}
