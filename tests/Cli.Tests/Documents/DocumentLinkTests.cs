using Xunit;

namespace Recipes.Cli.Tests.Documents;

/// <summary>The documents are all linked to, and every link of theirs leads somewhere.</summary>
public sealed class DocumentLinkTests
{
    public static TheoryData<string> Documents => [.. Document.All.Select(x => x.Path)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_link_leads_to_a_file_and_a_heading(string path)
    {
        var document = Document.Read(path);

        Assert.DoesNotContain(document.Links, x => Fault(x) is not null);

        string? Fault(DocumentLink link) =>
            !Path.Exists(Path.Join(Checkout.Root, link.Path)) ? "no such file"
            : link.Heading is { } heading && !Document.Read(link.Path).Headings.Contains(heading) ? "no such heading"
            : null;
    }

    [Fact]
    public void Every_document_can_be_reached_from_the_readme()
    {
        var reached = new HashSet<string>(StringComparer.Ordinal) { "README.md" };
        var open = new Queue<string>(reached);
        while (open.TryDequeue(out var path))
        {
            foreach (
                var link in Document
                    .Read(path)
                    .Links.Select(x => x.Path)
                    .Where(x => x.EndsWith(".md", StringComparison.Ordinal))
            )
            {
                if (reached.Add(link))
                    open.Enqueue(link);
            }
        }

        Assert.Equal(
            Document.All.Select(x => x.Path).Order(StringComparer.Ordinal),
            reached.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_link_is_found_with_its_heading_and_not_in_code()
    {
        var document = Document.Parse(
            "docs/a.md",
            "see [b](../b.md#the-b) and `[x](c.md)`\n\n```\n[d](d.md)\n```\n    [e](e.md)\n[f](https://f.example)\n"
        );

        Assert.Equal([new DocumentLink("b.md", "the-b")], document.Links);
    }

    [Fact]
    public void A_heading_is_named_as_on_a_page_of_the_repository() =>
        Assert.Equal(
            ["build-how-it-is-built", "recipes-diff-a-b---from-dir"],
            Document
                .Parse(
                    "a.md",
                    "## `[build]`: how it is built\n\n```\n# no heading\n```\n## `recipes diff A B [--from DIR]`\n"
                )
                .Headings
        );
}
