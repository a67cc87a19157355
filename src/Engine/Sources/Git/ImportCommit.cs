using System.Collections.Immutable;
using System.Text;
using Recipes.Engine.Content;
using Recipes.Engine.Sources.Trees;

namespace Recipes.Engine.Sources.Git;

/// <summary>
/// The root commit that an imported archive becomes: author, committer and date are fixed, so that its id is a pure
/// function of the archive and of how it is read.
/// </summary>
internal sealed record ImportCommit
{
    /// <summary>Author and committer, as git writes them, with their date: one second after the epoch.</summary>
    public const string Identity = "recipes <recipes@localhost> 1 +0000";

    private ImportCommit(string tree, string message)
    {
        (Tree, Message) = (tree, message);
        var text = $"tree {tree}\nauthor {Identity}\ncommitter {Identity}\n\n{message}";
        Id = Convert.ToHexStringLower(GitObject.Id("commit", Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>40 hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>The git tree, 40 hexadecimal digits.</summary>
    public string Tree { get; }

    /// <summary>The whole message, ending in a line feed.</summary>
    public string Message { get; }

    /// <summary>The commit of an archive.</summary>
    /// <param name="tree">The git tree of its files.</param>
    /// <param name="archiveUrl">Its URL; only the file's name takes part.</param>
    /// <param name="archive">Its SHA-256.</param>
    /// <param name="inner">The glob of the inner archive, or null.</param>
    /// <param name="only">The globs that narrowed the tree.</param>
    public static ImportCommit Of(
        string tree,
        string archiveUrl,
        Digest archive,
        string? inner,
        ImmutableArray<string> only
    )
    {
        var message = new StringBuilder();
        message.Append("Import ").Append(FileName(archiveUrl)).Append("\n\nsha256: ").Append(archive.Hash).Append('\n');
        if (inner is not null)
            message.Append("inner: ").Append(inner).Append('\n');
        foreach (var glob in only)
            message.Append("only: ").Append(glob).Append('\n');
        return new(tree, message.ToString());
    }

    /// <summary>The last segment of a URL's path.</summary>
    public static string FileName(string url)
    {
        var path = url.AsSpan();
        if (path.IndexOfAny('?', '#') is var end and >= 0)
            path = path[..end];
        path = path.TrimEnd('/');
        return path[(path.LastIndexOfAny('/', ':') + 1)..].ToString();
    }
}
