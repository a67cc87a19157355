using Recipes.Engine.Content;

namespace Recipes.Engine.Tests.Content;

/// <summary>Records with any bytes, for tests of the store that do not care what a document says.</summary>
internal static class RawRecords
{
    public static RecordType<byte[]> Action { get; } = RecordType.OfBytes("action", RecordRole.Result);

    public static RecordType<byte[]> Package { get; } = RecordType.OfBytes("package", RecordRole.Result);

    public static RecordType<byte[]> Root { get; } = RecordType.OfBytes("root", RecordRole.Result);

    public static RecordType<byte[]> Test { get; } = RecordType.OfBytes("test", RecordRole.Result);

    public static RecordType<byte[]> History { get; } = RecordType.OfBytes("history", RecordRole.Derived);

    public static void WriteRecord(
        this ContentStore store,
        RecordType<byte[]> type,
        Digest key,
        ReadOnlySpan<byte> document
    ) => store.WriteRecord(type, key, document.ToArray());
}
