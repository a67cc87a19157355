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
    /// <exception cref="ImportException">The commit holds a submodule, or a link that leads outside.</exception>
    public static void Run(
        GitProgram git,
        string commit,
        TreeImport import,
        WantedPaths filter,
        CancellationToken cancellationToken
    )
    {
        var entries = List(git, commit);
        using var process = git.Start("cat-file", "--batch");
        using var output = new BufferedStream(process.StandardOutput.BaseStream, 1 << 17);
        try
        {
            foreach (var entry in entries.Where(x => filter.Wants(EntryPath.Segments(x.Path))))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Add(import, (entry.Mode, entry.Id, EntryPath.Split(entry.Path)), process, output);
            }
        }
        finally
        {
            process.StandardInput.Close();
            if (!process.WaitForExit(TimeSpan.FromSeconds(1)))
                process.Kill();
        }
    }

    private static List<(string Mode, string Id, string Path)> List(GitProgram git, string commit)
    {
        using var process = git.Start("ls-tree", "-r", "-z", "--full-tree", commit);
        process.StandardInput.Close();
        using var reader = new StreamReader(process.StandardOutput.BaseStream, Encoding.UTF8);
        var text = reader.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new EngineException($"git could not list the commit {commit}.");
        // "mode kind id\tpath"
        return
        [
            .. text.Split('\0', StringSplitOptions.RemoveEmptyEntries)
                .Select(x => x.Split('\t', 2))
                .Select(x => (x[0].Split(' ')[0], x[0].Split(' ')[2], x[1])),
        ];
    }

    private static void Add(
        TreeImport import,
        (string Mode, string Id, string[] Path) entry,
        Process process,
        Stream output
    )
    {
        var name = string.Join('/', entry.Path);
        if (entry.Mode == "160000")
            throw new ImportException($"'{name}' is a submodule, and sources with submodules are not supported");
        process.StandardInput.Write(entry.Id + "\n");
        process.StandardInput.Flush();
        var size = Size(ReadLine(output), name);
        if (entry.Mode == "120000")
        {
            var target = new byte[size];
            output.ReadExactly(target);
            import.AddLink(entry.Path, Encoding.UTF8.GetString(target));
        }
        else
            import.AddFile(entry.Path, entry.Mode == "100755", output, size);
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
