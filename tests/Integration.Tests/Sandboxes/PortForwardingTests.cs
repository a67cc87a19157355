using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Recipes.Engine;
using Recipes.Engine.Sandboxes;
using Recipes.Engine.Sandboxes.Bubblewrap;
using Recipes.Engine.Sandboxes.Ports;
using Xunit;

namespace Recipes.Integration.Tests.Sandboxes;

/// <summary>Images whose ports pasta forwards.</summary>
public sealed class PortForwardingTests : IClassFixture<SandboxFixture>, IDisposable
{
    private const string OutVariable = "RECIPES_TEST_OUT";
    private const string PortVariable = "RECIPES_TEST_PORT";
    private const string Tun = "/dev/net/tun";
    private const string Answers = "nc -ll -p 80 -e head -n 1";

    private readonly SandboxFixture fixture;
    private readonly TemporaryDirectory outFolder = new();

    public PortForwardingTests(SandboxFixture fixture) => this.fixture = fixture;

    public void Dispose() => outFolder.Dispose();

    [Theory(Timeout = 120_000)]
    [InlineData(0)]
    [InlineData(70)]
    public async Task A_program_answers_at_the_port_of_this_machine(int uid)
    {
        RequireTun();
        var port = FreePort.Next();
        var token = TestContext.Current.CancellationToken;
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(token);
        var run = RunAsync(Image(Answers, Mapping(port)) with { Uid = uid, Gid = uid }, cancel.Token);

        Assert.Equal("hello\n", await AnswerAsync(run, IPAddress.Loopback, port));

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Empty(Forwarders(port));
    }

    [Fact(Timeout = 120_000)]
    public async Task It_answers_at_the_address_that_was_asked_for()
    {
        RequireTun();
        var port = FreePort.Next(inRow: 2);
        var token = TestContext.Current.CancellationToken;
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(token);
        var run = RunAsync(
            Image(Answers, new(IPAddress.Any, port, 80, "tcp"), new(IPAddress.Parse("127.0.0.2"), port + 1, 80, "tcp")),
            cancel.Token
        );

        Assert.Equal("hello\n", await AnswerAsync(run, IPAddress.Loopback, port));
        Assert.Equal("hello\n", await AnswerAsync(run, IPAddress.Parse("127.0.0.2"), port + 1));
        Assert.Null(await AskAsync(IPAddress.Loopback, port + 1));
        foreach (var address in Addresses())
            Assert.Equal("hello\n", await AnswerAsync(run, address, port));

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact(Timeout = 120_000)]
    public async Task Nothing_else_of_it_can_be_reached()
    {
        RequireTun();
        var (port, other) = (FreePort.Next(), FreePort.Next());
        var token = TestContext.Current.CancellationToken;
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(token);
        var run = RunAsync(Image($"nc -ll -p {other} -e head -n 1 & {Answers}", Mapping(port)), cancel.Token);

        Assert.Equal("hello\n", await AnswerAsync(run, IPAddress.Loopback, port));
        Assert.Null(await AskAsync(IPAddress.Loopback, other));
        foreach (var address in Addresses())
        {
            Assert.Null(await AskAsync(address, port));
            Assert.Null(await AskAsync(address, other));
        }

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact(Timeout = 120_000)]
    public async Task It_sees_a_network_but_no_loopback_of_this_machine_from_its_start()
    {
        RequireTun();
        using var host = new TcpListener(IPAddress.Loopback, 0);
        host.Start();
        var served = ServeAsync(host);
        var open = ((IPEndPoint)host.LocalEndpoint).Port;
        Assert.Equal("host\n", await AskAsync(IPAddress.Loopback, open));
        var tried = string.Join(' ', Addresses().Concat(Gateways()).Append(IPAddress.Loopback));

        var status = await RunAsync(
            Image(
                $"""
                tail -n +3 /proc/net/dev | wc -l > /out/result
                for address in {tried}; do nc -w 2 $address {open} < /dev/null >> /out/result 2> /dev/null; done
                readlink /proc/self/ns/net > /out/network
                """,
                Mapping(FreePort.Next())
            ),
            TestContext.Current.CancellationToken
        );

        Assert.NotEqual(126, status);
        Assert.Equal("2\n", await ReadAsync("result"));
        Assert.NotEqual(new FileInfo("/proc/self/ns/net").LinkTarget + "\n", await ReadAsync("network"));
        host.Stop();
        await served;
    }

