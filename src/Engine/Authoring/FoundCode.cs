using System.Collections.Immutable;
using Recipes.Engine.Workspaces;
using Recipes.Engine.Workspaces.Keys;

namespace Recipes.Engine.Authoring;

/// <summary>Code that lies in a folder which is to become a workspace.</summary>
/// <param name="Folder">Relative to it, or <c>.</c>.</param>
/// <param name="Facts">What the code shows of itself.</param>
internal sealed record FoundCode(string Folder, SourceFacts Facts)
{
    private const string Unknown = "0";

    // What a workspace has beside the code, which is no part of it.
    private static readonly ImmutableArray<string> NotCode =
    [
        "collections/**",
        "pkgs/**",
        "recipes",
        "recipes.*",
        ".git*",
    ];

    /// <summary>The version that it says it has; <c>0</c> where it says none.</summary>
    public string Version =>
        Facts.Version?.Value is { } version && Forms.Version.Fault(version) is null ? version : Unknown;

    /// <summary>
    /// The code of a folder: its top, if that shows how it is built, else the only folder in it that does.
    /// </summary>
    /// <param name="root">The folder.</param>
    /// <param name="name">What the package will be called.</param>
    /// <returns>Null if no code is found, or more than one folder has some.</returns>
    public static FoundCode? In(string root, string name)
    {
        if (Of(root, ".", name) is { } top)
            return top;
        var found = Directory
            .GetDirectories(root)
            .Select(x => Path.GetFileName(x)!)
            .Where(x => !x.StartsWith('.') && PathForms.Relative.Fault(x) is null)
            .Order(StringComparer.Ordinal)
            .Select(x => Of(root, x, name))
            .OfType<FoundCode>()
            .ToList();
        return found is [var only] ? only : null;
    }

    /// <summary>The recipe of its package.</summary>
    /// <param name="name">The package.</param>
    /// <param name="workspace">Has what its build may need.</param>
    public string Recipe(string name, Workspace workspace)
    {
        var plan = BuildPlans.Choose(Facts.Builds, workspace);
        return RecipeDraft.OfCode(
            name,
            Version,
            Folder,
            Folder == "." ? NotCode : [],
            [("summary", Facts.Summary), ("license", Facts.License)],
            plan,
            plan.Needs(workspace)
        );
    }

    private static FoundCode? Of(string root, string folder, string name)
    {
        var facts = SourceFacts.Of(SourceTree.OfFolder(Path.GetFullPath(folder, root)), name, place: "");
        return facts.Builds.IsEmpty ? null : new(folder, facts);
    }
}
