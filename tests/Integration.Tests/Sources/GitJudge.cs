using System.Diagnostics;
using Xunit;

namespace Recipes.Integration.Tests.Sources;

/// <summary>The real git, with nothing of the person's own configuration.</summary>
internal sealed class GitJudge(string folder)
{
    public string Folder => folder;

    public string Run(params string[] arguments) => RunWith(null, arguments);

    public string RunWith(string? input, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-C", folder, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        foreach (var who in (string[])["AUTHOR", "COMMITTER"])
        {
            start.Environment[$"GIT_{who}_NAME"] = "recipes";
            start.Environment[$"GIT_{who}_EMAIL"] = "recipes@localhost";
            start.Environment[$"GIT_{who}_DATE"] = "@1 +0000";
        }
        using var process = Process.Start(start)!;
        process.StandardInput.Write(input ?? "");
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"git {string.Join(' ', arguments)}: {errors.Result}");
        return output.TrimEnd('\n');
    }

    /// <summary>A new repository in a folder that may hold files already.</summary>
    public static GitJudge Init(string folder)
    {
        Directory.CreateDirectory(folder);
        var git = new GitJudge(folder);
        git.Run("init", "--quiet", "--initial-branch=main");
        return git;
    }

    /// <summary>Commits all files as they are, also those that an ignore file names, and tells the commit.</summary>
    public string CommitAll(string message = "x")
    {
        Run("-c", "core.autocrlf=false", "add", "--all", "--force");
        Run("commit", "--quiet", "--allow-empty", "-m", message);
        return Run("rev-parse", "HEAD");
    }
}
