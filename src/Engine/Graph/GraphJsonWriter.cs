using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Recipes.Engine.Model;

namespace Recipes.Engine.Graph;

/// <summary>
/// Writes a graph as JSON: <c>recipes</c> with <c>name</c>, <c>kind</c>, <c>version</c>, <c>file</c>;
/// <c>dependencies</c> with <c>from</c>, <c>to</c>, <c>kind</c>, <c>outputs</c>, <c>file</c>, <c>line</c>.
/// </summary>
internal static class GraphJsonWriter
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        // The text goes to a terminal or a file, never into a page: a plus in a name may stay a plus.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(GraphPart part)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("recipes");
            foreach (var recipe in part.Recipes)
                Write(json, recipe);
            json.WriteEndArray();
            json.WriteStartArray("dependencies");
            foreach (var link in part.Links.Values.SelectMany(x => x))
                Write(json, link);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Write(Utf8JsonWriter json, Recipe recipe)
    {
        json.WriteStartObject();
        json.WriteString("name", recipe.Name);
        json.WriteString("kind", Kind(recipe));
        json.WriteString("version", recipe.Version);
        json.WriteString("file", recipe.File);
        json.WriteEndObject();
    }

    private static string Kind(Recipe recipe) =>
        recipe switch
        {
            ImageRecipe => "image",
            SeedRecipe => "seed",
            PackageRecipe => "package",
            StackRecipe => "stack",
            _ => "source",
        };

    private static void Write(Utf8JsonWriter json, GraphLink link)
    {
        json.WriteStartObject();
        json.WriteString("from", link.From);
        json.WriteString("to", link.To);
        json.WriteString("kind", Kind(link.Kind));
        json.WriteStartArray("outputs");
        foreach (var output in link.Outputs)
            json.WriteStringValue(output);
        json.WriteEndArray();
        json.WriteString("file", link.Span?.File);
        if (link.Span is { } span)
            json.WriteNumber("line", span.Line);
        json.WriteEndObject();
    }

    private static string Kind(DependencyKind kind) =>
        kind switch
        {
            DependencyKind.Base => "base",
            DependencyKind.Need => "needs",
            DependencyKind.Requirement => "requires",
            DependencyKind.Inclusion => "includes",
            DependencyKind.Member => "member",
            _ => "source",
        };
}
