using System.Text;

namespace Recipes.Engine.Graph;

/// <summary>Writes a graph as lines with branches.</summary>
internal sealed class TreeWriter
{
    private readonly GraphPart _part;
    private readonly StringBuilder _text = new();
    private readonly HashSet<string> _shown = new(StringComparer.Ordinal);

    private TreeWriter(GraphPart part) => _part = part;

    public static string Write(GraphPart part)
    {
        var writer = new TreeWriter(part);
        foreach (var root in part.Roots)
            writer.Root(root);
        return writer._text.ToString();
    }

    /// <summary>With its own stack: chains of dependencies may be longer than the machine's.</summary>
    private void Root(string root)
    {
        _text.Append(root).Append('\n');
        _shown.Add(root);
        var open = new Stack<(GraphLink Link, string Indent, bool IsLast)>();
        Open(root, "", open);
        while (open.TryPop(out var branch))
        {
            var (link, indent, isLast) = branch;
            _text
                .Append(indent)
                .Append(isLast ? "└── " : "├── ")
                .Append(link.To)
                .Append(" [")
                .Append(link.Label)
                .Append(']');
            var isNew = _shown.Add(link.To);
            _text.Append(isNew || _part.Links[link.To].IsEmpty ? "\n" : " …\n");
            if (isNew)
                Open(link.To, indent + (isLast ? "    " : "│   "), open);
        }
    }

    private void Open(string name, string indent, Stack<(GraphLink Link, string Indent, bool IsLast)> open)
    {
        var links = _part.Links[name];
        for (var i = links.Length - 1; i >= 0; i--)
            open.Push((links[i], indent, i == links.Length - 1));
    }
}
