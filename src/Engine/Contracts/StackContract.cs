using System.Collections.Immutable;
using Recipes.Engine.Model;

namespace Recipes.Engine.Contracts;

/// <summary>Where a stack stands: what it promises, and what its image to run on has.</summary>
/// <param name="Stack">The stack.</param>
/// <param name="Promised">Its contract; null where none was accepted yet.</param>
/// <param name="Found">What there is.</param>
internal sealed record StackContract(StackRecipe Stack, ContractDocument? Promised, Contract Found)
{
    /// <summary>What the contract gained and lost; all is a gain where there is none.</summary>
    public ContractDifference Difference { get; } = ContractDifference.Of(Promised?.Contract ?? Contract.Empty, Found);

    /// <summary>True if the recipe announces a break that the contract has not seen.</summary>
    public bool AnnouncesBreak => Promised is not null && Stack.Stack.Major > Promised.Major;

    /// <summary>Relative to the workspace: <c>pkgs/base/contract.txt</c>.</summary>
    public static string FileOf(Recipe stack) =>
        $"{stack.File[..stack.File.LastIndexOf('/')]}/{ContractDocument.FileName}";

    /// <summary>What is wrong with the contract's file; then nothing is known to be promised.</summary>
    public ImmutableArray<Diagnostic> FileFaults { get; private init; } = [];

    /// <summary>Reads the contract of a stack beside its recipe, where one was accepted.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="found">What its image to run on has.</param>
    /// <exception cref="EngineException">The file cannot be read.</exception>
    public static StackContract Of(StackRecipe stack, Contract found)
    {
        var path = Path.Join(stack.Folder, ContractDocument.FileName);
        try
        {
            var (document, faults) = ContractDocument.Parse(File.ReadAllBytes(path), FileOf(stack));
            return new(stack, document, found) { FileFaults = faults };
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(stack, null, found);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"'{FileOf(stack)}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Why it may not be shipped as it is; empty if nothing that is promised is gone or another.</summary>
    public ImmutableArray<Diagnostic> Faults()
    {
        if (Promised is null)
            return FileFaults;
        var place = Stack.Stack.Span;
        if (Stack.Stack.Major < Promised.Major)
            return [new($"the contract is at {Promised.Major} already; write major = {Promised.Major}", place)];
        if (Stack.Stack.Major > Promised.Major + 1)
            return [new($"the contract is at {Promised.Major}; its next break is major = {Promised.Major + 1}", place)];
        if (AnnouncesBreak || Difference.Broken.IsEmpty)
            return [];
        // What belongs to others is changed there.
        var advice = Stack.Collection is { } collection
            ? $"write a stack of your own that says: replaces = \"{collection.Name}\""
            : $"write major = {Promised.Major + 1} and accept the break with a reason";
        return
        [
            new(
                $"the contract of '{Stack.Name}' is broken: {Listed(Difference.Broken)}; bring that back, or {advice}",
                place
            ),
        ];
    }

    /// <summary>The contract as it is after what was found is accepted.</summary>
    /// <param name="reason">Of the break; null for none.</param>
    /// <exception cref="EngineException">A break has no reason; or there is a reason and no break.</exception>
    public ContractDocument Accept(string? reason)
    {
        if (!Faults().IsEmpty)
            throw new ArgumentException($"The contract of '{Stack.Name}' has faults.");
        if (Promised is null || !AnnouncesBreak)
        {
            if (reason is not null)
                throw new EngineException($"nothing of '{Stack.Name}' is broken; a reason is for a break");
            return new(Stack.Stack.Major, Promised?.Breaks ?? [], Found);
        }
        if (Difference.Broken.IsEmpty)
            throw new EngineException(
                $"nothing that '{Stack.Name}' promised is broken; write major = {Promised.Major} again"
            );
        if (string.IsNullOrWhiteSpace(reason))
            throw new EngineException(
                (MessageText)$"'{Stack.Name}' breaks what {Promised.Major} promised; "
                    + $"{new Remedy(RemedyKind.AcceptBreak, Stack.Name)}"
            );
        return new(Stack.Stack.Major, Promised.Breaks.Add(new(Stack.Stack.Major, reason)), Found);
    }

    private const int ShownAtMost = 10;

    private static string Listed(ImmutableArray<ContractChange> broken)
    {
        var some = broken
            .Take(ShownAtMost)
            .Select(x => x.After is { } now ? $"'{x.Before}' is now '{now}'" : $"'{x.Before}' is gone");
        return string.Join(", ", some)
            + (broken.Length > ShownAtMost ? $", and {broken.Length - ShownAtMost} more" : "");
    }
}
