using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;

namespace Recipes.Engine.Sources.Releases;

/// <summary>Reads what a folder holds: of a web server's listing the names that it links to, of a folder on this machine its entries.</summary>
internal sealed partial class ListingPage : IDisposable
{
    private const int MaximumBytes = 1 << 23;
    private readonly SocketsHttpHandler handler;
    private readonly HttpClient client;

    public ListingPage(SourceOptions options)
    {
        handler = new() { ConnectTimeout = options.ConnectTimeout };
        client = new(handler, disposeHandler: false) { Timeout = options.StallTimeout, MaxResponseContentBufferSize = MaximumBytes };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("recipes");
    }

    /// <summary>Names in the folder, without slashes.</summary>
    /// <exception cref="EngineException">It cannot be had; the message is one clause.</exception>
    public async Task<ImmutableArray<string>> NamesAsync(Uri folder, CancellationToken cancellationToken)
    {
        try
        {
            if (folder.IsFile)
                return [.. Directory.EnumerateFileSystemEntries(folder.LocalPath).Select(x => Path.GetFileName(x))];
            using var response = await client.GetAsync(folder, cancellationToken);
            if (!response.IsSuccessStatusCode)
                throw new EngineException($"the server lists no files there: it answers {(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd());
            return Links(await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (HttpRequestException e)
        {
            throw new EngineException(
                e.HttpRequestError == HttpRequestError.NameResolutionError
                    ? $"the host '{folder.Host}' is not known here"
                    : e.GetBaseException().Message.TrimEnd('.'),
                e
            );
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EngineException("the server did not answer in time", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EngineException(e.Message.TrimEnd('.'), e);
        }
    }

    /// <summary>The last names of the paths that a page links to.</summary>
    public static ImmutableArray<string> Links(string page) =>
        [
            .. Hrefs()
                .Matches(page)
                .Select(x => WebUtility.HtmlDecode(x.Groups["url"].Value).Split('?', '#')[0].TrimEnd('/'))
                .Select(x => Uri.UnescapeDataString(x[(x.LastIndexOf('/') + 1)..]))
                .Where(x => x.Length > 0)
                .Distinct(StringComparer.Ordinal),
        ];

    /// <inheritdoc/>
    public void Dispose()
    {
        client.Dispose();
        handler.Dispose();
    }

    [GeneratedRegex("""href\s*=\s*(?:"(?<url>[^"]*)"|'(?<url>[^']*)'|(?<url>[^\s>"']+))""", RegexOptions.IgnoreCase)]
    private static partial Regex Hrefs();
}
