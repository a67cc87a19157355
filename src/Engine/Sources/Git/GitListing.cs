using System.Text;

namespace Recipes.Engine.Sources.Git;

/// <summary>A file, link or submodule of a commit.</summary>
/// <param name="Mode">As git writes it.</param>
/// <param name="Id">Of the blob, or the commit.</param>
/// <param name="Path">With U+FFFD where it is not UTF-8.</param>
internal sealed record GitListing(string Mode, string Id, string Path)
{
    /// <summary>True for a submodule.</summary>
    public bool IsGitlink => Mode == "160000";

    /// <summary>True for a symbolic link.</summary>
    public bool IsLink => Mode == "120000";

    /// <summary>Everything in a commit.</summary>
    /// <exception cref="EngineException">git cannot read it.</exception>
    public static List<GitListing> Of(GitProgram git, string commit)
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
                .Select(x => new GitListing(x[0].Split(' ')[0], x[0].Split(' ')[2], x[1])),
        ];
    }
}
