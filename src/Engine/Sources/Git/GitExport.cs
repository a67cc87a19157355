using System.Diagnostics;
using System.Globalization;
using System.Text;
using Recipes.Engine.Sources.Trees;

namespace Recipes.Engine.Sources.Git;

/// <summary>
/// Lays the files of a commit down as they are in git: no attribute, filter or line end conversion takes part, which
/// <c>git archive</c> and <c>git checkout</c> would apply.
/// </summary>
internal static class GitExport
{
    /// <summary>Lays down all parts of a source, but for what is not wanted.</summary>
    /// <exception cref="ImportException">A part holds what no source may hold.</exception>
    public static void Run(GitParts parts, TreeImport import, WantedPaths filter, CancellationToken cancellationToken)
    {
        foreach (var part in parts.All)
            Run(part, import, filter, cancellationToken);
    }

    private static void Run(GitPart part, TreeImport import, WantedPaths filter, CancellationToken cancellationToken)
    {
        var git = part.Repository.Git;
        // A submodule is a part of its own, or not wanted.
        var entries = GitListing
            .Of(git, part.Commit)
            .Where(x => !x.IsGitlink)
            .Select(x => x with { Path = part.PathOf(x.Path) })
            .Where(x => filter.Wants(EntryPath.Segments(x.Path)));
        Run(git, entries, import, cancellationToken);
    }

    /// <summary>Lays down files of a repository, under the paths that they are given.</summary>
    /// <exception cref="ImportException">One is what no source may hold.</exception>
    public static void Run(
        GitProgram git,
        IEnumerable<GitListing> entries,
        TreeImport import,
        CancellationToken cancellationToken
    )
    {
        using var process = git.Start("cat-file", "--batch");
        using var output = new BufferedStream(process.StandardOutput.BaseStream, 1 << 17);
        try
        {
            foreach (var entry in entries)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Add(import, entry, process, output);
            }
        }
        finally
        {
            process.StandardInput.Close();
            if (!process.WaitForExit(TimeSpan.FromSeconds(1)))
                process.Kill();
        }
    }

    private static void Add(TreeImport import, GitListing entry, Process process, Stream output)
    {
        var path = EntryPath.Split(entry.Path);
        process.StandardInput.Write(entry.Id + "\n");
        process.StandardInput.Flush();
        var size = Size(ReadLine(output), entry.Path);
        if (entry.IsLink)
        {
            var target = new byte[size];
            output.ReadExactly(target);
            import.AddLink(path, Encoding.UTF8.GetString(target));
        }
        else
            import.AddFile(path, entry.Mode == "100755", output, size);
        output.ReadByte();
    }

    /// <summary><c>ID blob SIZE</c>.</summary>
    private static long Size(string header, string name) =>
        header.Split(' ') is [_, "blob", var size]
            ? long.Parse(size, CultureInfo.InvariantCulture)
            : throw new EngineException($"git could not read '{name}': {header}");

    private static string ReadLine(Stream output)
    {
        var line = new StringBuilder();
        for (var next = output.ReadByte(); next >= 0 && next != '\n'; next = output.ReadByte())
            line.Append((char)next);
        return line.ToString();
    }
}
