using System.Collections.Immutable;
using System.Text.Json;

namespace Recipes.Engine.Comparison;

/// <summary>Reads an OCI image configuration (<c>config.md</c>) as lines that can be compared.</summary>
internal static class ImageSettings
{
    public static ImmutableSortedDictionary<string, string> Of(JsonElement configuration)
    {
        var settings = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (
            var member in configuration.EnumerateObject().Where(x => x.Name is not ("rootfs" or "history" or "config"))
        )
            settings[member.Name] = TextOf(member.Value);
        if (configuration.TryGetProperty("config", out var execution) && execution.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in execution.EnumerateObject())
                Add(settings, member);
        }
        return settings.ToImmutable();
    }

    /// <summary>For each layer what made it; steps that made no layer are left out.</summary>
    public static ImmutableArray<string> Descriptions(JsonElement configuration, int layers)
    {
        var steps = configuration.TryGetProperty("history", out var history)
            ? history
                .EnumerateArray()
                .Where(x => !(x.TryGetProperty("empty_layer", out var empty) && empty.ValueKind == JsonValueKind.True))
                .Select(x => x.TryGetProperty("created_by", out var by) ? by.GetString() ?? "" : "")
                .ToList()
            : [];
        return [.. Enumerable.Range(0, layers).Select(i => steps.Count == layers ? steps[i] : "")];
    }

    private static void Add(ImmutableSortedDictionary<string, string>.Builder settings, JsonProperty member)
    {
        switch (member.Name, member.Value.ValueKind)
        {
            case ("Env", JsonValueKind.Array):
                foreach (var variable in member.Value.EnumerateArray().Select(x => TextOf(x).Split('=', 2)))
                    settings[$"Env {variable[0]}"] = variable.Length > 1 ? variable[1] : "";
                break;
            case (_, JsonValueKind.Object):
                // Sets (ports, volumes) are maps to empty objects.
                foreach (var entry in member.Value.EnumerateObject())
                    settings[$"{member.Name} {entry.Name}"] =
                        entry.Value.ValueKind == JsonValueKind.Object ? "" : TextOf(entry.Value);
                break;
            default:
                settings[member.Name] = TextOf(member.Value);
                break;
        }
    }

    private static string TextOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
