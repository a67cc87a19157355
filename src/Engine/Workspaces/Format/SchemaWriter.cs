using System.Text.Encodings.Web;
using System.Text.Json;
using Recipes.Engine.Workspaces.Keys;

namespace Recipes.Engine.Workspaces.Format;

/// <summary>
/// Writes the recipe format as a JSON Schema of draft 07 (https://json-schema.org/draft-07), the newest that all TOML
/// language servers know.
/// </summary>
internal static class SchemaWriter
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        // The text goes to a file, never into a page: a plus in a pattern may stay a plus.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema of a document whose top level is the given table.</summary>
    public static string Write(KeyDescription root)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "http://json-schema.org/draft-07/schema#");
            json.WriteString("title", "recipe.toml");
            json.WriteString("description", root.Meaning);
            Table(json, root);
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n";
    }

    private static void Key(Utf8JsonWriter json, KeyDescription key)
    {
        json.WriteStartObject(key.Name);
        json.WriteString("description", key.Meaning);
        Type(json, key);
        if (key.Default is { } value)
        {
            // Each default is written in a way that TOML and JSON have in common.
            json.WritePropertyName("default");
            json.WriteRawValue(value);
        }
        json.WriteEndObject();
    }

    private static void Type(Utf8JsonWriter json, KeyDescription key)
    {
        switch (key.Type)
        {
            case KeyType.Text:
                Text(json, key);
                break;
            case KeyType.TextList:
                Texts(json, key);
                break;
            case KeyType.Boolean:
                json.WriteString("type", "boolean");
                break;
            case KeyType.Integer:
                json.WriteString("type", "integer");
                json.WriteNumber("minimum", key.Minimum);
                json.WriteNumber("maximum", key.Maximum);
                break;
            case KeyType.TextTable:
                Named(json, key, () => Text(json, key));
                break;
            case KeyType.Value:
                Value(json);
                break;
            case KeyType.ValueTable:
                Named(json, key, () => Value(json));
                break;
            case KeyType.Table:
                Table(json, key);
                break;
            case KeyType.TableList:
                json.WriteString("type", "array");
                json.WriteStartObject("items");
                Table(json, key);
                json.WriteEndObject();
                break;
            case KeyType.NamedTables:
                Named(json, key, () => ListOrTable(json, key));
                break;
        }
    }

    private static void Text(Utf8JsonWriter json, KeyDescription key)
    {
        json.WriteString("type", "string");
        if (key.Form is not { } form)
            return;
        if (!form.Choices.IsEmpty)
        {
            json.WriteStartArray("enum");
            foreach (var choice in form.Choices)
                json.WriteStringValue(choice);
            json.WriteEndArray();
        }
        // What is filled in is checked after it was filled in; the editor sees it before.
        else if (form.Pattern is { } pattern && !key.Template)
            json.WriteString("pattern", pattern);
    }

    private static void Texts(Utf8JsonWriter json, KeyDescription key)
    {
        json.WriteString("type", "array");
        json.WriteStartObject("items");
        Text(json, key);
        json.WriteEndObject();
        if (key.Distinct)
            json.WriteBoolean("uniqueItems", true);
        if (key.NotEmpty)
            json.WriteNumber("minItems", 1);
    }

    /// <summary>A table with free names.</summary>
    private static void Named(Utf8JsonWriter json, KeyDescription key, Action value)
    {
        json.WriteString("type", "object");
        if (key.NameForm?.Pattern is { } pattern)
        {
            json.WriteStartObject("propertyNames");
            json.WriteString("pattern", pattern);
            json.WriteEndObject();
        }
        json.WriteStartObject("additionalProperties");
        value();
        json.WriteEndObject();
    }

    private static void Value(Utf8JsonWriter json)
    {
        json.WriteStartArray("type");
        json.WriteStringValue("string");
        json.WriteStringValue("array");
        json.WriteEndArray();
        json.WriteStartObject("items");
        json.WriteString("type", "string");
        json.WriteEndObject();
    }

    private static void ListOrTable(Utf8JsonWriter json, KeyDescription key)
    {
        json.WriteStartArray("anyOf");
        json.WriteStartObject();
        json.WriteString("description", key.Keys[0].Meaning);
        Texts(json, key.Keys[0]);
        json.WriteEndObject();
        json.WriteStartObject();
        Table(json, key);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void Table(Utf8JsonWriter json, KeyDescription key)
    {
        json.WriteString("type", "object");
        json.WriteStartObject("properties");
        foreach (var inner in key.Keys)
            Key(json, inner);
        json.WriteEndObject();
        var required = key.Keys.Where(x => x is { Required: true, Unless: null }).ToList();
        if (required.Count > 0)
        {
            json.WriteStartArray("required");
            foreach (var inner in required)
                json.WriteStringValue(inner.Name);
            json.WriteEndArray();
        }
        json.WriteBoolean("additionalProperties", false);
    }
}
