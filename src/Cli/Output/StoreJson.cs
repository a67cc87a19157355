using System.Collections.Immutable;
using Recipes.Engine.Content;

namespace Recipes.Cli.Output;

/// <summary>The answer of <c>store verify --json</c>.</summary>
internal sealed record VerificationJson(int Checked, ImmutableArray<DamageJson> Damages)
{
    public static VerificationJson Of(StoreVerification found) =>
        new(found.Checked, [.. found.Damages.Select(x => new DamageJson(UsageView.Name(x.Kind), x.Name, x.Problem))]);
}

/// <summary>One damaged entry, which was dropped.</summary>
internal sealed record DamageJson(string Kind, string Name, string Problem);

/// <summary>The answer of <c>store du --json</c>; sizes in bytes.</summary>
internal sealed record UsageJson(
    string Root,
    long Bytes,
    ImmutableArray<KindUsageJson> Kinds,
    ImmutableArray<TreeUsageJson> LargestTrees
)
{
    public static UsageJson Of(string root, StoreUsage usage) =>
        new(
            root,
            usage.TotalBytes,
            [.. usage.Bytes.Select(x => new KindUsageJson(UsageView.Name(x.Key), usage.Entries[x.Key], x.Value))],
            [.. usage.LargestTrees.Select(x => new TreeUsageJson("sha256:" + x.Hash, x.Bytes))]
        );
}

/// <summary>What one kind of entry takes.</summary>
internal sealed record KindUsageJson(string Kind, int Entries, long Bytes);

/// <summary>What one tree takes.</summary>
internal sealed record TreeUsageJson(string Hash, long Bytes);
