using System.CommandLine;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes sources</c>: pinned sources as submodules.</summary>
internal static class SourcesCommand
{
    public static Command Create(CliHost host, GlobalOptions options) =>
        new("sources", "Check out pinned sources as submodules, and verify them.")
        {
            SourcesCheckoutCommand.Create(host, options),
            SourcesVerifyCommand.Create(host, options),
        };
}
