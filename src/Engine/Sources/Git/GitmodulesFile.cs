using System.Text;

namespace Recipes.Engine.Sources.Git;

/// <summary>One submodule of <c>.gitmodules</c>.</summary>
/// <param name="Path">Relative to the work tree.</param>
/// <param name="Url">Null where none is written.</param>
/// <param name="Update"><c>none</c>, <c>checkout</c>…; null for git's default.</param>
internal sealed record GitmodulesEntry(string Path, string? Url, string? Update)
{
    /// <summary>How a pinned source is described.</summary>
    public static GitmodulesEntry Of(Submodule module) => new(module.Path, module.Url, module.IsImported ? "none" : null);
}

/// <summary>The text of a <c>.gitmodules</c>. Edits splice single values: all else stays byte for byte as it is.</summary>
/// <remarks>See gitmodules(5).</remarks>
internal sealed class GitmodulesFile
{
    private readonly IReadOnlyList<ConfigItem> items;

    private GitmodulesFile(string text) => (Text, items) = (text, ConfigText.Read(".gitmodules", text));

    /// <summary>The whole file.</summary>
    public string Text { get; }

    /// <summary>All submodules that have a path.</summary>
    public IEnumerable<GitmodulesEntry> Entries =>
        Names().Select(x => (Name: x, Path: Last(x, "path")?.Value))
            .Where(x => x.Path is not null)
            .Select(x => new GitmodulesEntry(x.Path!, Last(x.Name, "url")?.Value, Last(x.Name, "update")?.Value));

    /// <exception cref="EngineException">The text is none that git would read; the message says where.</exception>
    public static GitmodulesFile Parse(string text) => new(text);

    /// <summary>The entry at a path, or null.</summary>
    public GitmodulesEntry? Find(string path) => Entries.FirstOrDefault(x => x.Path == path);

    /// <summary>The name of the submodule at a path, which is that of its folder in <c>.git/modules</c>; null if there is none.</summary>
    public string? NameOf(string path) => Names().FirstOrDefault(x => Last(x, "path")?.Value == path);

    /// <summary>The file with an entry as it should be; a new one comes last, and its name is its path.</summary>
    public GitmodulesFile With(GitmodulesEntry entry)
    {
        if (NameOf(entry.Path) is not { } name)
            return new(Append(entry));
        return Set(name, "url", entry.Url).Set(name, "update", entry.Update);
    }

    /// <summary>The file without the sections of the submodule at a path; comments stay.</summary>
    public GitmodulesFile Without(string path)
    {
        if (NameOf(path) is not { } name)
            return this;
        var kept = items.Where(x => x.Submodule != name || (x.Key is null && !x.IsHeader));
        return new(string.Concat(kept.Select(x => Text[x.Start..x.End])));
    }

    private IEnumerable<string> Names() => items.Select(x => x.Submodule).OfType<string>().Distinct(StringComparer.Ordinal);

    private ConfigItem? Last(string name, string key) => items.LastOrDefault(x => x.Submodule == name && x.Key == key);

    private string NewLine => Text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";

    private string Append(GitmodulesEntry entry)
    {
        var text = new StringBuilder(Text);
        if (Text.Length > 0 && !Text.EndsWith('\n'))
            text.Append(NewLine);
        text.Append("[submodule ").Append(ConfigText.QuoteName(entry.Path)).Append(']').Append(NewLine);
        foreach (var (key, value) in (ReadOnlySpan<(string, string?)>)[("path", entry.Path), ("url", entry.Url), ("update", entry.Update)])
        {
            if (value is not null)
                text.Append('\t').Append(key).Append(" = ").Append(ConfigText.Quote(value)).Append(NewLine);
        }
        return text.ToString();
    }

    private GitmodulesFile Set(string name, string key, string? value)
    {
        var item = Last(name, key);
        if (item?.Value == value)
            return this;
        if (value is null)
            return Parse(Text.Remove(item!.Start, item.End - item.Start)).Set(name, key, null);
        if (item is not null)
        {
            var written = (item.Value is null ? " = " : "") + ConfigText.Quote(value);
            return new(string.Concat(Text.AsSpan(0, item.ValueStart), written, Text.AsSpan(item.ValueEnd)));
        }
        var end = items.Last(x => x.Submodule == name && (x.Key is not null || x.IsHeader)).End;
        var lineEnd = Text[end - 1] == '\n' ? "" : NewLine;
        return new(Text.Insert(end, $"{lineEnd}\t{key} = {ConfigText.Quote(value)}{NewLine}"));
    }
}
