using System.CommandLine;
using System.Globalization;
using Recipes.Cli.Output;
using Recipes.Engine;
using Recipes.Engine.Images;
using Recipes.Engine.Pictures;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes size</c>.</summary>
internal static class SizeCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var image = new Argument<string>("IMAGE") { Description = "A recipe with [image], whose packages are built." };
        var format = new Option<string>("--format", "-f")
        {
            Description = "table, or svg for a picture.",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => "table",
        };
        format.CompletionSources.Add("table", "svg");
        format.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } word and not ("table" or "svg"))
                result.AddError($"unknown format '{word}'; there are: table, svg");
        });
        var largest = new Option<int>("--largest")
        {
            Description = "How many of the largest files the table lists; 10 by default.",
            HelpName = "N",
            DefaultValueFactory = _ => 10,
            CustomParser = result =>
            {
                var word = result.Tokens[0].Value;
                if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                    return number;
                result.AddError($"'{word}' is not a number from 0 on");
                return 0;
            },
        };
        var command = new Command("size", "Show where the bytes of an image are, by package and by file.")
        {
            image,
            format,
            largest,
        };
        command.SetAction(parsed =>
            Run(
                new(host, options, parsed),
                parsed.GetRequiredValue(image),
                parsed.GetRequiredValue(format),
                parsed.GetValue(largest)
            )
        );
        return command;
    }

    private static int Run(CommandContext context, string name, string format, int largest)
    {
        var graph = context.RequireGraph();
        var recipe = RecipeNames.RequireImage(graph.Workspace, name);
        using var project = context.OpenProject(graph: graph);
        var size = project.SizeOf(recipe);
        var host = context.Host;
        if (context.WantsJson)
            Json.Write(host.Out, SizeJson.Of(size), CliJson.Default.SizeJson);
        else if (format == "svg")
            host.Out.Write(SizePicture.Write(size));
        else
            SizeView.Write(host.Out, size, largest);
        ErrorWriter.Write(host.Error, host.ErrorHasStyle, size.Faults);
        return size.Faults.IsEmpty ? ExitCode.Success : ExitCode.Failure;
    }
}
