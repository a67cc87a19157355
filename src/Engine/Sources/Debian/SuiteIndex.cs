using System.Collections.Immutable;
using System.Text;
using Recipes.Engine.Content;
using Recipes.Engine.Sources.Archives;
using Recipes.Engine.Sources.Downloads;

namespace Recipes.Engine.Sources.Debian;

/// <summary>Brings the lists of a suite (component main, amd64), checked against the suite's signed list of files.</summary>
internal sealed class SuiteIndex(SourceImporter importer)
{
    /// <summary>The binary packages.</summary>
    /// <exception cref="EngineException">It cannot be had, or is not what the suite's list of files says.</exception>
    public Task<ImmutableDictionary<string, DebianPackage>> ReadAsync(string suite, string snapshot, CancellationToken cancellationToken) =>
        ReadAsync(suite, "main/binary-amd64/Packages.xz", PackagesIndex.Read, snapshot, cancellationToken);

    /// <summary>The release archives by folder of the pool.</summary>
    /// <exception cref="EngineException">It cannot be had, or is not what the suite's list of files says.</exception>
    public Task<ImmutableDictionary<string, ImmutableSortedSet<string>>> ReadSourcesAsync(
        string suite,
        string snapshot,
        CancellationToken cancellationToken
    ) => ReadAsync(suite, "main/source/Sources.xz", SourcesIndex.Read, snapshot, cancellationToken);

    private async Task<T> ReadAsync<T>(
        string suite,
        string path,
        Func<TextReader, T> read,
        string snapshot,
        CancellationToken cancellationToken
    )
    {
        var release = await DownloadAsync(suite, "InRelease", expected: default, snapshot, cancellationToken);
        await ReleaseSignature.VerifyAsync(release, importer.Options.DebianKeyring, cancellationToken);
        var text = await File.ReadAllTextAsync(release, cancellationToken);
        var expected =
            ReleaseFile.Find(text, path)
            ?? throw new EngineException($"The InRelease file of the suite '{suite}' does not list '{path}'.");
        var list = await DownloadAsync(suite, path, expected, snapshot, cancellationToken);
        return await Task.Run(() => Read(list, suite, read), cancellationToken);
    }

    private static T Read<T>(string path, string suite, Func<TextReader, T> read)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var content = Decompression.Open(file);
            using var reader = new StreamReader(content, Encoding.UTF8);
            return read(reader);
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
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
        var place = $"debian:dists/{suite}/{path}";
        var key = expected.IsEmpty ? Digest.Of(Encoding.UTF8.GetBytes(place)).Hash : expected.Hash;
        var digest = await importer.Downloader.DownloadAsync(
            new($"{suite}/{path}", expected, key, importer.Mirrors.ResolveAsync("/", [place], snapshot, cancellationToken)),
            cancellationToken
        );
        return importer.Store.FindBlob(digest) ?? throw new EngineException($"'{place}' has just gone from the store. Run the command again.");
    }
}
