using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Recipes.Engine.Content;
using Recipes.Engine.Model;
using Recipes.Engine.Sources;
using Recipes.Engine.Sources.Downloads;
using Recipes.Engine.Sources.Locking;
using Recipes.Engine.Sources.Releases;
using Recipes.Engine.Workspaces;
using Recipes.Engine.Workspaces.Toml;

namespace Recipes.Engine.Bumping;

/// <summary>Finds out which version is meant, how the recipe has to be written for it, and imports it.</summary>
internal sealed class NewSource(ContentStore store, Locker locker, Upstream upstream, DownloadWatch watch)
{
    /// <summary>The version that a request means, and the places that could not be asked for it.</summary>
    /// <exception cref="EngineException">There is none to be found.</exception>
    public async Task<(string Version, ImmutableArray<UnreachedPlace> Unreached)> VersionAsync(
        OwnSource source,
        BumpRequest request,
        CancellationToken cancellationToken
    )
    {
        if (request.Version is not null)
            return (request.Version, []);
        if (request.Archive is { } archive)
            return (
                Named(source, archive, isArchive: true)
                    ?? throw Unclear(source, RemedyKind.NameVersionOfArchive, archive),
                []
            );
        if (request.Tag is { } tag)
            return (
                Named(source, tag, isArchive: false) ?? throw Unclear(source, RemedyKind.NameVersionOfTag, tag),
                []
            );
        var answer = await upstream.AskAsync(source, RecipeText.Read(source.Recipe), cancellationToken);
        if (answer.Newest(source.Version) is not { } newest)
            throw new EngineException(
                $"no version of '{source.Name}' was found:\n"
                    + $"{MessageText.Lines(answer.Unreached.Select(x => (MessageText)$"  {x.Place}: {x.Reason}"))}\n"
                    + $"To go on, "
                    + $"{new Remedy(RemedyKind.NameVersion, source.Name)}; where nothing can be downloaded, "
                    + $"{new Remedy(RemedyKind.NameArchive)}."
            );
        // A mirror that lags behind is no reason to go back.
        return (VersionOrder.Instance.Compare(newest, source.Version) < 0 ? source.Version : newest, answer.Unreached);
    }

    /// <summary>Writes the version in each likely way until one yields a source.</summary>
    /// <exception cref="EngineException">None does; the message lists what was tried.</exception>
    public async Task<(EditedRecipes Edited, Workspace Workspace, Pin Pin)> ImportAsync(
        Workspace workspace,
        OwnSource source,
        string version,
        BumpRequest request,
        CancellationToken cancellationToken
    )
    {
        var given = request.Archive is null ? default : await TakeAsync(request.Archive, cancellationToken);
        var faults = new List<MessageText>();
        await foreach (var candidate in CandidatesAsync(workspace, source, version, request, faults, cancellationToken))
        {
            var edited = Workspace.Load(workspace.Root, candidate.Texts, null, cancellationToken);
            if (!edited.Diagnostics.IsEmpty)
                throw new EngineException(string.Join('\n', edited.Diagnostics));
            try
            {
                return (
                    candidate,
                    edited,
                    await locker.PinAsync(edited.RequireSource(source.Name), given, cancellationToken)
                );
            }
            catch (EngineException e)
            {
                faults.Add(e.Text);
            }
        }
        MessageText fix =
            given.IsEmpty && source.Spec.Archive is not null
                ? (MessageText)
                    $"\nTo see what there is, {new Remedy(RemedyKind.ListVersions, source.Name)}; if you have it "
                    + $"from elsewhere, {new Remedy(RemedyKind.NameArchive)}."
                : "";
        throw new EngineException(
            $"{MessageText.Lines(faults.Distinct())}\n'{source.Name}' stays at {source.Version}; nothing was "
                + $"changed.{fix}"
        );
    }

    private async IAsyncEnumerable<EditedRecipes> CandidatesAsync(
        Workspace workspace,
        OwnSource source,
        string version,
        BumpRequest request,
        List<MessageText> faults,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var candidates = EditedRecipes.Candidates(workspace, source, version, request.Tag).ToList();
        // A given archive is what it is, however its place is written.
        if (request.Archive is not null)
            candidates.RemoveRange(1, candidates.Count - 1);
        foreach (var candidate in candidates)
            yield return candidate;
        if (request.Archive is not null)
            yield break;
        foreach (var candidate in candidates)
        {
            if (await RenamedAsync(candidate, source, version, faults, cancellationToken) is { } renamed)
                yield return renamed;
        }
    }

    /// <summary>
    /// With the names that Debian gave to the files of this version; null if they are those of the templates.
    /// </summary>
    private async Task<EditedRecipes?> RenamedAsync(
        EditedRecipes candidate,
        OwnSource source,
        string version,
        List<MessageText> faults,
        CancellationToken cancellationToken
    )
    {
        var result = candidate;
        foreach (
            var template in candidate.Places.Where(x => x.StartsWith("debian:", StringComparison.Ordinal)).ToList()
        )
        {
            try
            {
                if (
                    await upstream.FindInPoolAsync(template, source.Version, version, cancellationToken) is { } found
                    && found != template
                )
                    result = result.With(template, found);
            }
            catch (EngineException e)
            {
                faults.Add(e.Text);
            }
        }
        return ReferenceEquals(result, candidate) ? null : result;
    }

    private async Task<Digest> TakeAsync(string file, CancellationToken cancellationToken)
    {
        using var scratch = store.CreateScratch("archive");
        var copy = Path.Join(scratch.Path, "archive");
        try
        {
            await using (var from = File.OpenRead(file))
            await using (var to = File.Create(copy))
                await from.CopyToAsync(to, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException($"The archive '{file}' cannot be read: {e.Message}", e);
        }
        return store.AddBlobFile(copy);
    }

    /// <summary>The place as the recipe has it: a mirror's host is of this machine alone.</summary>
    public string OriginOf(OwnSource source)
    {
        var spec = source.Spec;
        if (spec.Archive is null)
            return $"tag {spec.Tag} of {spec.Git}";
        var url = watch.LastUrl(source.Name);
        return spec.Mirrors.Prepend(spec.Archive)
            .FirstOrDefault(x => url?.EndsWith(PathOf(x), StringComparison.Ordinal) ?? false)
            ?? spec.Archive;

        static string PathOf(string place) => place[(place.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }

    private static EngineException Unclear(OwnSource source, RemedyKind fix, string given) =>
        new($"the name '{given}' does not show which version it is; {new Remedy(fix, source.Name, given)}");

    /// <summary>The version in the name of an archive or tag, by the recipe's templates.</summary>
    private static string? Named(OwnSource source, string given, bool isArchive)
    {
        var text = RecipeText.Read(source.Recipe);
        var templates = isArchive
            ? text.Strings("source", "archive")
                .Concat(text.Strings("source", "mirrors"))
                .Select(x => Path.GetFileName(x.Value.Replace(':', '/')))
            : text.Strings("source", "tag").Select(x => x.Value);
        var name = isArchive ? Path.GetFileName(given) : given;
        return templates
            .Select(x =>
                VersionPattern
                    .Of(x.Replace("{name}", source.Name, StringComparison.Ordinal), source.Version)
                    ?.Find(name)
            )
            .FirstOrDefault(x => x is not null);
    }
}
