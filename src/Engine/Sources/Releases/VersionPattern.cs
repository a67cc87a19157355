using System.Text.RegularExpressions;

namespace Recipes.Engine.Sources.Releases;

/// <summary>
/// How upstream writes the version in a name: <c>v{version}</c> of a tag, <c>zlib-{version}.tar.gz</c> of a file. Some
/// write <c>2_6_0</c> for 2.6.0.
/// </summary>
internal sealed class VersionPattern
{
    /// <summary>What stands for the version in a template.</summary>
    public const string Word = "{version}";

    // No file is called by more, and the pattern goes back where the version appears twice.
    private const int MaxName = 255;

    private const char Underscore = '_';
    private readonly Regex names;
    private readonly char separator;

    private VersionPattern(string template, char separator)
    {
        (Template, this.separator) = (template, separator);
        var literals = template.Split(Word).Select(Regex.Escape).ToArray();
        var version = separator == Underscore ? "[0-9][A-Za-z0-9_]*?" : @"[0-9][A-Za-z0-9.+~_-]*?";
        var rest = string.Join(@"\k<version>", literals[1..]);
        names = new($"^{literals[0]}(?<version>{version}){rest}$", RegexOptions.CultureInvariant);
    }

    /// <summary>The name with <c>{version}</c> in it.</summary>
    public string Template { get; }

    /// <summary>
    /// The pattern of a name in which the version stands, as template or literally; null where it does not.
    /// </summary>
    /// <param name="template">With <c>{version}</c>, or a name that has a version in it.</param>
    /// <param name="version">That version.</param>
    public static VersionPattern? Of(string template, string version)
    {
        if (template.Contains(Word, StringComparison.Ordinal))
            return new(template, '.');
        if (Token.Replace(template, version, Word) is var dotted && dotted != template)
            return new(dotted, '.');
        var underscored = Token.Replace(template, version.Replace('.', Underscore), Word);
        return underscored == template ? null : new(underscored, Underscore);
    }

    /// <summary>The version in a name, or null if the name is not of this pattern.</summary>
    public string? Find(string name) =>
        name.Length <= MaxName && names.Match(name) is { Success: true } match
            ? match.Groups["version"].Value.Replace(separator, '.')
            : null;

    /// <summary>The name of a version.</summary>
    public string Fill(string version) =>
        Template.Replace(
            Word,
            separator == Underscore ? version.Replace('.', Underscore) : version,
            StringComparison.Ordinal
        );
}
