using System.Collections.Immutable;
using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Graph;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes impact</c>.</summary>
internal static class ImpactCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var name = new Argument<string>("NAME") { Description = "A recipe." };
        var command = new Command(
            "impact",
            "Show what a change of a recipe or its source rebuilds, in order, and how long that took last."
        )
        {
            name,
        };
        command.SetAction(parsed => Run(new(host, options, parsed), parsed.GetRequiredValue(name)));
        return command;
    }

    private static int Run(CommandContext context, string name)
    {
        var graph = context.RequireGraph();
        RecipeNames.Require(graph.Workspace, name);
        var impact = Impact.Of(graph, name);
        var history = new BuildHistory(context.OpenStoreToAsk());
        var packages = impact.Packages.Select(x => new RebuildJson(x, history.Find(x)?.Seconds)).ToImmutableArray();
        if (context.WantsJson)
            Json.Write(context.Host.Out, new ImpactJson(packages, impact.Images), CliJson.Default.ImpactJson);
        else
            Write(context.Host.Out, name, packages, impact.Images);
        return ExitCode.Success;
    }

    private static void Write(
        TextWriter writer,
        string name,
        ImmutableArray<RebuildJson> packages,
        ImmutableArray<string> images
    )
    {
        if (packages.IsEmpty && images.IsEmpty)
        {
            writer.WriteLine($"nothing depends on {name}");
            return;
        }
        var table = new TextTable("rebuilt", "last time").AlignRight(1);
        foreach (var package in packages)
            table.Add(
                package.Package,
                package.Seconds is { } seconds ? Quantities.Duration(TimeSpan.FromSeconds(seconds)) : "-"
            );
        table.Write(writer);
        var known = TimeSpan.FromSeconds(packages.Sum(x => x.Seconds ?? 0));
        writer.WriteLine(
            $"{Quantities.Count(packages.Length, "package")}, {Quantities.Duration(known)} one after the other; "
                + $"fewer if an output comes out unchanged"
        );
        writer.WriteLine(images.IsEmpty ? "no image holds any of them" : $"images: {string.Join(", ", images)}");
    }
}
