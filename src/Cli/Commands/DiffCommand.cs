using System.CommandLine;
using Recipes.Cli.Output;
using Recipes.Engine;
using Recipes.Engine.Comparison;

namespace Recipes.Cli.Commands;

/// <summary><c>recipes diff</c>; its exit codes are those of diff(1).</summary>
internal static class DiffCommand
{
    private const string Sides =
        "A package, PACKAGE:OUTPUT or image as it is in the store; the hash of a tree; an archive of an image "
        + "or of a release, a layout, or any folder.";

    public static Command Create(CliHost host, GlobalOptions options)
    {
        var before = new Argument<string>("A") { Description = Sides };
        var after = new Argument<string?>("B")
        {
            Description = "The same; with --from, A by default.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var from = new Option<string?>("--from")
        {
            Description = "Look A up in this workspace, such as a checkout of an earlier commit.",
            HelpName = "DIR",
        };
        var command = new Command(
            "diff",
            "Show what differs between two outputs, packages or images; 0 if nothing, 1 if something, 2 if it "
                + "cannot be told."
        )
        {
            before,
            after,
            from,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                Task.FromResult(
                    Run(
                        new(host, options, parsed),
                        parsed.GetRequiredValue(before),
                        parsed.GetValue(after),
                        parsed.GetValue(from),
                        cancellationToken
                    )
                )
        );
        return command;
    }

    private static int Run(
        CommandContext context,
        string before,
        string? after,
        string? from,
        CancellationToken cancellationToken
    )
    {
        if (after is null && from is null)
            throw new UsageException("diff needs B, or --from DIR to compare A with what it was in another workspace");
        try
        {
            using var now = new ComparedSides(context, null, cancellationToken);
            using var other = from is null
                ? null
                : new ComparedSides(context, Path.GetFullPath(from, context.Host.CurrentDirectory), cancellationToken);
            var then = other ?? now;
            then.Check(before);
            now.Check(after ?? before);
            return Compare(context, then, (before, then.Find(before)), (after ?? before, now.Find(after ?? before)));
        }
        catch (EngineException e)
        {
            // A script has to tell trouble from a difference.
            throw new UsageException(e.Text);
        }
        catch (RecipeFaultsException e)
        {
            ErrorWriter.Write(context.Host.Error, context.Host.ErrorHasStyle, e.Diagnostics);
            throw new UsageException(
                $"{Quantities.Count(e.Diagnostics.Length, "fault")} in the recipes; nothing was compared"
            );
        }
    }

    private static int Compare(
        CommandContext context,
        ComparedSides then,
        (string Name, ComparedSide Side) before,
        (string Name, ComparedSide Side) after
    )
    {
        if (before.Side.Image is null != after.Side.Image is null)
        {
            var (image, other) = before.Side.Image is null ? (after, before) : (before, after);
            throw new UsageException($"'{image.Name}' is an image and '{other.Name}' is not; compare two of a kind");
        }
        var images = before.Side.Image is { } old ? ImageComparison.Of(old, after.Side.Image!) : null;
        var files = images?.Files ?? OutputComparison.Of(before.Side.Files, after.Side.Files);
        var dependents = images is null ? then.Users : [new Dependent(after.Name, after.Side.Files)];
        var answer = new Comparison(
            before.Name,
            after.Name,
            files,
            images,
            BreakingSymbols.Find(before.Side.Files, after.Side.Files, dependents)
        );
        if (context.WantsJson)
            Json.Write(context.Host.Out, ComparisonJson.Of(answer), CliJson.Default.ComparisonJson);
        else
            ComparisonView.Write(context.Host.Out, answer);
        return answer.IsEmpty ? ExitCode.Success : ExitCode.Failure;
    }
}
