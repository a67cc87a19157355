using System.Collections.Immutable;
using System.Text;
using Recipes.Engine.Content;
using Recipes.Engine.Sources.Archives;
using Recipes.Engine.Sources.Downloads;
using Recipes.Engine.Sources.Importing;
using Recipes.Engine.Sources.Trees;

namespace Recipes.Engine.Sources.Debian;

/// <summary>The lists of a suite, and when they were made.</summary>
/// <typeparam name="T">What was read.</typeparam>
internal sealed record DatedIndex<T>(T Content, DateTimeOffset Date);

/// <summary>
/// Brings the lists of a suite (component main, amd64), each by the digest that the suite's signed list of files
/// states.
/// </summary>
internal sealed class SuiteIndex(SourceImporter importer)
{
    /// <summary>Many times what any suite has.</summary>
    private const long MaxRelease = 16 << 20;

    /// <summary>What a list may unpack to, if the suite does not state it.</summary>
    private const long MaxList = 512 << 20;

    /// <summary>The binary packages.</summary>
    /// <param name="suite">As Debian names it.</param>
    /// <param name="snapshot">For the snapshot service.</param>
    /// <param name="notBefore">The date of the newest list that was believed before; null if there was none.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="EngineException">
    /// It is not available, or is not what the suite's list of files says.
    /// </exception>
    public Task<DatedIndex<ImmutableDictionary<string, DebianPackage>>> ReadAsync(
        string suite,
        string snapshot,
        DateTimeOffset? notBefore,
        CancellationToken cancellationToken
    ) => ReadAsync(suite, "main/binary-amd64/Packages", PackagesIndex.Read, snapshot, notBefore, cancellationToken);

    /// <summary>The release archives by folder of the pool.</summary>
    /// <exception cref="EngineException">
    /// It is not available, or is not what the suite's list of files says.
    /// </exception>
    public async Task<ImmutableDictionary<string, ImmutableSortedSet<string>>> ReadSourcesAsync(
        string suite,
        string snapshot,
        CancellationToken cancellationToken
    ) => (await ReadAsync(suite, "main/source/Sources", SourcesIndex.Read, snapshot, null, cancellationToken)).Content;

    private async Task<DatedIndex<T>> ReadAsync<T>(
        string suite,
        string path,
        Func<TextReader, T> read,
        string snapshot,
        DateTimeOffset? notBefore,
        CancellationToken cancellationToken
    )
    {
        var packed = path + ".xz";
        var release = await ReadReleaseAsync(suite, packed, snapshot, notBefore, cancellationToken);
        var list = await DownloadAsync(suite, packed, release.Files[packed], snapshot, cancellationToken);
        var size = release.Files.TryGetValue(path, out var unpacked) ? unpacked.Size : MaxList;
        return new(
            await Task.Run(() => Read(list, suite, read, size, cancellationToken), cancellationToken),
            release.Date
        );
    }

    /// <summary>The suite's list of files, of the first place whose is right.</summary>
    private async Task<ReleaseFile> ReadReleaseAsync(
        string suite,
        string wanted,
        string snapshot,
        DateTimeOffset? notBefore,
        CancellationToken cancellationToken
    )
    {
        var signature = new ReleaseSignature(
            importer.Store,
            importer.Options.SignatureProgram,
            importer.Options.DebianKeyring
        );
        if (importer.Options.AcceptsUnsigned)
            importer.Observer.On(new SuiteUnchecked(suite));
        else
            await signature.RequireAsync(suite, cancellationToken);
        var rules = new ReleaseRules(suite, notBefore, importer.Options.SnapshotService);
        ReleaseFile? found = null;
        await importer.Downloader.DownloadAsync(
            Request(suite, "InRelease", default, MaxRelease, snapshot, cancellationToken) with
            {
                Check = async (place, file, stopped) =>
                {
                    var text = importer.Options.AcceptsUnsigned
                        ? await File.ReadAllTextAsync(file, stopped)
                        : await signature.ReadAsync(file, stopped);
                    var release = Parse(text);
                    rules.Check(release, place, DateTimeOffset.UtcNow);
                    if (!release.Files.ContainsKey(wanted))
                        throw new PlaceException($"it does not list '{wanted}'");
                    found = release;
                },
            },
            cancellationToken
        );
        return found!;
    }

    private static ReleaseFile Parse(string text)
    {
        try
        {
            return ReleaseFile.Parse(text);
        }
        catch (FormatException e)
        {
            throw new PlaceException(e.Message, e);
        }
    }

    private static T Read<T>(
        string path,
        string suite,
        Func<TextReader, T> read,
        long size,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var file = File.OpenRead(path);
            using var content = Decompression.Open(file);
            using var limited = new LimitedStream(
                content,
                size,
                $"it unpacks to more than {size} bytes",
                cancellationToken
            );
            using var reader = new StreamReader(limited, Encoding.UTF8);
            return read(reader);
        }
        catch (ImportException e)
        {
            throw new EngineException(
                $"The package list of the suite '{suite}' is damaged: it is not read, or unpacks to more than the "
                    + $"{size} bytes that it may have.",
                e
            );
        }
        catch (Exception e) when (e is FormatException or InvalidDataException or EndOfStreamException)
        {
            throw new EngineException($"The package list of the suite '{suite}' is damaged: {e.Message}", e);
        }
    }

    private async Task<string> DownloadAsync(
        string suite,
        string path,
        Digest expected,
        string snapshot,
        CancellationToken cancellationToken
    )
    {
        var digest = await importer.Downloader.DownloadAsync(
            Request(suite, path, expected, expected.Size, snapshot, cancellationToken),
            cancellationToken
        );
        return importer.Store.FindBlob(digest)
            ?? throw new EngineException($"'{suite}/{path}' has just gone from the store. Run the command again.");
    }

    private DownloadRequest Request(
        string suite,
        string path,
        Digest expected,
        long limit,
        string snapshot,
        CancellationToken cancellationToken
    )
    {
        var place = $"debian:dists/{suite}/{path}";
        var key = expected.IsEmpty ? Digest.OfText(place).Hash : expected.Hash;
        return new(
            $"{suite}/{path}",
            expected,
            key,
            importer.Mirrors.ResolveAsync("/", [place], snapshot, cancellationToken),
            limit
        );
    }
}
