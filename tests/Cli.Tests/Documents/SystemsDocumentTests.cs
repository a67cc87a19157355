using System.Runtime.CompilerServices;
using Recipes.Cli.Output;
using Xunit;

namespace Recipes.Cli.Tests.Documents;

/// <summary>Holds the end of <c>docs/systems.md</c> against <c>systems/</c>; <c>ACCEPT=1</c> writes it.</summary>
public sealed class SystemsDocumentTests
{
    private const string Mark = "<!-- Written by a test from systems/: run it with ACCEPT=1. -->\n";

    [Fact]
    public void It_shows_each_system_of_the_repository_as_help_does()
    {
        var file = Document();
        var text = File.ReadAllText(file);
        using var shown = new StringWriter { NewLine = "\n" };
        foreach (var system in RepositorySystems.All.Values)
        {
            shown.Write($"\n### `{system.Name}`\n\n```text\n");
            SystemView.Write(shown, system);
            shown.Write("```\n");
        }

        Golden.MatchesFile(
            file,
            string.Concat(text.AsSpan(0, text.IndexOf(Mark, StringComparison.Ordinal)), Mark, shown.ToString())
        );
    }

    private static string Document([CallerFilePath] string test = "") =>
        Path.GetFullPath("../../../docs/systems.md", Path.GetDirectoryName(test)!);
}
