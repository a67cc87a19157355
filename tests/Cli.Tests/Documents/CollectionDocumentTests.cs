using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace Recipes.Cli.Tests.Documents;

/// <summary>
/// Holds <c>docs/collection.md</c> against the recipes. Sizes are those of the machine that wrote the page, for tests
/// build nothing; so are the images that hold a package only because a file needs it.
/// </summary>
public sealed partial class CollectionDocumentTests
{
    [Fact]
    public async Task It_has_each_image_and_package_as_the_recipes_are()
    {
        var root = Path.GetDirectoryName(Document())!;
        using var store = new TemporaryDirectory();

        var page = await CliRun.InAsync(
            Path.GetDirectoryName(root)!,
            "list",
            "--markdown",
            "--store",
            store.Join("none")
        );

        Assert.Equal(0, page.ExitCode);
        Assert.Equal(
            Facts(page.Out),
            Facts(await File.ReadAllTextAsync(Document(), TestContext.Current.CancellationToken))
        );
    }

    [Fact]
    public async Task Each_image_and_package_of_it_has_a_size() =>
        Assert.All(
            (await File.ReadAllLinesAsync(Document(), TestContext.Current.CancellationToken)).Where(x =>
                x.StartsWith("| `", StringComparison.Ordinal)
            ),
            x => Assert.Matches(Size(), x)
        );

    /// <summary>Name, summary, version and license of each row.</summary>
    private static IEnumerable<string> Facts(string page) =>
        page.Split('\n')
            .Where(x => x.StartsWith("| `", StringComparison.Ordinal))
            .Select(x => string.Join('|', x.Split('|')[1..(x.Split('|').Length > 7 ? 5 : 4)]));

    private static string Document([CallerFilePath] string test = "") =>
        Path.GetFullPath("../../../docs/collection.md", Path.GetDirectoryName(test)!);

    [GeneratedRegex(@"\| [0-9.]+ [kM]?B \|")]
    private static partial Regex Size();
}
