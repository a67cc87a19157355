using System.Collections.Immutable;
using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine;
using Recipes.Engine.Building;
using Recipes.Engine.Building.Planning;
using Recipes.Engine.Comparison;
using Recipes.Engine.Content;
using Recipes.Engine.Model;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes owner</c>.</summary>
internal static class OwnerCommand
{
    public static Command Create(CliHost host, GlobalOptions options)
    {
        var path = new Argument<string>("PATH") { Description = "A path in a root, or the bare name of a file." };
        var command = new Command("owner", "Show which built outputs hold a file.") { path };
        command.SetAction(parsed => Run(new(host, options, parsed), parsed.GetRequiredValue(path)));
        return command;
    }

    private static int Run(CommandContext context, string path)
    {
        using var project = context.OpenProject();
        var packages = project.Packages;
        var wanted = path.Trim('/');
        var owners = (
            from package in packages.Order.Select(packages.Find).OfType<BuiltPackage>()
            where package.Recipe is PackageRecipe
            from output in package.Outputs.Values
            from entry in Find(project.StoreToAsk.ReadTree(output.Tree), wanted)
            select new OwnerJson($"{package.Recipe.Name}:{output.Name}", FileJson.Of(ListedFile.Of(entry)))
        ).ToImmutableArray();
        var notBuilt = packages.Order.Where(x => packages.StandingOf(x) != Standing.Built).ToImmutableArray();
        if (context.WantsJson)
            Json.Write(context.Host.Out, new OwnersJson(owners, notBuilt), CliJson.Default.OwnersJson);
        else
            Write(context.Host, path, owners, notBuilt);
        return owners.IsEmpty ? ExitCode.Failure : ExitCode.Success;
    }

    private static IEnumerable<TreeEntry> Find(Tree tree, string wanted)
    {
        if (wanted.Contains('/', StringComparison.Ordinal))
            return tree.Find(wanted) is { } entry ? [entry] : [];
        return tree.Walk()
            .Where(x => x.Kind != TreeEntryKind.Folder && x.Path[(x.Path.LastIndexOf('/') + 1)..] == wanted);
    }

    private static void Write(
        CliHost host,
        string path,
        ImmutableArray<OwnerJson> owners,
        ImmutableArray<string> notBuilt
    )
    {
        foreach (var (output, file) in owners)
            host.Out.WriteLine(
                Printable.Line($"{output}  {file.Path}{(file.Target is null ? "" : $" -> {file.Target}")}")
            );
        if (owners.IsEmpty)
            host.Out.WriteLine(Printable.Line($"no built output holds {path}"));
        if (!notBuilt.IsEmpty)
            ErrorWriter.Warn(host, $"not built, so not looked into: {string.Join(", ", notBuilt)}");
    }
}
