using System.Globalization;
using System.Text;
using CliWrap;
using Recipes.Engine.Content;

namespace Recipes.Engine.Sources.Git;

/// <summary>Brings a tree of the store into a git repository as one commit, through <c>git fast-import</c>.</summary>
/// <remarks>See git-fast-import(1).</remarks>
internal static class FastImport
{
    private const int ChunkSize = 1 << 17;

    /// <summary>Imports a tree as a root commit.</summary>
    /// <param name="git">The repository.</param>
    /// <param name="reference">The new reference that names the commit.</param>
    /// <param name="commit">Its message; author, committer and date are fixed.</param>
    /// <param name="tree">Files and links.</param>
    /// <param name="directory">Where their content is.</param>
    /// <param name="cancellationToken">Stops it; the reference is not made then.</param>
    /// <exception cref="EngineException">git failed, or made another commit of it.</exception>
    public static async Task RunAsync(
        GitProgram git,
        string reference,
        ImportCommit commit,
        Tree tree,
        string directory,
        CancellationToken cancellationToken
    )
    {
        var input = PipeSource.Create((stream, token) => WriteAsync(stream, reference, commit, tree, directory, token));
        var result = await git.RunAsync(
            ["fast-import", "--quiet", "--done", "--date-format=raw"],
            input,
            cancellationToken
        );
        if (!result.IsSuccess)
            throw new EngineException($"git fast-import failed: {result.StandardError.Trim()}");
        var made = await git.RequireAsync(["rev-parse", reference], cancellationToken);
        if (made == commit.Id)
            return;
        await git.RequireAsync(["update-ref", "-d", reference], cancellationToken);
        throw new EngineException(
            $"git makes the commit {made} of a source that is pinned as {commit.Id}; the store may be damaged: "
                + $"{new Remedy(RemedyKind.VerifyStore)}"
        );
    }

    private static async Task WriteAsync(
        Stream stream,
        string reference,
        ImportCommit commit,
        Tree tree,
        string directory,
        CancellationToken cancellationToken
    )
    {
        await using var buffered = new BufferedStream(stream, ChunkSize);
        var message = Encoding.UTF8.GetBytes(commit.Message);
        await Line($"commit {reference}\ncommitter {ImportCommit.Identity}");
        await DataAsync(message);
        foreach (var entry in tree.Walk())
        {
            if (entry.Kind == TreeEntryKind.Folder)
                continue;
            var mode =
                entry.Kind == TreeEntryKind.Link ? "120000"
                : entry.IsExecutable ? "100755"
                : "100644";
            await Line($"M {mode} inline {Quote(entry.Path)}");
            await DataAsync(
                entry.Kind == TreeEntryKind.Link
                    ? Encoding.UTF8.GetBytes(entry.Target!)
                    : await File.ReadAllBytesAsync(Path.Join(directory, entry.Path), cancellationToken)
            );
        }
        await Line("done");

        async Task Line(string text) =>
            await buffered.WriteAsync(Encoding.UTF8.GetBytes(text + "\n"), cancellationToken);

        async Task DataAsync(byte[] content)
        {
            await Line(string.Create(CultureInfo.InvariantCulture, $"data {content.Length}"));
            await buffered.WriteAsync(content, cancellationToken);
            await Line("");
        }
    }

    private static string Quote(string path) =>
        "\""
        + path.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal)
        + "\"";
}
