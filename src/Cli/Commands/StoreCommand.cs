using System.CommandLine;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes store</c>: the care of the store.</summary>
internal static class StoreCommand
{
    public static Command Create(CliHost host, GlobalOptions options) =>
        new("store", "Verify, clean and measure the store.")
        {
            StoreVerifyCommand.Create(host, options),
            StoreGcCommand.Create(host, options),
            StoreDuCommand.Create(host, options),
        };
}
