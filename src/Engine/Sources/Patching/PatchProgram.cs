using Recipes.Engine.Model;
using Recipes.Engine.Sources.Git;

namespace Recipes.Engine.Sources.Patching;

/// <summary>
/// Applies patches by <c>git apply</c>: all that git can express works (modes, renames, links, binary files), context
/// has to match to the byte though it may have moved, and a patch is applied whole or not at all.
/// </summary>
/// <remarks>
/// It runs on a repository of its own, without any configuration of this machine, whose attributes win over those in
/// the source: nothing turns line ends or anything else over on the way. See git-apply(1) and gitattributes(5).
/// </remarks>
internal sealed class PatchProgram
{
    private readonly string repository;

    private PatchProgram(string repository) => this.repository = repository;

    /// <summary>Prepares git to apply patches.</summary>
    /// <param name="folder">An existing empty folder for what git needs.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="EngineException">git is not on this machine.</exception>
    public static async Task<PatchProgram> CreateAsync(string folder, CancellationToken cancellationToken)
    {
        await GitProgram.Outside.RequireAsync(["init", "--quiet", "--bare", "--template=", folder], cancellationToken);
        Directory.CreateDirectory(Path.Join(folder, "info"));
        await File.WriteAllTextAsync(
            Path.Join(folder, "info", "attributes"),
            "* -text -eol -ident -filter -working-tree-encoding -whitespace\n",
            cancellationToken
        );
        return new(folder);
    }

    /// <summary>Applies a patch to a folder.</summary>
    /// <param name="patch">The patch.</param>
    /// <param name="folder">Where to; its files may be shared by hard links, for git never writes into one.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Null if it did; else the folder is as it was.</returns>
    public async Task<FailedPatch?> ApplyAsync(SourcePatch patch, string folder, CancellationToken cancellationToken)
    {
        if (!File.Exists(patch.Path))
            return new(patch.Owner.Name, patch.File, "it does not exist", IsUpstream: false);
        if (await ErrorsAsync(patch, folder, patch.Strip, cancellationToken) is not { } errors)
            return null;
        var isUpstream =
            await ErrorsAsync(patch, folder, patch.Strip, cancellationToken, "--reverse", "--check") is null;
        var other = patch.Strip == 0 ? SourceSpec.UsualStrip : 0;
        var reason =
            !isUpstream && await ErrorsAsync(patch, folder, other, cancellationToken, "--check") is null
                ? $"{errors}; it applies with 'strip = {other}' in [source]"
                : errors;
        return new(patch.Owner.Name, patch.File, reason, isUpstream);
    }

    private async Task<string?> ErrorsAsync(
        SourcePatch patch,
        string folder,
        int strip,
        CancellationToken cancellationToken,
        params string[] options
    )
    {
        var git = new GitProgram(repository, folder) { IsIsolated = true };
        var result = await git.RunAsync(
            ["apply", $"-p{strip}", "--whitespace=nowarn", .. options, patch.Path],
            cancellationToken
        );
        return result.IsSuccess ? null : OnOneLine(result.StandardError);
    }

    private static string OnOneLine(string errors) =>
        string.Join(
            "; ",
            errors
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(x => x.Replace("error: ", "", StringComparison.Ordinal))
        );
}
