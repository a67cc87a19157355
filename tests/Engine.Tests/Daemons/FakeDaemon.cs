using System.Collections.Concurrent;
using System.Formats.Tar;
using System.Text;
using System.Text.Json;
using Recipes.Engine.Images;
using Recipes.Engine.Sandboxes.Docker;

namespace Recipes.Engine.Tests.Daemons;

/// <summary>
/// A Docker daemon with graph drivers as far as loading asks it: what it has are the layers of each image, and what it
/// is sent is kept as the names of the archive's entries.
/// </summary>
internal sealed class FakeDaemon : IDisposable
{
    private readonly TinyServer server;

    public FakeDaemon() => server = new(Answer);

    /// <summary>Id or name → layers.</summary>
    public ConcurrentDictionary<string, string[]> Images { get; } = new();

    /// <summary>The entries of each archive that was sent.</summary>
    public ConcurrentQueue<string[]> Loads { get; } = [];

    /// <summary>What the image of an archive that is whole becomes.</summary>
    public (string Name, string[] Layers)? Taken { get; set; }

    /// <summary>What it says to the next loads, in place of taking them.</summary>
    public ConcurrentQueue<string> Refusals { get; } = [];

    /// <summary>The driver that it tells of.</summary>
    public string Driver { get; init; } = "overlay2";

    public string Url => server.Url;

    /// <summary>The calls that changed something.</summary>
    public IEnumerable<string> Changes =>
        server.Requests.Where(x => x.Method == "POST").Select(x => Unversioned(x.Path));

    public Task<DockerConnection> ConnectAsync(CancellationToken cancellationToken) =>
        DockerConnection.OpenAsync(
            DockerEndpoint.Find(x =>
                x == "DOCKER_HOST" ? server.Url.Replace("http", "tcp", StringComparison.Ordinal) : null
            ),
            cancellationToken
        );

    public static string[] LayersOf(ImageResult image) => [.. image.Layers.Select(x => "sha256:" + x.DiffId.Hash)];

    public void Dispose() => server.Dispose();

    private Answer Answer(Asked asked)
    {
        var path = Unversioned(asked.Path);
        if (path == "/version")
            return Json(
                new
                {
                    ApiVersion = "1.43",
                    MinAPIVersion = "1.24",
                    Version = "24.0",
                }
            );
        if (path == "/info")
            return Json(
                new
                {
                    OSType = "linux",
                    Architecture = "x86_64",
                    DriverStatus = new[] { new[] { "driver-type", Driver } },
                }
            );
        if (path.StartsWith("/images/json", StringComparison.Ordinal))
            return Json(Images.Keys.Select(x => new { Id = x }));
        if (path.StartsWith("/images/load", StringComparison.Ordinal))
            return Load(asked.Body);
        if (asked.Method == "POST")
            return new("201 Created", []);
        var name = Uri.UnescapeDataString(path["/images/".Length..^"/json".Length]);
        return Images.TryGetValue(name, out var layers)
            ? Json(new { Id = "sha256:" + name, RootFS = new { Type = "layers", Layers = layers } })
            : new("404 Not Found", "{\"message\":\"No such image\"}"u8.ToArray());
    }

    private Answer Load(byte[] archive)
    {
        var names = new List<string>();
        using var reader = new TarReader(new MemoryStream(archive));
        while (reader.GetNextEntry() is { } entry)
            names.Add(entry.Name);
        Loads.Enqueue([.. names]);
        if (Refusals.TryDequeue(out var refusal))
            return Json(new { errorDetail = new { message = refusal }, error = refusal });
        if (Taken is var (name, layers))
            Images[name] = layers;
        return Json(new { stream = "Loaded image" });
    }

    private static string Unversioned(string path) =>
        path.StartsWith("/v1.", StringComparison.Ordinal) ? path[path.IndexOf('/', 1)..] : path;

    private static Answer Json(object value) =>
        new("200 OK", Encoding.UTF8.GetBytes(JsonSerializer.Serialize(value) + "\n"), "Content-Type: application/json");
}
