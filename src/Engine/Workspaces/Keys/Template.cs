namespace Recipes.Engine.Workspaces.Keys;

/// <summary>Fills <c>{name}</c> and <c>{version}</c> in. Braces around anything but one word are no template: a glob
/// may have them.</summary>
/// <param name="Name">The recipe's name.</param>
/// <param name="Version">Its version, or null where it has none.</param>
internal sealed record Template(string Name, string? Version)
{
    /// <returns>A message, or null if the text could be filled in.</returns>
    public string? Fill(string text, out string filled)
    {
        filled = text;
        for (var open = text.IndexOf('{', StringComparison.Ordinal); open >= 0; open = text.IndexOf('{', open + 1))
        {
            var close = text.IndexOf('}', open);
            if (close < 0)
                break;
            var word = text[(open + 1)..close];
            if (word.Length == 0 || !word.All(x => char.IsAsciiLetterLower(x) || x is '-' or '_'))
                continue;
            if (word is not ("name" or "version"))
                return Suggestion.Append($"unknown template '{{{word}}}'", word, ["name", "version"]);
            if (word == "version" && Version is null)
                return "'{version}' is used here, but the recipe has no version";
        }
        filled = text.Replace("{name}", Name, StringComparison.Ordinal)
            .Replace("{version}", Version, StringComparison.Ordinal);
        return null;
    }
}
