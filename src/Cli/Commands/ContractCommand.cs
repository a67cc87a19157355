using System.CommandLine;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes contract</c>: what stacks and images promise.</summary>
internal static class ContractCommand
{
    public static Command Create(CliHost host, GlobalOptions options) =>
        new("contract", "Show what a stack or image promises, and hold it to that.")
        {
            ContractShowCommand.Create(host, options),
            ContractCheckCommand.Create(host, options),
            ContractAcceptCommand.Create(host, options),
            ContractDiffCommand.Create(host, options),
        };
}
