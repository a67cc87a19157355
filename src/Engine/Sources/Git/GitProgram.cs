using System.ComponentModel;
using System.Diagnostics;
using CliWrap;
using CliWrap.Buffered;

namespace Recipes.Engine.Sources.Git;

/// <summary>
/// Runs the host's git on one repository, whatever repository the caller stands in and whoever owns it.
/// </summary>
/// <param name="repository">The git folder.</param>
/// <param name="workTree">The work tree; null for a bare repository.</param>
/// <param name="index">The file of another index than the repository's, or null.</param>
internal sealed class GitProgram(string repository, string? workTree = null, string? index = null)
{
    /// <summary>git for what needs no repository: it looks for none, wherever it runs.</summary>
    public static GitProgram Outside { get; } = new("/dev/null");

    /// <summary>True to read no configuration or attributes of the machine and of the user.</summary>
    public bool IsIsolated { get; init; }

    // Hooks and monitors belong to whoever owns the repository, and need not be trusted.
    private readonly string[] place =
    [
        "-c",
        "safe.directory=*",
        "-c",
        "core.hooksPath=/dev/null",
        "-c",
        "core.fsmonitor=false",
        // A server that sends nothing, or next to nothing, is given up.
        "-c",
        "http.lowSpeedLimit=1024",
        "-c",
        "http.lowSpeedTime=60",
        // Nothing has its name before it is on the disk.
        "-c",
        "core.fsync=all",
        $"--git-dir={repository}",
        .. workTree is null ? (string[])[] : [$"--work-tree={workTree}"],
    ];

    /// <summary>
    /// What git sets for its hooks, and what would lead it elsewhere: see <c>git rev-parse --local-env-vars</c>.
    /// </summary>
    private static readonly string[] Leading =
    [
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_CEILING_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_GRAFT_FILE",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_NO_REPLACE_OBJECTS",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_REPLACE_REF_BASE",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    ];

    /// <summary>Runs git to its end.</summary>
    /// <exception cref="EngineException">git is not on this machine.</exception>
    public Task<BufferedCommandResult> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        RunAsync(arguments, PipeSource.Null, cancellationToken);

    /// <summary>Runs git to its end, with something to read.</summary>
    /// <exception cref="EngineException">git is not on this machine.</exception>
    public async Task<BufferedCommandResult> RunAsync(
        IReadOnlyList<string> arguments,
        PipeSource input,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await Cli.Wrap("git")
                .WithArguments([.. place, .. arguments])
                .WithStandardInputPipe(input)
                .WithWorkingDirectory(workTree ?? Path.GetTempPath())
                .WithEnvironmentVariables(x =>
                {
                    foreach (var name in Leading)
                        x.Set(name, null);
                    if (index is not null)
                        x.Set("GIT_INDEX_FILE", index);
                    if (IsIsolated)
                        x.Set("GIT_CONFIG_NOSYSTEM", "1")
                            .Set("GIT_CONFIG_GLOBAL", "/dev/null")
                            .Set("GIT_CONFIG_COUNT", null)
                            .Set("GIT_CONFIG_PARAMETERS", null)
                            .Set("GIT_ATTR_NOSYSTEM", "1");
                    x.Set("GIT_TERMINAL_PROMPT", "0").Set("LC_ALL", "C");
                })
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(cancellationToken);
        }
        catch (Win32Exception e)
        {
            throw EngineException.MissingProgram("git", "for sources from git", e);
        }
    }

    /// <summary>What git answers, without the last line end.</summary>
    /// <exception cref="EngineException">It failed; the message has what git says.</exception>
    public async Task<string> RequireAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var result = await RunAsync(arguments, cancellationToken);
        return result.IsSuccess
            ? result.StandardOutput.TrimEnd('\n')
            : throw new EngineException(
                $"git {arguments[0]} failed in '{workTree ?? repository}': {result.StandardError.Trim()}"
            );
    }

    /// <summary>Starts git with its standard input and output open.</summary>
    /// <exception cref="EngineException">git is not on this machine.</exception>
    public Process Start(params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("git", [.. place, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var name in Leading)
            start.Environment.Remove(name);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw EngineException.MissingProgram("git", "for sources from git", e);
        }
    }
}
