using Xunit;

namespace Recipes.Cli.Tests.Documents;

/// <summary>The program of <c>docs/library.md</c> is the one that is built and run.</summary>
public class LibraryDocumentTests
{
    [Fact]
    public void The_document_shows_the_program_that_is_tested()
    {
        var document = File.ReadAllText(Path.Join(Checkout.Root, "docs", "library.md"));
        var program = File.ReadAllText(Path.Join(Checkout.Root, "tests", "LibraryExample", "Program.cs"));

        Assert.Contains($"```csharp\n{program}```\n", document, StringComparison.Ordinal);
    }
}
