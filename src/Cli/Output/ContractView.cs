using System.Collections.Immutable;
using Recipes.Engine;
using Recipes.Engine.Contracts;

namespace Recipes.Cli.Output;

/// <summary>What was found of a stack.</summary>
/// <param name="Contract">Where it stands.</param>
/// <param name="Misfits">What keeps programs of its image to build with from running on the other.</param>
internal sealed record ContractCheck(StackContract Contract, ImmutableArray<string> Misfits)
{
    /// <summary>True if nothing that was promised is lacking.</summary>
    public bool IsKept =>
        Contract is { Promised: not null, AnnouncesBreak: false } && Contract.Faults().IsEmpty && Misfits.IsEmpty;
}

/// <summary>A contract that was accepted.</summary>
/// <param name="File">Where it is, relative to the workspace.</param>
/// <param name="Contract">Where the stack stood before.</param>
internal sealed record AcceptedContract(string File, StackContract Contract);

/// <summary>Contracts, for people.</summary>
internal static class ContractView
{
    public static void Write(TextWriter writer, Contract contract)
    {
        foreach (var item in contract.Items)
            writer.WriteLine(Printable.Line(item.ToString()));
    }

    public static void Write(TextWriter writer, ContractDifference difference)
    {
        foreach (var line in Lines(difference))
            writer.WriteLine(Printable.Line(line));
        writer.WriteLine(Summary(difference));
    }

    /// <summary>What was with a minus, and what is with a plus; breaks come first.</summary>
    public static IEnumerable<string> Lines(ContractDifference difference)
    {
        foreach (var (before, after) in difference.Broken.Concat(difference.Grown))
        {
            if (before is not null)
                yield return $"- {before}";
            if (after is not null)
                yield return $"+ {after}";
        }
    }

    public static void Write(TextWriter writer, ContractCheck check)
    {
        var name = check.Contract.Stack.Name;
        if (check.Contract.Promised is not null)
        {
            Write(writer, check.Contract.Difference);
            if (check.Contract.AnnouncesBreak)
                writer.WriteLine($"a break is announced, and not accepted yet; {Words(RemedyKind.AcceptBreak, name)}");
            else if (check.Contract.Difference is { Broken.IsEmpty: true, Grown.IsEmpty: false })
                writer.WriteLine($"to promise that too, {Words(RemedyKind.AcceptContract, name)}");
        }
        else if (check.Contract.FileFaults.IsEmpty)
            writer.WriteLine($"{name} has no contract yet; {Words(RemedyKind.AcceptContract, name)}");
        foreach (var misfit in check.Misfits)
            writer.WriteLine(Printable.Line($"{check.Contract.Stack.Stack.Build!.Name}: {misfit}"));
    }

    public static void Write(TextWriter writer, AcceptedContract accepted) =>
        writer.WriteLine(
            $"{accepted.File}: {Quantities.Count(accepted.Contract.Found.Count, "promise")}; "
                + Summary(accepted.Contract.Difference)
        );

    private static string Words(RemedyKind kind, string stack) => RemedyWords.Of(new Remedy(kind, stack));

    /// <summary>One clause.</summary>
    public static string Summary(ContractDifference difference) =>
        difference.IsEmpty
            ? "kept, and nothing is new"
            : $"{difference.Broken.Length} broken, {difference.Grown.Length} new";
}
