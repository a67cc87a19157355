using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Recipes.Engine.Content;
using Recipes.Engine.Tests.Sources;

namespace Recipes.Engine.Tests.Registries;

/// <summary>
/// A registry in memory, as the OCI distribution specification has it, that can be told to misbehave.
/// </summary>
internal sealed class FakeRegistry : IDisposable
{
    private readonly TinyServer server;
    private int uploads;

    public FakeRegistry() => server = new(Answer, IPAddress.Parse("127.0.0.2"));

    public string Host => server.Url["http://".Length..];

    /// <summary>A name of it that does not look like this machine's own: the kernel knows that it is IPv4.</summary>
    public string ForeignHost => Host.Replace("127.0.0.2", "[::ffff:7f00:2]", StringComparison.Ordinal);

    public IEnumerable<string> Requests => server.Requests.Select(x => $"{x.Method} {Shorten(x.Path)}");

    public IEnumerable<Asked> Asked => server.Requests;

    /// <summary>Answers in place of the registry, unless it returns null.</summary>
    public Func<Asked, Answer?> Fault { get; set; } = _ => null;

    /// <summary>By repository and digest.</summary>
    public ConcurrentDictionary<(string Repository, string Digest), byte[]> Blobs { get; } = new();

    /// <summary>By repository and tag.</summary>
    public ConcurrentDictionary<(string Repository, string Tag), byte[]> Manifests { get; } = new();

    /// <summary>What has arrived of uploads that are not finished.</summary>
    public ConcurrentDictionary<string, byte[]> Uploads { get; } = new();

    public static Answer Error(string status, string code, string message, params string[] headers) =>
        new(
            status,
            Encoding.UTF8.GetBytes($$"""{"errors":[{"code":"{{code}}","message":"{{message}}"}]}"""),
            ["Content-Type: application/json", .. headers]
        );

    public void Dispose() => server.Dispose();

    private Answer Answer(Asked asked)
    {
        if (Fault(asked) is { } answer)
            return answer;
        var (path, query) = asked.Path.Split('?') is [var before, var after]
            ? (before, Query(after))
            : (asked.Path, []);
        if (path == "/v2/")
            return new("200 OK", "{}"u8.ToArray(), "Content-Type: application/json");
        foreach (
            var (kind, handle) in ((string, Func<Asked, string, string, Dictionary<string, string>, Answer>)[])
                [("/blobs/uploads/", Upload), ("/blobs/", Blob), ("/manifests/", Manifest)]
        )
            if (path.IndexOf(kind, StringComparison.Ordinal) is var at and > 0)
                return handle(asked, path["/v2/".Length..at], path[(at + kind.Length)..], query);
        return Error("404 Not Found", "UNSUPPORTED", path);
    }

    private Answer Blob(Asked asked, string repository, string digest, Dictionary<string, string> query) =>
        Blobs.ContainsKey((repository, digest)) ? new("200 OK", []) : new Answer("404 Not Found", []);

    private Answer Manifest(Asked asked, string repository, string tag, Dictionary<string, string> query)
    {
        if (asked.Method == "PUT")
            Manifests[(repository, tag)] = asked.Body;
        return Manifests.TryGetValue((repository, tag), out var found)
            ? new(
                asked.Method == "PUT" ? "201 Created" : "200 OK",
                [],
                "Docker-Content-Digest: sha256:" + Digest.Of(found).Hash
            )
            : new("404 Not Found", []);
    }

    private Answer Upload(Asked asked, string repository, string id, Dictionary<string, string> query)
    {
        if (asked.Method == "POST")
            return Start(repository, query);
        if (!Uploads.TryGetValue(id, out var here))
            return Error("404 Not Found", "BLOB_UPLOAD_UNKNOWN", "no such upload");
        if (asked.Method == "PATCH" && Start(asked) != here.Length)
            return new("416 Range Not Satisfiable", [], Location(repository, id), Range(here));
        if (asked.Method == "PATCH")
            Uploads[id] = here = [.. here, .. asked.Body];
        if (asked.Method != "PUT")
            return new(
                asked.Method == "GET" ? "204 No Content" : "202 Accepted",
                [],
                Location(repository, id),
                Range(here)
            );
        byte[] whole = [.. here, .. asked.Body];
        if (query["digest"] != "sha256:" + Digest.Of(whole).Hash)
            return Error("400 Bad Request", "DIGEST_INVALID", "provided digest did not match uploaded content");
        Uploads.TryRemove(id, out _);
        Blobs[(repository, query["digest"])] = whole;
        return new("201 Created", []);
    }

    private Answer Start(string repository, Dictionary<string, string> query)
    {
        if (query.TryGetValue("mount", out var digest) && Blobs.TryGetValue((query["from"], digest), out var blob))
        {
            Blobs[(repository, digest)] = blob;
            return new("201 Created", []);
        }
        var id = $"u{Interlocked.Increment(ref uploads)}";
        Uploads[id] = [];
        return new("202 Accepted", [], Location(repository, id));
    }

    private static int Start(Asked asked) =>
        int.Parse(asked.Headers["Content-Range"].Split('-')[0], CultureInfo.InvariantCulture);

    // Relative, with a state that has to be kept.
    private static string Location(string repository, string id) =>
        $"Location: /v2/{repository}/blobs/uploads/{id}?state=a%2Fb";

    private static string Range(byte[] here) => $"Range: 0-{Math.Max(0, here.Length - 1)}";

    private static Dictionary<string, string> Query(string text) =>
        text.Split('&')
            .Select(x => x.Split('='))
            .ToDictionary(x => x[0], x => Uri.UnescapeDataString(x[1]), StringComparer.Ordinal);

    private static string Shorten(string path)
    {
        var at = path.IndexOf("sha256", StringComparison.Ordinal);
        return at < 0 ? path : path[..at] + "sha256";
    }
}