    [Fact]
    public async Task Its_program_is_process_1_and_alone()
    {
        RequireTun();
        var status = await RunAsync(
            Image(
                "echo $$ > /out/result; ps -o comm > /out/list; sort -u /out/list >> /out/result",
                Mapping(FreePort.Next())
            ),
            TestContext.Current.CancellationToken
        );

        Assert.Equal((0, "1\nCOMMAND\nps\nsh\n"), (status, await ReadAsync("result")));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_refused_before_the_program_starts()
    {
        RequirePasta();
        using var host = new TcpListener(IPAddress.Loopback, 0);
        host.Start();
        var port = ((IPEndPoint)host.LocalEndpoint).Port;

        var exception = await Assert.ThrowsAsync<EngineException>(() =>
            RunAsync(Image("touch /out/result", Mapping(port)), TestContext.Current.CancellationToken)
        );

        Assert.Equal(
            $"127.0.0.1:{port}:80/tcp: 127.0.0.1:{port} is in use on this machine; choose another port, or end what "
                + "listens there",
            exception.Message
        );
        Assert.False(File.Exists(outFolder.Join("result")));
    }

    [Fact]
    public void An_address_of_another_machine_is_refused()
    {
        RequirePasta();
        var forwarder = new PortForwarder([new(IPAddress.Parse("198.51.100.7"), FreePort.Next(), 80, "tcp")]);

        Assert.EndsWith(
            ":80/tcp: this machine has no address 198.51.100.7",
            Assert.Throws<EngineException>(forwarder.Require).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_port_for_the_privileged_is_refused()
    {
        RequirePasta();
        var first = int.Parse(
            File.ReadAllText("/proc/sys/net/ipv4/ip_unprivileged_port_start"),
            CultureInfo.InvariantCulture
        );
        Assert.SkipWhen(first <= 1, "This machine keeps no ports from programs without privileges.");

        Assert.Equal(
            $"127.0.0.1:{first - 1}:80/tcp: ports of this machine below {first} are kept from programs without "
                + "privileges, and what forwards ports has none; choose a higher one, or lower "
                + "net.ipv4.ip_unprivileged_port_start",
            Assert.Throws<EngineException>(new PortForwarder([Mapping(first - 1)]).Require).Message
        );
    }

    [Fact]
    public async Task Where_pasta_does_not_work_it_is_told_what_it_said()
    {
        RequirePasta();
        Assert.SkipWhen(MayOpenTun(), $"This user may open {Tun}, so pasta works.");

        var port = FreePort.Next();
        var exception = await Assert.ThrowsAsync<EngineException>(() =>
            RunAsync(Image("touch /out/result", Mapping(port)), TestContext.Current.CancellationToken)
        );

        Assert.StartsWith(
            $"pasta could not forward 127.0.0.1:{port}:80/tcp: Failed to open",
            exception.Message,
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(outFolder.Join("result")));
        Assert.Empty(Forwarders(port));
    }

    [Fact]
    public async Task Nothing_is_left_after_the_end()
    {
        RequireTun();
        var port = FreePort.Next();

        Assert.Equal(7, await RunAsync(Image("exit 7", Mapping(port)), TestContext.Current.CancellationToken));

        Assert.Empty(Forwarders(port));
        Assert.Null(await AskAsync(IPAddress.Loopback, port));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task Nothing_is_left_after_a_signal_to_the_caller(string signal)
    {
        RequireTun();
        var token = TestContext.Current.CancellationToken;
        var port = FreePort.Next();
        using var child = Start(nameof(A_program_that_waits), port);
        var output = child.StandardOutput.ReadToEndAsync(token);
        while (!File.Exists(outFolder.Join("ready")) && !child.HasExited)
            await Task.Delay(20, token);
        Assert.NotEmpty(Forwarders(port));

        await HostPrograms.RunAsync("sh", ["-c", $"kill -{signal} {child.Id}"], token);

        await child.WaitForExitAsync(token);
        while (signal == "KILL" && Forwarders(port).Count > 0)
            await Task.Delay(20, token);
        Assert.Empty(Forwarders(port));
        // The signal was the program's own, not that of what forwards.
        Assert.Equal(signal == "TERM", File.Exists(outFolder.Join("got TERM")));
        if (signal == "TERM")
            Assert.Contains("Failed: 0", await output, StringComparison.Ordinal);
    }

    /// <summary>Not a test: run by one.</summary>
    [Fact(Explicit = true)]
    public async Task A_program_that_waits()
    {
        var port = int.Parse(Environment.GetEnvironmentVariable(PortVariable)!, CultureInfo.InvariantCulture);
        var request = Image(
            "trap 'touch \"/out/got TERM\"; exit 5' TERM; touch /out/ready; while :; do sleep 0.1; done",
            Mapping(port)
        ) with
        {
            Binds = [new(Environment.GetEnvironmentVariable(OutVariable)!, "/out")],
        };
        Assert.Equal(5, await RunAsync(request, TestContext.Current.CancellationToken));
    }

    private static PortMapping Mapping(int port) => new(IPAddress.Loopback, port, 80, "tcp");

    private ImageRunRequest Image(string script, params ImmutableArray<PortMapping> ports) =>
        new()
        {
            Label = "test-image",
            Root = [fixture.Root],
            Arguments = ["sh", "-c", script],
            Environment = ImmutableSortedDictionary
                .Create<string, string>(StringComparer.Ordinal)
                .Add("PATH", "/usr/bin"),
            Binds = [new(outFolder.Path, "/out")],
            Forwards = ports,
        };

    private Task<int> RunAsync(ImageRunRequest request, CancellationToken cancellationToken) =>
        new ImageRunner(fixture.Store).RunAsync(request, cancellationToken);

    private Task<string> ReadAsync(string name) =>
        File.ReadAllTextAsync(outFolder.Join(name), TestContext.Current.CancellationToken);

    private static IReadOnlyList<string> Forwarders(int port) => SandboxFixture.ProcessesWith($"/{port}:80 ");

    private static void RequirePasta() =>
        Assert.True(HostPrograms.Find("pasta") is not null, "These tests need pasta: apt-get install passt");

    private static void RequireTun()
    {
        RequirePasta();
        Assert.SkipUnless(MayOpenTun(), $"pasta needs {Tun}, which is missing or which this user may not open.");
    }

    private static bool MayOpenTun()
    {
        try
        {
            using var device = File.OpenHandle(Tun, FileMode.Open, FileAccess.ReadWrite);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Of the interfaces that lead out; others may be those of a container engine.
    private static IEnumerable<IPAddress> Addresses() =>
        Routed()
            .SelectMany(x => x.UnicastAddresses)
            .Select(x => x.Address)
            .Where(x => x.AddressFamily == AddressFamily.InterNetwork);

    private static IEnumerable<IPAddress> Gateways() =>
        Routed()
            .SelectMany(x => x.GatewayAddresses)
            .Select(x => x.Address)
            .Where(x => x.AddressFamily == AddressFamily.InterNetwork);

    private static IEnumerable<IPInterfaceProperties> Routed() =>
        NetworkInterface
            .GetAllNetworkInterfaces()
            .Select(x => x.GetIPProperties())
            .Where(x => x.GatewayAddresses.Any(y => y.Address.AddressFamily == AddressFamily.InterNetwork));

    private static async Task ServeAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
                _ = await client.GetStream().ReadAsync(new byte[16], TestContext.Current.CancellationToken);
                await client.GetStream().WriteAsync("host\n"u8.ToArray(), TestContext.Current.CancellationToken);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    /// <summary>What answers, as soon as something does, while the image runs.</summary>
    private static async Task<string> AnswerAsync(Task run, IPAddress address, int port)
    {
        while (true)
        {
            if (await AskAsync(address, port) is { Length: > 0 } answer)
                return answer;
            if (run.IsCompleted)
                await run;
            Assert.False(run.IsCompleted, "The image ended.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The answer to a greeting; null if nobody listens.</summary>
    private static async Task<string?> AskAsync(IPAddress address, int port)
    {
        using var client = new TcpClient(address.AddressFamily);
        try
        {
            await client.ConnectAsync(address, port, TestContext.Current.CancellationToken);
        }
        catch (SocketException)
        {
            return null;
        }
        try
        {
            await client.GetStream().WriteAsync("hello\n"u8.ToArray(), TestContext.Current.CancellationToken);
            using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
            return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private Process Start(string method, int port) =>
        Process.Start(
            new ProcessStartInfo(
                Environment.ProcessPath!,
                ["-explicit", "only", "-method", $"{typeof(PortForwardingTests).FullName}.{method}"]
            )
            {
                Environment =
                {
                    [OutVariable] = outFolder.Path,
                    [PortVariable] = port.ToString(CultureInfo.InvariantCulture),
                },
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
}
