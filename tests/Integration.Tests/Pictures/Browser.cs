using System.Text;
using CliWrap;
using CliWrap.Buffered;
using Xunit;

namespace Recipes.Integration.Tests.Pictures;

/// <summary>
/// A page in Chromium without a window, with the light or dark scheme forced on it, and a profile of its own.
/// </summary>
internal sealed class Browser(string folder)
{
    /// <summary>The page as it is after its scripts ran.</summary>
    public Task<string> DocumentAsync(string page, bool isDark) => RunAsync(page, isDark, "--dump-dom");

    /// <summary>What a person would see.</summary>
    public async Task<Screenshot> ScreenshotAsync(string page, bool isDark, int width, int height)
    {
        var file = Path.Join(folder, $"{Guid.NewGuid():N}.png");
        await RunAsync(page, isDark, "--hide-scrollbars", $"--window-size={width},{height}", $"--screenshot={file}");
        return Screenshot.Read(file);
    }

    private async Task<string> RunAsync(string page, bool isDark, params string[] arguments)
    {
        var file = Path.Join(folder, "page.html");
        await File.WriteAllTextAsync(file, page, TestContext.Current.CancellationToken);
        string[] all =
        [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            $"--user-data-dir={Path.Join(folder, $"profile-{Guid.NewGuid():N}")}",
            $"--blink-settings=preferredColorScheme={(isDark ? 0 : 1)}",
            .. arguments,
            new Uri(file).AbsoluteUri,
        ];
        var run = await CliWrap
            .Cli.Wrap("chromium")
            .WithArguments(all)
            .WithEnvironmentVariables(x => x.Set("HOME", folder))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(Encoding.UTF8, TestContext.Current.CancellationToken);
        Assert.True(run.ExitCode == 0, run.StandardError);
        return run.StandardOutput;
    }
}
