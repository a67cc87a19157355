using System.Text;
using Recipes.Engine.Sources.Locking;
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

    /// <summary>
    /// The commit of a pinned archive, whatever commit the pin has: of its URL, only the file's name takes part.
    /// </summary>
    public static ImportCommit Of(Pin pin)
    {
        var message = new StringBuilder();
        message.Append("Import ").Append(FileName(pin.Archive!)).Append("\n\n");
        message.Append("sha256: ").Append(pin.ArchiveDigest.Hash).Append('\n');
        if (pin.Inner is not null)
            message.Append("inner: ").Append(pin.Inner).Append('\n');
        foreach (var further in pin.Also)
            message
                .Append("also: ")
                .Append(FileName(further.Archive))
                .Append(" into ")
                .Append(further.Into)
                .Append("\nsha256: ")
                .Append(further.Digest.Hash)
                .Append('\n');
        foreach (var glob in pin.Only)
            message.Append("only: ").Append(glob).Append('\n');
        foreach (var glob in pin.Except)
            message.Append("except: ").Append(glob).Append('\n');
        return new(pin.GitTree, message.ToString());
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
