using System.CommandLine;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes sources</c>: pinned sources, in the store and as submodules.</summary>
internal static class SourcesCommand
{
    public static Command Create(CliHost host, GlobalOptions options) =>
        new("sources", "Show what builds start from, check out pinned sources as submodules, and verify them.")
        {
            SourcesShowCommand.Create(host, options),
            SourcesCheckoutCommand.Create(host, options),
            SourcesVerifyCommand.Create(host, options),
        };
}
