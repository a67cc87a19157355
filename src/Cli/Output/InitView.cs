using System.Collections.Immutable;
using Recipes.Engine.Authoring;

namespace Recipes.Cli.Output;

/// <summary>What <c>recipes init</c> made, and what comes next.</summary>
internal static class InitView
{
    public static void Write(TextWriter writer, NewWorkspaceResult made)
    {
        var (name, folder) = (made.Collection.Name, made.Collection.Folder);
        BumpView.Line(writer, $"added the submodule {folder}: the collection {name}");
        foreach (var file in made.Files)
            BumpView.Line(writer, $"wrote {file}");
        writer.WriteLine();
        if (made.Package is null)
            BumpView.Line(
                writer,
                "note      no code was recognised, so there is no recipe of it yet: docs/workspace.md says how to write one"
            );
        var program = made.HasWrapper ? "./recipes" : "recipes";
        BumpView.Line(writer, "next:  git add --all && git commit");
        if (made.Package is { } package)
        {
            BumpView.Line(writer, $"       {program} build {package}");
            BumpView.Line(writer, $"       {program} compose {package}-image");
        }
        else
            BumpView.Line(writer, $"       {program} list");
    }
}

/// <summary>The answer of <c>init --json</c>; package is null where no code was recognised.</summary>
internal sealed record InitJson(
    string Root,
    string Collection,
    string CollectionFolder,
    ImmutableArray<string> Files,
    string? Package
)
{
    public static InitJson Of(NewWorkspaceResult made) =>
        new(made.Root, made.Collection.Name, made.Collection.Folder, made.Files, made.Package);
}
