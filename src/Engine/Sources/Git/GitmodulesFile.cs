using System.Text;

namespace Recipes.Engine.Sources.Git;

/// <summary>One submodule of <c>.gitmodules</c>.</summary>
/// <param name="Path">Relative to the work tree.</param>
/// <param name="Url">Null where none is written.</param>
/// <param name="Update"><c>none</c>, <c>checkout</c>…; null for git's default.</param>
internal sealed record GitmodulesEntry(string Path, string? Url, string? Update)
{
    /// <summary>How a pinned source is described.</summary>
    public static GitmodulesEntry Of(Submodule module) =>
        new(module.Path, module.Url, module.IsImported ? "none" : null);
}

/// <summary>
/// The text of a <c>.gitmodules</c>. Edits splice single values: all else stays byte for byte as it is.
/// </summary>
/// <remarks>See gitmodules(5).</remarks>
internal sealed class GitmodulesFile
{
    private readonly IReadOnlyList<ConfigItem> items;

    /// <summary>The names of submodules, in order.</summary>
    private readonly List<string> names = [];

    /// <summary>Of the same key the last one counts.</summary>
    private readonly Dictionary<(string Name, string Key), ConfigItem> last = [];

    private readonly Dictionary<string, string> nameOfPath = new(StringComparer.Ordinal);

    private GitmodulesFile(string text)
    {
        (Text, items) = (text, ConfigText.Read(".gitmodules", text));
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (item.Submodule is not { } name)
                continue;
            if (known.Add(name))
                names.Add(name);
            if (item.Key is not null)
                last[(name, item.Key)] = item;
        }
        foreach (var name in names)
        {
            if (Last(name, "path")?.Value is { } path)
                nameOfPath.TryAdd(path, name);
        }
    }

    /// <summary>The whole file.</summary>
    public string Text { get; }

    /// <summary>All submodules that have a path.</summary>
    public IEnumerable<GitmodulesEntry> Entries =>
        names
            .Select(x => (Name: x, Path: Last(x, "path")?.Value))
            .Where(x => x.Path is not null)
            .Select(x => new GitmodulesEntry(x.Path!, Last(x.Name, "url")?.Value, Last(x.Name, "update")?.Value));

    /// <exception cref="EngineException">The text is none that git would read; the message says where.</exception>
    public static GitmodulesFile Parse(string text) => new(text);

    /// <summary>The entry at a path, or null.</summary>
    public GitmodulesEntry? Find(string path) =>
        NameOf(path) is { } name ? new(path, Last(name, "url")?.Value, Last(name, "update")?.Value) : null;

    /// <summary>
    /// The name of the submodule at a path, which is that of its folder in <c>.git/modules</c>; null if there is none.
    /// </summary>
    public string? NameOf(string path) => nameOfPath.GetValueOrDefault(path);

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
        return Keep(x => x.Submodule != name || (x.Key is null && !x.IsHeader));
    }

    private GitmodulesFile Keep(Func<ConfigItem, bool> isKept)
    {
        var text = new StringBuilder(Text.Length);
        foreach (var item in items.Where(isKept))
            text.Append(Text, item.Start, item.End - item.Start);
        return new(text.ToString());
    }

    private ConfigItem? Last(string name, string key) => last.GetValueOrDefault((name, key));

    private string NewLine => Text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";

    private string Append(GitmodulesEntry entry)
    {
        var text = new StringBuilder(Text);
        if (Text.Length > 0 && !Text.EndsWith('\n'))
            text.Append(NewLine);
        text.Append("[submodule ").Append(ConfigText.QuoteName(entry.Path)).Append(']').Append(NewLine);
        foreach (
            var (key, value) in (ReadOnlySpan<(string, string?)>)
                [("path", entry.Path), ("url", entry.Url), ("update", entry.Update)]
        )
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
            return Keep(x => x.Submodule != name || x.Key != key);
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
