using Recipes.Engine.Content;

namespace Recipes.Engine.Sources.Git;

/// <summary>A commit and its tree: 40 hexadecimal digits each.</summary>
internal sealed record GitCommit(string Id, string Tree);

/// <summary>
/// What the store keeps of one upstream repository: the commits that were pinned, without their history.
/// </summary>
internal sealed class GitRepository
{
    private readonly string url;
    private readonly string path;

    public GitRepository(ContentStore store, string url)
    {
        this.url = url;
        path = Path.Join(store.Layout.Git, Digest.OfText(url).Hash[..32]);
        Git = new(path);
    }

    public GitProgram Git { get; }

    /// <summary>Where upstream is.</summary>
    public string Url => url;

    /// <summary>The bare repository's absolute path.</summary>
    public string Folder => path;

    /// <summary>Fetches a tag and tells its commit.</summary>
    /// <exception cref="EngineException">Upstream cannot be reached, or has no such tag.</exception>
    public async Task<GitCommit> FetchTagAsync(string tag, CancellationToken cancellationToken)
    {
        await FetchAsync($"+refs/tags/{tag}:refs/tags/{tag}", $"The tag '{tag}' of '{url}'", 1, cancellationToken);
        return await FindAsync($"refs/tags/{tag}", cancellationToken)
            ?? throw new EngineException($"The tag '{tag}' of '{url}' names no commit.");
    }

    /// <summary>Makes sure that a pinned commit is here; offline if it is already.</summary>
    /// <exception cref="EngineException">
    /// Upstream cannot be reached, or the tag was moved and the old commit is gone.
    /// </exception>
    public async Task<GitCommit> EnsureAsync(string commit, string tag, CancellationToken cancellationToken)
    {
        if (await FindAsync(commit, cancellationToken) is { } known)
            return known;
        var tagged = await FetchTagAsync(tag, cancellationToken);
        if (string.Equals(tagged.Id, commit, StringComparison.Ordinal))
            return tagged;
        var moved =
            $"The tag '{tag}' of '{url}' was moved: recipes.lock pins the commit {commit}, the tag is now "
            + $"{tagged.Id}, and the old commit";
        await FetchAsync(commit, moved, 1, cancellationToken);
        return await FindAsync(commit, cancellationToken) ?? throw new EngineException($"{moved} is no longer there.");
    }

    /// <summary>Makes sure that a commit is here that no tag has to name; offline if it is already.</summary>
    /// <exception cref="EngineException">Upstream cannot be reached, or does not have it.</exception>
    public async Task EnsureCommitAsync(string commit, CancellationToken cancellationToken)
    {
        if (await FindAsync(commit, cancellationToken) is not null)
            return;
        var subject = $"The commit {commit} of '{url}'";
        try
        {
            await FetchAsync($"+{commit}:refs/recipes/commits/{commit}", subject, 1, cancellationToken);
        }
        catch (EngineException)
        {
            // Not every server hands out a commit by its id alone: then it comes with all branches and tags.
            await FetchAsync("+refs/*:refs/upstream/*", subject, int.MaxValue, cancellationToken);
        }
        if (await FindAsync(commit, cancellationToken) is null)
            throw new EngineException($"{subject} is no longer there.");
    }

    /// <summary>The names of all tags that upstream has now; nothing is fetched.</summary>
    /// <exception cref="EngineException">Upstream cannot be reached.</exception>
    public async Task<IReadOnlyList<string>> ListTagsAsync(CancellationToken cancellationToken)
    {
        const string prefix = "refs/tags/";
        var listed = await Git.RunAsync(["ls-remote", "--tags", "--refs", "--", url], cancellationToken);
        if (!listed.IsSuccess)
            throw new EngineException(
                $"the tags of '{url}' cannot be listed: {listed.StandardError.Trim().ReplaceLineEndings(" ")}"
            );
        return
        [
            .. listed
                .StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(x => x[(x.IndexOf(prefix, StringComparison.Ordinal) + prefix.Length)..]),
        ];
    }

    /// <summary>A commit that is here already, or null.</summary>
    public async Task<GitCommit?> FindAsync(string revision, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(path))
            return null;
        var ids = new List<string>();
        foreach (var kind in (string[])["commit", "tree"])
        {
            var result = await Git.RunAsync(
                ["rev-parse", "--verify", "--quiet", "--end-of-options", $"{revision}^{{{kind}}}"],
                cancellationToken
            );
            if (!result.IsSuccess)
                return null;
            ids.Add(result.StandardOutput.Trim());
        }
        return new(ids[0], ids[1]);
    }

    private async Task FetchAsync(string reference, string subject, int depth, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var made = await Git.RunAsync(["init", "--quiet", "--bare"], cancellationToken);
        if (!made.IsSuccess)
            throw new EngineException($"The repository '{path}' cannot be made: {made.StandardError.Trim()}");
        var fetched = await Git.RunAsync(
            ["fetch", "--quiet", $"--depth={depth}", "--no-tags", "--", url, reference],
            cancellationToken
        );
        if (!fetched.IsSuccess)
            throw new EngineException($"{subject} could not be fetched: {fetched.StandardError.Trim()}");
    }
}
