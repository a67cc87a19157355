using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using Recipes.Engine.Http;
using Recipes.Engine.Sources.Downloads;

namespace Recipes.Engine.Sources.Releases;

/// <summary>
/// Reads what a folder holds: of a web server's listing the names that it links to, of a folder on this machine its
/// entries.
/// </summary>
internal sealed partial class ListingPage(SourceOptions options) : IDisposable
{
    private const int MaximumBytes = 1 << 23;
    private readonly HttpExchange exchange = new(options);

    /// <summary>Names in the folder, without slashes.</summary>
    /// <exception cref="EngineException">It is not available; the message is one clause.</exception>
    public async Task<ImmutableArray<string>> NamesAsync(Uri folder, CancellationToken cancellationToken)
    {
        try
        {
            if (folder.IsFile)
                return [.. Directory.EnumerateFileSystemEntries(folder.LocalPath).Select(x => Path.GetFileName(x))];
            using var response = await exchange.SendAsync(
                () => new(HttpMethod.Get, folder),
                Secrets.None,
                cancellationToken
            );
            if (!response.IsSuccessStatusCode)
                throw new EngineException(
                    $"the server lists no files there: it answers {(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd()
                );
            var page = await SmallBody.ReadAsync(response, MaximumBytes, options.StallTimeout, cancellationToken);
            return page.IsWhole
                ? Links(page.Text)
                : throw new EngineException($"the page has more than {MaximumBytes} bytes");
        }
        catch (RedirectException e)
        {
            throw new EngineException(e.Message, e);
        }
        catch (HttpRequestException e)
        {
            throw new EngineException(
                e.HttpRequestError == HttpRequestError.NameResolutionError
                    ? $"cannot resolve the host '{folder.Host}'"
                    : Retries.Clause(e),
                e
            );
        }
        catch (TimeoutException e)
        {
            throw new EngineException(e.Message, e);
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
    public void Dispose() => exchange.Dispose();

    [GeneratedRegex(
        """href\s*=\s*(?:"(?<url>[^"]*)"|'(?<url>[^']*)'|(?<url>[^\s>"']+))""",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking
    )]
    private static partial Regex Hrefs();
}
