using System.Text;
using Recipes.Engine.Model;

namespace Recipes.Engine.Workspaces.Toml;

/// <summary>
/// The file of a recipe as it lies on the disk, in which single strings can be exchanged: comments, alignment, line
/// ends and a byte order mark stay as they are, byte for byte.
/// </summary>
internal sealed partial class RecipeText
{
    private readonly string original;
    private readonly TomlTable document;

    private RecipeText(string file, string original, TomlTable document) =>
        (File, this.original, this.document) = (file, original, document);

    /// <summary>Relative to the workspace.</summary>
    public string File { get; }

    /// <summary>The content of the file.</summary>
    public byte[] Bytes => Encoding.UTF8.GetBytes(original);

    /// <summary>Reads the file of a recipe.</summary>
    /// <exception cref="EngineException">
    /// It cannot be read, or is no longer what the workspace was read from.
    /// </exception>
    public static RecipeText Read(Recipe recipe)
    {
        try
        {
            return Parse(recipe.File, TomlFile.Read(Path.Join(recipe.Folder, RecipeLocation.FileName)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new EngineException($"{recipe.File} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <exception cref="EngineException">They are not TOML.</exception>
    public static RecipeText Parse(string file, byte[] bytes)
    {
        var original = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(
            bytes
        );
        var faults = new FaultList(new SourceText(file, original));
        var document = TomlReader.Read(faults) ?? throw new EngineException(string.Join('\n', faults.Faults));
        return new(file, original, document);
    }

    /// <summary>
    /// The string or the strings of a list at a key, with templates as they are written; none where the key is not.
    /// </summary>
    /// <param name="table">
    /// A table of the document, or a list of tables: <c>source.also</c>; empty for its top.
    /// </param>
    /// <param name="key">The key in it.</param>
    public IReadOnlyList<TomlText> Strings(string table, string key) =>
        [
            .. TablesAt(table)
                .SelectMany<TomlTable, TomlText>(x =>
                    x.Find(key)?.Value switch
                    {
                        TomlText text => [text],
                        TomlList list => list.Items.OfType<TomlText>(),
                        _ => [],
                    }
                ),
        ];

    private IEnumerable<TomlTable> TablesAt(string path)
    {
        IEnumerable<TomlTable> tables = [document];
        foreach (var name in path.Split('.', StringSplitOptions.RemoveEmptyEntries))
            tables = tables.SelectMany<TomlTable, TomlTable>(x =>
                x.Find(name)?.Value switch
                {
                    TomlTableNode node => [node.Table],
                    TomlTableList list => list.Tables,
                    TomlList list => list.Items.OfType<TomlTableNode>().Select(item => item.Table),
                    _ => [],
                }
            );
        return tables;
    }

    /// <summary>Exchanges strings; those that stay the same are not touched.</summary>
    /// <param name="changes">Strings of this text and what they become.</param>
    public RecipeText With(IEnumerable<(TomlText Place, string Value)> changes)
    {
        var text = new StringBuilder(original);
        foreach (
            var (place, value) in changes
                .Where(x => x.Place.Value != x.Value)
                .OrderByDescending(x => x.Place.Range.Start)
        )
        {
            var (start, end) = (OriginalOffset(place.Range.Start), OriginalOffset(place.Range.End));
            text.Remove(start, end - start).Insert(start, Quoted(value, original.AsSpan(start, end - start)));
        }
        return Parse(File, Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>
    /// Offsets of the document are those of a text without byte order mark and with single line feeds.
    /// </summary>
    private int OriginalOffset(int offset)
    {
        var at = original.StartsWith('\uFEFF') ? 1 : 0;
        for (var passed = 0; passed < offset; at++)
        {
            if (original[at] != '\r' || at + 1 == original.Length || original[at + 1] != '\n')
                passed++;
        }
        return at;
    }

    /// <summary>
    /// In the quotes that were there, where the value allows it. See https://toml.io/en/v1.0.0#string.
    /// </summary>
    private static string Quoted(string value, ReadOnlySpan<char> before)
    {
        var isPlain = !value.Any(x => x is '"' or '\'' or '\\' || char.IsControl(x));
        var quotes = before switch
        {
            ['"', '"', '"', ..] => "\"\"\"",
            ['\'', '\'', '\'', ..] => "'''",
            ['\'', ..] => "'",
            _ => "\"",
        };
        return isPlain ? quotes + value + quotes : TomlString.Basic(value);
    }
}
