using System.Text.Json;
using Xunit;

namespace Recipes.Cli.Tests.Documents;

public sealed class ThirdPartiesTests
{
    // Nothing of the one is in the program, and the other is its own.
    private static readonly string[] NotOfOthers = ["Microsoft.NET.ILLink.Tasks", "recipes.engine"];

    [Fact]
    public async Task What_is_shipped_with_the_program_is_named_with_its_license()
    {
        var token = TestContext.Current.CancellationToken;
        using var locked = JsonDocument.Parse(
            await File.ReadAllTextAsync(Path.Join(Checkout.Root, "src", "Cli", "packages.lock.json"), token)
        );
        var packages = locked
            .RootElement.GetProperty("dependencies")
            .EnumerateObject()
            .SelectMany(x => x.Value.EnumerateObject())
            .Select(x => x.Name)
            .Except(NotOfOthers, StringComparer.OrdinalIgnoreCase)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var named = (await File.ReadAllLinesAsync(Path.Join(Checkout.Root, "src", "Cli", "third-parties.txt"), token))
            .Select(x => x.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Where(x => x.Length > 1 && !x[0].StartsWith(".NET", StringComparison.Ordinal))
            .Select(x => x[0].Split(' ')[0]);

        Assert.Equal(packages.Order(StringComparer.OrdinalIgnoreCase), named, StringComparer.OrdinalIgnoreCase);
    }
}
