using System.Text;
using CliWrap;
using CliWrap.Buffered;
using Xunit;

namespace Recipes.Tests.Support;

/// <summary>
/// A folder for a workspace, and one beside it for its store, both with spaces in their names; and the command line as
/// it was built with these tests, run there as a process.
/// </summary>
public sealed class WorkspaceFolder : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    /// <summary>The command line, beside the tests of a project that references it.</summary>
    public static string Program { get; } = System.IO.Path.Join(AppContext.BaseDirectory, "recipes");

    public string Root => folder.Join("work space");

    public string Store => folder.Join("the store");

    /// <summary>A path in the workspace.</summary>
    public string Path(params string[] parts) => System.IO.Path.Join([Root, .. parts]);

    /// <summary>A path beside the workspace.</summary>
    public string Beside(params string[] parts) => folder.Join(parts);

    /// <summary>Writes a file of the workspace and the folders above it; returns its path.</summary>
    public string Write(string relative, string content) =>
        folder.Write(System.IO.Path.Join("work space", relative), content);

    /// <summary>Writes a file beside the workspace; returns its path.</summary>
    public string WriteBeside(string relative, string content) => folder.Write(relative, content);

    public void WriteBytes(string relative, byte[] content) => File.WriteAllBytes(Write(relative, ""), content);

    /// <summary>Writes a recipe that is named like its folder.</summary>
    /// <param name="place">Such as <c>pkgs/zlib</c>.</param>
    /// <param name="rest">All but its name.</param>
    public string WriteRecipe(string place, string rest) =>
        Write($"{place}/recipe.toml", $"name = \"{System.IO.Path.GetFileName(place)}\"\n{rest}\n");

    public string Read(string relative) => File.ReadAllText(Path(relative));

    /// <summary>The command line in this workspace, or in another folder, with this store.</summary>
    public Command Command(string[] arguments, string? root = null) =>
        CliWrap
            .Cli.Wrap(Program)
            .WithArguments(arguments)
            .WithWorkingDirectory(root ?? Root)
            .WithEnvironmentVariables(x => x.Set("RECIPES_STORE", Store))
            .WithValidation(CommandResultValidation.None);

    /// <summary>Runs the command line to its end.</summary>
    public async Task<BufferedCommandResult> RunAsync(string[] arguments, string? root = null) =>
        await Command(arguments, root).ExecuteBufferedAsync(Encoding.UTF8, TestContext.Current.CancellationToken);

    public void Dispose() => folder.Dispose();
}
