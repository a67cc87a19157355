using System.Collections.Immutable;
using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine;
using Recipes.Engine.Comparison;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes files</c>.</summary>
internal static class FilesCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var output = new Argument<string>("OUTPUT")
        {
            Description = "PACKAGE:OUTPUT; a package alone means its output main.",
        };
        var command = new Command("files", "List the files of a built output.") { output };
        command.SetAction(parsed => Run(new(host, options, parsed), parsed.GetRequiredValue(output)));
        return command;
    }

    private static int Run(CommandContext context, string word)
    {
        var graph = context.RequireGraph();
        var name = OutputName.Parse(word);
        var recipe = RecipeNames.RequireOutputs(graph.Workspace, name.Package);
        using var project = context.OpenProject(graph: graph);
        project.RequireBuilt(recipe);
        var found = UsageException.Of(() => project.RequireOutput(recipe, name.Output));
        var files = FileListing.OfTree(found.Tree, project.StoreToAsk);
        var entries = files.Files.Values.Where(x => x.Kind != TreeEntryKind.Folder).ToImmutableArray();
        if (context.WantsJson)
            Json.Write(
                context.Host.Out,
                new FilesJson(name.ToString(), found.Tree.Oci, files.FileBytes, [.. entries.Select(FileJson.Of)]),
                CliJson.Default.FilesJson
            );
        else
            Write(context.Host.Out, entries, files.FileBytes);
        return ExitCode.Success;
    }

    private static void Write(TextWriter writer, ImmutableArray<ListedFile> files, long bytes)
    {
        var table = new TextTable("mode", "bytes", "path").AlignRight(1);
        foreach (var file in files)
            table.Add(
                Convert.ToString(file.Mode, 8),
                file.Kind == TreeEntryKind.Link ? "-" : Quantities.Size(file.Size),
                file.Target is null ? file.Path : $"{file.Path} -> {file.Target}"
            );
        table.Write(writer);
        writer.WriteLine($"{Quantities.Count(files.Length, "file")}, {Quantities.Size(bytes)}");
    }
}
