using System.Text;

namespace Recipes.Fuzzing.Targets;

/// <summary>A reader of texts; bytes that are not UTF-8 become U+FFFD, as its caller does it.</summary>
internal abstract class TextTarget : FuzzTarget
{
    public sealed override IReadOnlyList<byte[]> Seeds => [.. Texts.Select(Encoding.UTF8.GetBytes)];

    public sealed override IReadOnlyList<byte[]> Words => [.. Pieces.Select(Encoding.UTF8.GetBytes)];

    protected abstract IReadOnlyList<string> Texts { get; }

    protected abstract IReadOnlyList<string> Pieces { get; }

    public sealed override void Read(byte[] input) => Read(Encoding.UTF8.GetString(input));

    protected abstract void Read(string text);
}
