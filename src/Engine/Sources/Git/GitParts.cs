using System.Collections.Immutable;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources.Trees;

namespace Recipes.Engine.Sources.Git;

/// <summary>A commit whose files are part of a source.</summary>
/// <param name="Path">Where they go: empty for the source's own commit, else that of a submodule.</param>
/// <param name="Repository">Has the commit.</param>
/// <param name="Commit">40 hexadecimal digits.</param>
internal sealed record GitPart(string Path, GitRepository Repository, string Commit)
{
    /// <summary>Where a path of the commit is in the source.</summary>
    public string PathOf(string inner) => Path.Length == 0 ? inner : $"{Path}/{inner}";
}

/// <summary>
/// What a source from git is made of: upstream's commit, and those of its submodules, of theirs, and so on.
/// </summary>
/// <param name="All">Every commit, each after the one whose submodule it is.</param>
/// <param name="Included">Paths of submodules in whose place the recipe includes another source.</param>
internal sealed record GitParts(ImmutableArray<GitPart> All, ImmutableArray<string> Included)
{
    private const int MaxParts = 1000;

    /// <summary>Paths of the submodules.</summary>
    public ImmutableArray<string> Submodules => [.. All.Select(x => x.Path).Where(x => x.Length > 0)];

    /// <summary>Finds out, and fetches what is not there yet; the commits decide all of it.</summary>
    /// <param name="store">Keeps the repositories.</param>
    /// <param name="source">What it does not want is not fetched.</param>
    /// <param name="repository">Upstream's.</param>
    /// <param name="commit">The repository has it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="EngineException">A submodule cannot be had; the message says what to do.</exception>
    public static async Task<GitParts> EnsureAsync(
        ContentStore store,
        SourceSpec source,
        GitRepository repository,
        string commit,
        CancellationToken cancellationToken
    )
    {
        var wanted = WantedPaths.Of(source);
        var parts = new List<GitPart> { new("", repository, commit) };
        var included = new List<string>();
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts.Count > MaxParts)
                throw new EngineException($"'{source.Git}' has more than {MaxParts} submodules.");
            var part = parts[i];
            var gitlinks = GitListing.Of(part.Repository.Git, part.Commit).Where(x => x.IsGitlink).ToList();
            GitmodulesFile? modules = null;
            foreach (var gitlink in gitlinks)
            {
                var path = part.PathOf(gitlink.Path);
                if (source.Include.ContainsKey(path))
                    included.Add(path);
                else if (wanted.WantsBelow(path))
                {
                    modules ??= await ModulesAsync(part, cancellationToken);
                    parts.Add(await EnsureAsync(store, part, path, gitlink, modules, cancellationToken));
                }
            }
        }
        return new([.. parts], [.. included]);
    }

    private static async Task<GitmodulesFile> ModulesAsync(GitPart part, CancellationToken cancellationToken)
    {
        var text = await part.Repository.Git.RunAsync(
            ["cat-file", "blob", $"{part.Commit}:.gitmodules"],
            cancellationToken
        );
        return GitmodulesFile.Parse(text.IsSuccess ? text.StandardOutput : "");
    }

    private static async Task<GitPart> EnsureAsync(
        ContentStore store,
        GitPart parent,
        string path,
        GitListing gitlink,
        GitmodulesFile modules,
        CancellationToken cancellationToken
    )
    {
        const string remedy = "'include' in [source] can lay another recipe's source there, 'except' leaves it out";
        if (modules.Find(gitlink.Path)?.Url is not { } written)
            throw new EngineException($"The submodule '{path}' of '{parent.Repository.Url}' has no URL; {remedy}.");
        if (SubmoduleUrl.Resolve(parent.Repository.Url, written) is not { } url)
            throw new EngineException(
                $"The submodule '{path}' of '{parent.Repository.Url}' is at '{Excerpt.Of(written)}', from where it is "
                    + $"not fetched; {remedy}."
            );
        var repository = new GitRepository(store, url);
        try
        {
            await repository.EnsureCommitAsync(gitlink.Id, cancellationToken);
        }
        catch (EngineException e)
        {
            throw new EngineException(
                $"The submodule '{path}' of '{parent.Repository.Url}' is not available: {e.Text}\n{remedy}.",
                e
            );
        }
        return new(path, repository, gitlink.Id);
    }
}
