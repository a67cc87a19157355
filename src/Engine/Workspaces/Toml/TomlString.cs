namespace Recipes.Engine.Workspaces.Toml;

/// <summary>Writes strings of TOML: https://toml.io/en/v1.0.0#string.</summary>
internal static class TomlString
{
    /// <summary>A basic string, with its quotes.</summary>
    public static string Basic(string value) =>
        $"\"{string.Concat(value.Select(x => x is '"' or '\\' ? $"\\{x}" : char.IsControl(x) ? $"\\u{(int)x:x4}" : x.ToString()))}\"";
}
