namespace Recipes.Engine.Content;

/// <summary>The kinds of records that the store itself needs.</summary>
internal static class StoreRecords
{
    /// <summary>
    /// Action → the name and tree of all that its root was made of, one a line. Who runs actions writes it; by it the
    /// store knows what a damaged tree took part in.
    /// </summary>
    public static RecordType<IReadOnlyList<string>> Root { get; } = RecordType.OfLines("root", RecordRole.Result);

    /// <summary>Digest of a list of trees → the tree they merge to.</summary>
    public static RecordType<DigestDocument> Merge { get; } = RecordType.OfDigest("merge", RecordRole.Derived);

    /// <summary>Tree → how its files looked when their content was last known to be right.</summary>
    public static RecordType<TreeStamp> Stamp { get; } =
        new("stamp", RecordRole.Derived, x => x.Encode(), x => TreeStamp.Parse(x));

    /// <summary>Action → the digest of its log.</summary>
    public static RecordType<DigestDocument> Log { get; } = RecordType.OfDigest("log", RecordRole.Lasting);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<RecordType> All { get; } = [Root, Merge, Stamp, Log];
}
