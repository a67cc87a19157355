using Recipes.Engine.Content;

namespace Recipes.Cli.Commands;

/// <summary>Makes the engine's parts as a command line asks for them.</summary>
internal sealed class CommandContext
{
    /// <summary>The store's absolute path.</summary>
    public static string StoreRoot(CliHost host, string? option) =>
        Path.GetFullPath(option ?? ContentStore.DefaultRoot, host.CurrentDirectory);
}
