using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Recipes.Cli.Tests.Documents;

/// <summary>A link from a document to a file of the checkout.</summary>
/// <param name="Path">Relative to the checkout.</param>
/// <param name="Heading">The heading in it, or null.</param>
internal sealed record DocumentLink(string Path, string? Heading);

/// <summary>A Markdown file of the checkout.</summary>
/// <param name="Path">Relative to the checkout.</param>
/// <param name="Prose">The lines that are not code.</param>
internal sealed partial record Document(string Path, ImmutableArray<string> Prose)
{
    /// <summary>Those at the top, and all in <c>docs/</c>.</summary>
    public static ImmutableArray<Document> All =>
        [
            .. Directory
                .GetFiles(Checkout.Root, "*.md")
                .Concat(
                    Directory.GetFiles(System.IO.Path.Join(Checkout.Root, "docs"), "*.md", SearchOption.AllDirectories)
                )
                .Select(x => Read(System.IO.Path.GetRelativePath(Checkout.Root, x)))
                .OrderBy(x => x.Path, StringComparer.Ordinal),
        ];

    /// <summary>Links to files, without those in code.</summary>
    public ImmutableArray<DocumentLink> Links =>
        [
            .. Prose
                .SelectMany(x => Link().Matches(InlineCode().Replace(x, "")))
                .Select(x => x.Groups[1].Value)
                .Where(x => !x.Contains("://", StringComparison.Ordinal))
                .Select(x => x.Split('#'))
                .Select(x => new DocumentLink(Resolve(x[0]), x.ElementAtOrDefault(1))),
        ];

    /// <summary>The headings as links name them.</summary>
    public ImmutableArray<string> Headings =>
        [
            .. Prose
                .Where(x => x.StartsWith('#'))
                .Select(x => NotInName().Replace(x.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-')),
        ];

    /// <summary>Reads a file of the checkout.</summary>
    public static Document Read(string path) => Parse(path, File.ReadAllText(System.IO.Path.Join(Checkout.Root, path)));

    /// <summary>Reads a text.</summary>
    public static Document Parse(string path, string text)
    {
        var prose = ImmutableArray.CreateBuilder<string>();
        var isCode = false;
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                isCode = !isCode;
            else if (!isCode && !line.StartsWith("    ", StringComparison.Ordinal))
                prose.Add(line);
        }
        return new(path, prose.ToImmutable());
    }

    private string Resolve(string target) =>
        target.Length == 0
            ? Path
            : System.IO.Path.GetRelativePath(
                "/",
                System.IO.Path.GetFullPath(System.IO.Path.Join("/", System.IO.Path.GetDirectoryName(Path), target))
            );

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    // A link's text may be code, its target is not.
    [GeneratedRegex(@"`[^`]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInName();
}
