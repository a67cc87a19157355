using System.Collections.Immutable;
using System.Text;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Keys;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Workspaces.Collections;

/// <summary>A collection as a workspace names it.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Path">Its folder, relative to the workspace that names it.</param>
/// <param name="Span">Where the folder is written.</param>
internal sealed record CollectionReference(string Name, string Path, SourceSpan Span);

/// <summary><c>recipes.toml</c> at a workspace's root; a workspace may do without.</summary>
/// <param name="Name">The workspace's name; null where it has none, or where it is faulty.</param>
/// <param name="Collections">As written.</param>
/// <param name="Diagnostics">What is wrong with it.</param>
internal sealed record WorkspaceFile(
    string? Name,
    ImmutableArray<CollectionReference> Collections,
    ImmutableArray<Diagnostic> Diagnostics
)
{
    public const string FileName = "recipes.toml";

    /// <summary>The lock, beside it.</summary>
    public const string LockName = "recipes.lock";

    /// <summary>True if a folder is a workspace's root; a git repository is not needed.</summary>
    public static bool IsWorkspace(string folder) =>
        File.Exists(Path.Join(folder, LockName))
        || File.Exists(Path.Join(folder, FileName))
        || Directory.Exists(Path.Join(folder, Areas.Directory(RecipeArea.Packages)));

    /// <summary>Reads the file of a workspace.</summary>
    /// <param name="root">The workspace's folder.</param>
    /// <param name="label">How messages name the file.</param>
    /// <returns>Null if it has none.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static WorkspaceFile? Find(string root, string label = FileName)
    {
        var path = Path.Join(root, FileName);
        if (!Path.Exists(path))
            return null;
        try
        {
            return Parse(SourceText.FromUtf8(label, TomlFile.Read(path)));
        }
        catch (DecoderFallbackException)
        {
            return Faulty(label, "the file is not UTF-8 text");
        }
        catch (EngineException e)
        {
            return Faulty(label, e.Message);
        }
    }

    private static WorkspaceFile Faulty(string label, string message) =>
        new(null, [], [new(message, SourceSpan.OfFile(label))]);

    private static WorkspaceFile Parse(SourceText text)
    {
        var faults = new FaultList(text);
        if (TomlReader.Read(faults) is not { } document)
            return new(null, [], [.. faults.Faults]);
        // A newer format may have keys that are unknown here: only that it is newer helps.
        if (document.Find("format")?.Value is TomlInteger { Value: > WorkspaceKeys.FormatVersion } format)
        {
            faults.Add(
                format.Range,
                $"this is format {format.Value}, and this version of recipes knows formats up to "
                    + $"{WorkspaceKeys.FormatVersion}; use a newer recipes"
            );
            return new(null, [], [.. faults.Faults]);
        }
        var root = new KeyChecker(WorkspaceKeys.Root, faults, new Template("", null)).Document(document);
        return new(
            root.Text("name")?.Value,
            [
                .. root.TextTable("collections")
                    .Select(x => new CollectionReference(x.Name.Value, x.Value.Value, text.Span(x.Value.Range))),
            ],
            [.. faults.Faults]
        );
    }
}
