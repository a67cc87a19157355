using System.Collections.Immutable;
using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine;
using Recipes.Engine.Bumping;
using Recipes.Engine.Bumping.Collections;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Downloads;
using Recipes.Engine.Workspaces;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes outdated</c>.</summary>
internal static class OutdatedCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var names = new Argument<string[]>("NAME")
        {
            Description = "Recipes with a source of their own; all by default.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var unsigned = UnsignedOption.Create();
        var command = new Command(
            "outdated",
            "Ask each upstream for newer versions; 1 if one could not be reached at all."
        )
        {
            names,
            unsigned,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(
                    new(host, options, parsed),
                    parsed.GetValue(names) ?? [],
                    UnsignedOption.Read(parsed, unsigned),
                    cancellationToken
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context,
        string[] names,
        SourceOptions options,
        CancellationToken cancellationToken
    )
    {
        var graph = context.RequireGraph();
        var workspace = graph.Workspace;
        var sources =
            names.Length > 0
                ? names.Select(x => RecipeNames.RequireSource(workspace, x)).ToList()
                : [.. workspace.OwnRecipes.Select(x => x.OwnSource).OfType<OwnSource>()];
        ImmutableArray<SourceStanding> standings;
        ImmutableArray<CollectionStanding> collections;
        await using (var progress = context.StartProgress())
        {
            await using var project = context.OpenProject(progress, graph, options);
            using var bumper = project.NewBumper();
            standings = await SourceStanding.AskAsync(bumper, sources, cancellationToken);
            collections = names.Length > 0 ? [] : await CollectionStanding.AskAsync(workspace, cancellationToken);
        }
        if (context.WantsJson)
            Json.Write(
                context.Host.Out,
                new OutdatedJson([.. standings.Select(OutdatedSourceJson.Of)])
                {
                    Collections = collections.IsEmpty ? null : [.. collections.Select(OutdatedCollectionJson.Of)],
                },
                CliJson.Default.OutdatedJson
            );
        else
            Write(context.Host, standings, collections);
        return standings.Any(x => x.Newest is null) || collections.Any(x => x.Newest is null)
            ? ExitCode.Failure
            : ExitCode.Success;
    }

    private static void Write(
        CliHost host,
        ImmutableArray<SourceStanding> standings,
        ImmutableArray<CollectionStanding> collections
    )
    {
        var table = new TextTable("source", "pinned", "newest", "");
        foreach (var standing in standings.Where(x => x.Newest is not null))
            table.Add(
                standing.Recipe,
                standing.Version,
                standing.Newest!,
                standing.IsOutdated ? $"recipes bump {standing.Recipe}"
                    : standing.Newest == standing.Version ? ""
                    : "upstream offers only this"
            );
        foreach (var standing in collections.Where(x => x.Newest is not null))
            table.Add(
                standing.Collection,
                CollectionRepository.Short(standing.Commit),
                CollectionRepository.Short(standing.Newest!),
                standing.IsOutdated ? $"recipes bump {standing.Collection}" : ""
            );
        table.Write(host.Out);
        foreach (var standing in collections.Where(x => x.Problem is not null))
            ErrorWriter.Write(host, $"{standing.Collection}: {Printable.Line(RemedyWords.Of(standing.Problem!))}");
        foreach (
            var place in standings
                .SelectMany(
                    x => x.Unreached,
                    (x, place) => (x.Recipe, place.Place, Reason: Printable.Line(RemedyWords.Of(place.Reason)))
                )
                .GroupBy(x => (x.Place, x.Reason), x => x.Recipe)
        )
        {
            // What many recipes ask is told once.
            var who = place.Count() == 1 ? $"{place.First()}: " : "";
            var forMany = place.Count() == 1 ? "" : $", for {Quantities.Count(place.Count(), "recipe")}";
            ErrorWriter.Warn(host, $"{who}{place.Key.Place} could not be reached{forMany}: {place.Key.Reason}");
        }
        foreach (var standing in standings.Where(x => x.Newest is null))
            ErrorWriter.Write(host, $"{standing.Recipe}: no version of it was found anywhere");
    }
}
