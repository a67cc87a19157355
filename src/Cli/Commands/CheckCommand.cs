using System.Collections.Immutable;
using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine;
using Recipes.Engine.Graph;
using Recipes.Engine.Images;
using Recipes.Engine.Model;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Git;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Workspaces;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes check</c>.</summary>
internal static class CheckCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var command = new Command("check", "Check every recipe, and show all faults with their places.");
        command.SetAction(parsed => Run(new CommandContext(host, options, parsed)));
        return command;
    }

    private static int Run(CommandContext context)
    {
        var workspace = context.ReadWorkspace();
        var graph = RecipeGraph.Create(workspace);
        var faults = Faults(graph);
        var host = context.Host;
        // What a replacement affects can be told once the graph is good.
        ImmutableArray<ReplacementJson> replacements = faults.IsEmpty
            ? [.. workspace.Replacements.Select(x => ReplacementJson.Of(x, graph))]
            : [];
        if (context.WantsJson)
            Json.Write(
                host.Out,
                new CheckJson(workspace.Recipes.Count, [.. faults.Select(DiagnosticJson.Of)])
                {
                    Replacements = replacements.IsEmpty ? null : replacements,
                },
                CliJson.Default.CheckJson
            );
        else
        {
            ErrorWriter.Write(host.Out, host.OutHasStyle, faults);
            foreach (var replacement in replacements)
                host.Out.WriteLine(Printable.Line(Sentence(replacement)));
            host.Out.WriteLine(
                $"{Quantities.Count(workspace.Recipes.Count, "recipe")}, {Quantities.Count(faults.Length, "fault")}"
            );
        }
        if (Superproject.Find(workspace.Root) is { } project)
            WarnOfCheckout(host, project, workspace);
        return faults.IsEmpty ? ExitCode.Success : ExitCode.Failure;
    }

    // The lock is held against all recipes, so only once all of them could be read.
    private static ImmutableArray<Diagnostic> Faults(RecipeGraph graph)
    {
        var faults = graph.Workspace.Diagnostics.AddRange(graph.Diagnostics);
        return faults.IsEmpty
            ? PrebuiltCheck
                .Of(graph, graph.Workspace.Recipes.Values.OfType<ImageRecipe>())
                .AddRange(LockCheck.Of(graph.Workspace))
            : faults;
    }

    private static string Sentence(ReplacementJson replacement) =>
        $"{replacement.File} replaces {replacement.Replaced}"
        + (
            replacement.Affects.IsEmpty
                ? ", which nothing needs"
                : $"; built with it: {string.Join(", ", replacement.Affects)}"
        );

    /// <summary>
    /// Line ends and executable bits are part of what is built, and some checkouts change them behind one's back.
    /// </summary>
    private static void WarnOfCheckout(CliHost host, Superproject project, Workspace workspace)
    {
        try
        {
            var (lineEnds, modes) = project.Differences(workspace.OwnRecipes);
            if (!lineEnds.IsEmpty)
                ErrorWriter.Warn(
                    host,
                    $"{Differ(lineEnds)} the index by line ends alone, so that builds differ from those "
                        + $"elsewhere. Write '* -text' into .gitattributes, then delete the files and run 'git "
                        + $"checkout -- FILE'"
                );
            if (!modes.IsEmpty)
                ErrorWriter.Warn(
                    host,
                    $"{Differ(modes)} the index by the executable bit alone, so that builds differ from those "
                        + $"elsewhere. If it is meant, stage it with 'git add --chmod=+x FILE' (or -x); else keep "
                        + $"the checkout on a file system that has such bits"
                );
        }
        catch (EngineException e)
        {
            ErrorWriter.Warn(host, Printable.Line(RemedyWords.Of(e.Text)));
        }
    }

    private static string Differ(ImmutableArray<string> files) =>
        files.Length == 1
            ? $"{Printable.Line(files[0])} differs from"
            : $"{files.Length} files of recipes, such as {Printable.Line(files[0])}, differ from";
}
