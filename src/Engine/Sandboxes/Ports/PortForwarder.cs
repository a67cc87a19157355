using System.Collections.Immutable;
using System.Globalization;
using System.Net.Sockets;

namespace Recipes.Engine.Sandboxes.Ports;

/// <summary>
/// Forwards ports of this machine to an image in a network of its own, without privileges: by <c>pasta</c>, which the
/// distribution brings.
/// </summary>
/// <param name="Mappings">All ports to forward; not empty.</param>
internal sealed record PortForwarder(ImmutableArray<PortMapping> Mappings)
{
    /// <summary>In the scratch folder: the options of <c>pasta</c>, where ports are forwarded.</summary>
    public const string OptionsFile = "forward";

    /// <summary>In the scratch folder: what <c>pasta</c> said when it did not start.</summary>
    private const string ComplaintFile = "forward-complaint";

    private const string Program = "pasta";
    private const string Package = "passt";
    private const string FirstUnprivileged = "/proc/sys/net/ipv4/ip_unprivileged_port_start";

    /// <summary>Finds a program; for tests of a machine without.</summary>
    internal Func<string, string?> Find { get; init; } = HostPrograms.Find;

    /// <summary>
    /// The options of <c>pasta</c>: the ports asked for and no others, and nothing of this machine's loopback inside,
    /// neither at a loopback there nor at the gateway's address.
    /// </summary>
    public ImmutableArray<string> Options =>
        [
            "--quiet",
            "--config-net",
            "--no-map-gw",
            "--dns",
            "none",
            "--tcp-ns",
            "none",
            "--udp-ns",
            "none",
            .. Ports("--tcp-ports", "tcp"),
            .. Ports("--udp-ports", "udp"),
        ];

    /// <summary>Asks whether this machine can do it now, since a run should not fail when all has been built.</summary>
    /// <exception cref="EngineException">It cannot; says what to do.</exception>
    public void Require()
    {
        if (Mappings.FirstOrDefault(x => x.Protocol == "sctp") is { } sctp)
            throw new EngineException($"{sctp}: only tcp and udp can be forwarded");
        if (Find(Program) is null)
            throw new EngineException(
                $"{Mappings[0]} needs {Program}, which forwards ports without privileges and is not on this machine. "
                    + $"Install the package '{Package}' (apt-get install {Package}). {Otherwise}"
            );
        var first = ReadFirstUnprivileged();
        if (Mappings.FirstOrDefault(x => x.HostPort < first) is { } low)
            throw new EngineException(
                $"{low}: ports of this machine below {first} are kept from programs without privileges, and what "
                    + $"forwards ports has none; choose a higher one, or lower net.ipv4.ip_unprivileged_port_start"
            );
        foreach (var mapping in Mappings)
            RequireFree(mapping);
    }

    /// <summary>Why <c>pasta</c> did not start, or null if it did, or was not asked to.</summary>
    /// <param name="scratch">Of the sandbox.</param>
    public EngineException? FailureIn(string scratch)
    {
        var file = Path.Join(scratch, ComplaintFile);
        if (!File.Exists(file))
            return null;
        // It tells the system log too, and complains where there is none.
        var lines = File.ReadLines(file).Where(x => !x.EndsWith(" to syslog", StringComparison.Ordinal));
        return new(
            $"{Program} could not forward {string.Join(", ", Mappings)}: {string.Join("; ", lines)}. "
                + $"It needs /dev/net/tun, open to every user, and a network with a default route. {Otherwise}"
        );
    }

    private string Otherwise =>
        $"Without it, '{Mappings[0].ImagePort.ToString(CultureInfo.InvariantCulture)}' alone shares this machine's "
        + "network with the image, and a container engine can map ports";

    private IEnumerable<string> Ports(string option, string protocol)
    {
        var own = Mappings.Where(x => x.Protocol == protocol).ToList();
        // Without a word, old versions forward UDP ports of the same numbers as TCP's.
        return own.Count == 0 ? [option, "none"] : own.SelectMany(x => new[] { option, Specification(x) });
    }

    private static string Specification(PortMapping mapping) =>
        string.Create(CultureInfo.InvariantCulture, $"{mapping.Address}/{mapping.HostPort}:{mapping.ImagePort}");

    private static int ReadFirstUnprivileged() =>
        File.Exists(FirstUnprivileged)
        && int.TryParse(File.ReadAllText(FirstUnprivileged), CultureInfo.InvariantCulture, out var first)
            ? first
            : 1024;

    // Old versions of pasta do not say why they could not bind a port.
    private static void RequireFree(PortMapping mapping)
    {
        var isTcp = mapping.Protocol == "tcp";
        try
        {
            using var socket = new Socket(
                mapping.Address.AddressFamily,
                isTcp ? SocketType.Stream : SocketType.Dgram,
                isTcp ? ProtocolType.Tcp : ProtocolType.Udp
            );
            if (mapping.Address.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            socket.Bind(mapping.EndPoint);
            if (isTcp)
                socket.Listen();
        }
        catch (SocketException e)
        {
            throw new EngineException(
                e.SocketErrorCode switch
                {
                    SocketError.AddressAlreadyInUse =>
                        $"{mapping}: {mapping.EndPoint} is in use on this machine; choose another port, or end what "
                            + $"listens there",
                    SocketError.AddressNotAvailable => $"{mapping}: this machine has no address {mapping.Address}",
                    _ => $"{mapping}: this machine cannot listen at {mapping.EndPoint}: {e.Message}",
                },
                e
            );
        }
    }
}
