using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Recipes.Engine.Content;
using Recipes.Engine.Sandboxes;
using Xunit;

namespace Recipes.Integration.Tests.Sandboxes.Attempts;

/// <summary>
/// <c>attempts.c</c>, which tries to get out of a sandbox in every way of <c>attempts.txt</c>, and what it finds on the
/// host: listeners, a process and a file.
/// </summary>
internal sealed class AttemptProgram : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Socket local = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string name = $"recipes-{Guid.NewGuid():n}";
    private readonly string file;

    private AttemptProgram(string file, Digest tree)
    {
        (this.file, Tree) = (file, tree);
        listener.Start();
        local.Bind(new UnixDomainSocketEndPoint("\0" + name));
        local.Listen();
    }

    /// <summary>A tree that holds it at <c>usr/bin/attempts</c>.</summary>
    public Digest Tree { get; }

    /// <summary>Its command line.</summary>
    public ImmutableArray<string> Arguments =>
        [
            "/usr/bin/attempts",
            ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture),
            name,
            Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
            file,
        ];

    /// <summary>What it needs in its environment, lest somebody run it where there is no sandbox.</summary>
    public static (string Name, string Value) Variable => ("IN_A_SANDBOX", "yes");

    public static async Task<AttemptProgram> CompileAsync(SandboxFixture fixture, CancellationToken cancellationToken)
    {
        var source = Path.Join(fixture.Folder, "attempts.c");
        await File.WriteAllTextAsync(source, Read("attempts.c"), cancellationToken);
        var program = Path.Join(fixture.Folder, "attempts");
        var (status, _, error) = await HostPrograms.RunAsync(
            "gcc",
            ["-static", "-O1", "-o", program, source],
            cancellationToken
        );
        Assert.True(status == 0, $"This test needs a C compiler: apt-get install gcc libc6-dev: {error}");
        var tree = fixture.AddTree(root =>
        {
            Directory.CreateDirectory(Path.Join(root, "usr/bin"));
            File.Copy(program, Path.Join(root, "usr/bin/attempts"));
        });
        return new(source, tree);
    }

    /// <summary>Compares what it printed with one column of <c>attempts.txt</c>.</summary>
    public static void AssertAllFailed(string printed, string column)
    {
        var table = Read("attempts.txt").Split('\n').Where(x => x.Length > 0 && x[0] != '#').Select(Words).ToList();
        var number = Array.IndexOf(table[0], column);
        Assert.True(number > 0, $"no column '{column}'");
        var results = printed
            .Split('\n')
            .Where(x => x.Length > 0)
            .Select(Words)
            .ToDictionary(x => x[0], x => x[1], StringComparer.Ordinal);
        Assert.Equal(table.Skip(1).Select(x => x[0]), results.Keys);
        var wrong = table
            .Skip(1)
            .Select(x => (Name: x[0], Expected: x[x[number] == "=" ? 1 : number], Actual: results[x[0]]))
            .Where(x => !x.Expected.Split('|').Contains(x.Actual));
        Assert.Empty(wrong);
    }

    public void Dispose()
    {
        listener.Dispose();
        local.Dispose();
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string Read(string resource)
    {
        using var stream = typeof(AttemptProgram).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
