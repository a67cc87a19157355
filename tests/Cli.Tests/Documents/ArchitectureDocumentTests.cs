using System.Collections.Immutable;
using System.Reflection;
using System.Text.RegularExpressions;
using Recipes.Engine;
using Xunit;

namespace Recipes.Cli.Tests.Documents;

/// <summary>Holds <c>docs/architecture.md</c> and the decisions against the code.</summary>
public sealed partial class ArchitectureDocumentTests
{
    private const string Page = "docs/architecture.md";
    private static readonly string Engine = Path.Join(Checkout.Root, "src", "Engine");

    private static readonly ILookup<string, Type> Types = new[]
    {
        typeof(EngineEvent).Assembly,
        typeof(CommandLine).Assembly,
    }
        .SelectMany(x => x.GetTypes())
        .ToLookup(x => x.Name.Split('`')[0], StringComparer.Ordinal);

    public static TheoryData<string> Documents =>
        [
            .. Document
                .All.Select(x => x.Path)
                .Where(x => x == Page || x.StartsWith("docs/decisions/", StringComparison.Ordinal)),
        ];

    internal static ImmutableArray<string> Folders =>
        [.. Document.Read(Page).Prose.SelectMany(x => FolderRow().Matches(x)).Select(x => x.Groups[1].Value)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_type_that_is_named_exists(string path)
    {
        var named = Document.Read(path).Prose.SelectMany(x => Code().Matches(x)).Select(x => x.Groups[1].Value);

        Assert.DoesNotContain(named, x => IsTypeName().IsMatch(x) && !Exists(x));
    }

    [Fact]
    public void Every_type_in_the_picture_exists()
    {
        var text = File.ReadAllText(Path.Join(Checkout.Root, Page));
        var picture = text.Split("```mermaid\n")[1].Split("```")[0];
        var named = Word().Matches(picture).Select(x => x.Value).Where(x => IsTypeName().IsMatch(x)).ToList();

        Assert.Contains("ImageComposer", named);
        Assert.DoesNotContain(named, x => !Exists(x));
    }

    [Fact]
    public void A_name_of_a_member_that_does_not_exist_is_found() =>
        Assert.True(Exists("Composer.ComposeAsync") && !Exists("Composer.Nothing") && !Exists("Nothing"));

    [Fact]
    public void The_table_has_the_folders_of_the_engine() =>
        Assert.Equal(
            Directory
                .GetDirectories(Engine)
                .Where(HasCode)
                .Select(x => Path.GetFileName(x))
                .Order(StringComparer.Ordinal),
            Folders.Order(StringComparer.Ordinal)
        );

    private static bool HasCode(string folder) => SourcesOf(folder).Any();

    private static IEnumerable<string> SourcesOf(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories);

    private static bool Exists(string name)
    {
        var parts = name.Split('.');
        return Types[parts[0]]
            .Any(x =>
                parts.Length == 1 || x.GetMember(parts[1], (BindingFlags)(-1) & ~BindingFlags.IgnoreCase).Length > 0
            );
    }

    [GeneratedRegex(@"^\| `(\w+)/` \|")]
    private static partial Regex FolderRow();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    // Two words at least, so that no word of TOML, git or the documents is meant; or a type and a member of it.
    [GeneratedRegex(@"^I?[A-Z][a-z0-9]+([A-Z][a-z0-9]+)+(\.[A-Z]\w+)?$|^[A-Z][a-z]+\.[A-Z]\w+$")]
    private static partial Regex IsTypeName();
}
