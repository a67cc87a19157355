using System.Text;
using Recipes.Engine.Content;

namespace Recipes.Cli.Output;

/// <summary>Writes bytes that are UTF-8 to a text writer; a character may come in several pieces.</summary>
internal sealed class TextWriterStream(TextWriter writer) : WriteOnlyStream
{
    private readonly Decoder decoder = Encoding.UTF8.GetDecoder();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        var characters = new char[Encoding.UTF8.GetMaxCharCount(buffer.Length)];
        writer.Write(characters, 0, decoder.GetChars(buffer, characters, flush: false));
    }

    public override void Flush() => writer.Flush();
}
