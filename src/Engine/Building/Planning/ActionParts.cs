using System.Collections.Immutable;
using Google.Protobuf;
using Recipes.Engine.Content;
using Protocol = Recipes.Engine.Content.Protocol;

namespace Recipes.Engine.Building.Planning;

/// <summary>
/// What an action was made of. It is kept when an action runs, so that a later change can be told by its part: the
/// action and its command as blobs, the outputs of its root as a record. The listing of the input root is in the store
/// anyway.
/// </summary>
/// <param name="Steps">The steps of the build, in order.</param>
/// <param name="Environment">All variables.</param>
/// <param name="Limits">The platform's properties and the time limit.</param>
/// <param name="InputRoot">
/// The tree at <c>/</c>, with the source at <c>build</c> and the recipe's files at <c>recipe</c>.
/// </param>
/// <param name="Needs">Output (<c>package:output</c>) → its tree; empty where it was not kept.</param>
internal sealed record ActionParts(
    ImmutableArray<string> Steps,
    ImmutableSortedDictionary<string, string> Environment,
    ImmutableSortedDictionary<string, string> Limits,
    Digest InputRoot,
    ImmutableSortedDictionary<string, Digest> Needs
)
{
    // "/bin/sh /recipe/.steps/run", then the steps.
    private const int ArgumentsBeforeSteps = 2;

    /// <summary>The parts of a planned action.</summary>
    public static ActionParts Of(PackagePlan plan) =>
        Of(
            Protocol.Action.Parser.ParseFrom(plan.Action.ActionBytes.Span),
            Protocol.Command.Parser.ParseFrom(plan.Action.CommandBytes.Span),
            NeedsOf(plan)
        );

    /// <summary>Keeps the parts of an action that runs.</summary>
    public static void Keep(PackagePlan plan, ContentStore store)
    {
        store.AddBlob(plan.Action.ActionBytes.Span);
        store.AddBlob(plan.Action.CommandBytes.Span);
        KeepRoot(
            plan.Action.Digest,
            NeedsOf(plan).Select(x => (x.Key, x.Value)).Concat(plan.Mounts.Select(x => (x.Path, x.Tree))),
            store
        );
    }

    /// <summary>
    /// Keeps what the root of an action that runs is made of, so that its result is dropped should one of these trees
    /// turn out to be damaged.
    /// </summary>
    /// <param name="action">The action.</param>
    /// <param name="trees">Outputs by name, and what is laid at a path by the path.</param>
    /// <param name="store">Where to.</param>
    public static void KeepRoot(Digest action, IEnumerable<(string Name, Digest Tree)> trees, ContentStore store) =>
        store.WriteRecord(StoreRecords.Root, action, [.. trees.Select(x => $"{x.Name} {x.Tree}")]);

    /// <summary>
    /// The parts of an action that once ran; null where they are no longer in the store, or never were.
    /// </summary>
    public static ActionParts? Find(Digest action, ContentStore store)
    {
        try
        {
            if (store.FindBlob(action) is not { } actionPath)
                return null;
            var message = Protocol.Action.Parser.ParseFrom(File.ReadAllBytes(actionPath));
            if (store.FindBlob(TreeDirectory.FromMessage(message.CommandDigest)) is not { } commandPath)
                return null;
            var command = Protocol.Command.Parser.ParseFrom(File.ReadAllBytes(commandPath));
            return Of(message, command, Parse(store.FindRecord(StoreRecords.Root, action) ?? []));
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or FormatException or IOException)
        {
            // Damaged: 'store verify' drops it, and a question need not fail for it.
            return null;
        }
    }

    private static ActionParts Of(
        Protocol.Action action,
        Protocol.Command command,
        ImmutableSortedDictionary<string, Digest> needs
    )
    {
        var limits = action.Platform.Properties.ToDictionary(x => x.Name, x => x.Value, StringComparer.Ordinal);
        if (action.Timeout is { } timeout)
            limits["time"] = $"{timeout.ToTimeSpan()}";
        return new(
            [.. command.Arguments.Skip(ArgumentsBeforeSteps)],
            command.EnvironmentVariables.ToImmutableSortedDictionary(x => x.Name, x => x.Value, StringComparer.Ordinal),
            limits.ToImmutableSortedDictionary(StringComparer.Ordinal),
            TreeDirectory.FromMessage(action.InputRootDigest),
            needs
        );
    }

    private static ImmutableSortedDictionary<string, Digest> NeedsOf(PackagePlan plan) =>
        plan
            .Root.Outputs.Zip(plan.Root.Trees)
            .ToImmutableSortedDictionary(x => x.First, x => x.Second, StringComparer.Ordinal);

    private static ImmutableSortedDictionary<string, Digest> Parse(IReadOnlyList<string> record) =>
        record
            // The source and the recipe's files are in the input root as well.
            .Where(x => x[0] != '/')
            .Select(x => x.Split(' ', 2))
            .ToImmutableSortedDictionary(x => x[0], x => Digest.Parse(x[1]), StringComparer.Ordinal);
}
