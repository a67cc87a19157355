using System.Collections.Immutable;
using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine;
using Recipes.Engine.Model;
using Recipes.Engine.Workspaces.Format;
using Recipes.Engine.Workspaces.Keys;
using Recipes.Engine.Workspaces.Reading;

namespace Recipes.Cli.Commands;

/// <summary>
/// <c>recipes help</c>: the recipe format by topic, and the build systems; a command's name shows that command's help.
/// </summary>
internal static class HelpCommand
{
    private const string SystemTopic = "system";

    public static Command Create(CliHost host, GlobalOptions options)
    {
        var topic = new Argument<string?>("TOPIC")
        {
            Description =
                "A table (build, image.files), a key (needs, image.cmd) or a command; a list of the tables by default.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var name = new Argument<string?>("NAME")
        {
            Description = "After the topic system: a build system of the workspace.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("help", "Explain the recipe format: each table, key and build system.")
        {
            topic,
            name,
        };
        command.SetAction(parsed =>
        {
            var context = new CommandContext(host, options, parsed);
            return parsed.GetValue(topic) == SystemTopic && parsed.GetValue(name) is { } system
                    ? RunSystem(context, system)
                : parsed.GetValue(name) is { } other
                    ? throw new UsageException(
                        $"'{other}' is one topic too many; only '{SystemTopic}' takes a name, of a build system"
                    )
                : Run(context, parsed, parsed.GetValue(topic));
        });
        return command;
    }

    private static int RunSystem(CommandContext context, string name)
    {
        var systems = context.ReadWorkspace().Systems;
        if (!systems.TryGetValue(name, out var system))
            throw new UsageException(
                name == BuildSystem.None
                    ? $"'{name}' is not a build system, but the word for none: the recipe writes every step"
                    : BuildSystems.Unknown(name, systems.Keys)
            );
        if (context.WantsJson)
            Json.Write(context.Host.Out, new SystemsJson([SystemJson.Of(system)]), CliJson.Default.SystemsJson);
        else
            SystemView.Write(context.Host.Out, system);
        return ExitCode.Success;
    }

    private static int Run(CommandContext context, ParseResult parsed, string? topic)
    {
        var tables = RecipeFormat.Tables();
        var root = parsed.RootCommandResult.Command;
        var verb = root.Subcommands.FirstOrDefault(x => x.Name == topic && !x.Hidden);
        var found = topic is null ? tables : Find(tables, topic.Trim('[', ']').ToLowerInvariant());
        if (found.IsEmpty && verb is not null)
            return root.Parse([verb.Name, "--help"])
                .Invoke(new() { Output = context.Host.Out, Error = context.Host.Error });
        if (found.IsEmpty)
            throw Unknown(topic!, tables, root);
        if (context.WantsJson)
            Json.Write(context.Host.Out, new FormatJson(found), CliJson.Default.FormatJson);
        else if (topic is null)
            FormatView.WriteTopics(context.Host.Out, tables);
        else
            FormatView.Write(context.Host.Out, found, verb?.Name);
        if (topic == SystemTopic && !context.WantsJson && SystemsHere(context) is { IsEmpty: false } systems)
        {
            context.Host.Out.WriteLine();
            SystemView.WriteAll(context.Host.Out, systems.Values);
        }
        return ExitCode.Success;
    }

    /// <summary>None outside of a workspace: the format can be asked for anywhere.</summary>
    private static ImmutableSortedDictionary<string, BuildSystem> SystemsHere(CommandContext context)
    {
        try
        {
            return context.ReadWorkspace().Systems;
        }
        catch (EngineException)
        {
            return ImmutableSortedDictionary<string, BuildSystem>.Empty;
        }
    }

    /// <summary>The table itself; else every table that has such a key, with this key alone.</summary>
    private static ImmutableArray<FormatTable> Find(ImmutableArray<FormatTable> tables, string topic)
    {
        if (tables.FirstOrDefault(x => x.Path == topic && topic.Length > 0) is { } table)
            return [table];
        return
        [
            .. from candidate in tables
            let keys = candidate
                .Keys.Where(x => x.Name == topic || $"{candidate.Path}.{x.Name}" == topic)
                .ToImmutableArray()
            where !keys.IsEmpty
            select candidate with
            {
                Keys = keys,
            },
        ];
    }

    private static UsageException Unknown(string topic, ImmutableArray<FormatTable> tables, Command root)
    {
        var paths = tables.Select(x => x.Path).Where(x => x.Length > 0).ToList();
        var keys = tables.SelectMany(x => x.Keys).Select(x => x.Name);
        var nearest = Suggestion.Nearest(
            topic,
            paths.Concat(keys).Concat(root.Subcommands.Where(x => !x.Hidden).Select(x => x.Name))
        );
        return new(
            $"there is no topic '{topic}'; "
                + (
                    nearest is null
                        ? $"there are: {string.Join(", ", paths)}, every key, and every command"
                        : $"did you mean '{nearest}'?"
                )
        );
    }
}
