using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace Recipes.Engine.Sandboxes.Ports;

/// <summary>A port of an image and where on this machine it is reached, written as for a container engine.</summary>
/// <param name="Address">Of this machine.</param>
/// <param name="HostPort">On this machine.</param>
/// <param name="ImagePort">That the image listens on.</param>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c> or <c>sctp</c>; null for the one that the image declares.</param>
internal sealed record PortMapping(IPAddress Address, int HostPort, int ImagePort, string? Protocol)
{
    private static readonly ImmutableArray<string> Protocols = ["tcp", "udp", "sctp"];

    /// <summary>
    /// True if it asks for nothing but what is there anyway while the image shares this machine's network.
    /// </summary>
    public bool IsIdentity => HostPort == ImagePort && Address.Equals(IPAddress.Loopback);

    /// <summary>Where it is reached: <c>127.0.0.1:8080</c>, <c>[::1]:8080</c>.</summary>
    public IPEndPoint EndPoint => new(Address, HostPort);

    /// <summary>The port of the image, with a protocol if one was named.</summary>
    public string ImageName => Protocol is null ? Text(ImagePort) : Name(Protocol);

    /// <summary>Reads <c>PORT</c>, <c>HOST:CONTAINER</c> or <c>IP:HOST:CONTAINER</c>, with <c>/PROTOCOL</c>.</summary>
    /// <exception cref="EngineException">It is none of them.</exception>
    public static PortMapping Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var protocol = slash < 0 ? null : text[(slash + 1)..];
        if (protocol is not null && !Protocols.Contains(protocol))
            throw new EngineException($"'{text}': '{protocol}' is not one of {string.Join(", ", Protocols)}");
        var rest = slash < 0 ? text : text[..slash];
        // Colons of an IPv6 address are its own.
        var closing = rest.StartsWith('[') ? rest.IndexOf("]:", StringComparison.Ordinal) : -1;
        string[] words = closing > 0 ? [rest[1..closing], .. rest[(closing + 2)..].Split(':')] : rest.Split(':');
        return words switch
        {
            [var port] => new(IPAddress.Loopback, Number(text, port), Number(text, port), protocol),
            [var host, var image] when closing < 0 => new(
                IPAddress.Loopback,
                Number(text, host),
                Number(text, image),
                protocol
            ),
            [var address, var host, var image] => new(
                AddressOf(text, address, closing > 0),
                Number(text, host),
                Number(text, image),
                protocol
            ),
            _ => throw new EngineException(
                $"'{text}' is not of the form PORT, HOST:CONTAINER or IP:HOST:CONTAINER; an IPv6 address is written "
                    + $"in brackets: [::1]:8080:80"
            ),
        };
    }

    /// <summary>The same with the protocol that an image declares for its port.</summary>
    /// <param name="declared">Such as <c>80/tcp</c>.</param>
    /// <returns>Null if the image does not declare the port.</returns>
    public PortMapping? In(IReadOnlyCollection<string> declared)
    {
        var found = (Protocol is null ? Protocols : [Protocol]).FirstOrDefault(x => declared.Contains(Name(x)));
        return found is null ? null : this with { Protocol = found };
    }

    /// <summary>Refuses two wishes for one port of this machine.</summary>
    /// <exception cref="EngineException">A port of this machine comes twice.</exception>
    public static void RequireDistinct(IEnumerable<PortMapping> mappings)
    {
        // Of one number at several addresses too: pasta knows one target for each number.
        var twice = mappings.GroupBy(x => (x.HostPort, x.Protocol)).FirstOrDefault(x => x.Count() > 1);
        if (twice is not null)
            throw new EngineException(
                $"port {Text(twice.Key.HostPort)}/{twice.Key.Protocol} of this machine is asked for twice; each can "
                    + $"lead to one port of the image"
            );
    }

    /// <summary>As it was written, in full.</summary>
    public override string ToString() => $"{EndPoint}:{Name(Protocol ?? Protocols[0])}";

    private string Name(string protocol) => $"{Text(ImagePort)}/{protocol}";

    private static IPAddress AddressOf(string text, string address, bool isBracketed) =>
        IPAddress.TryParse(address, out var parsed)
        // The parser also takes '1' and '0x7f.1'.
        && string.Equals(parsed.ToString(), address, StringComparison.OrdinalIgnoreCase)
        && isBracketed == address.Contains(':', StringComparison.Ordinal)
            ? parsed
            : throw new EngineException($"'{text}': '{address}' is not an IP address");

    private static int Number(string text, string port) =>
        int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number is > 0 and <= IPEndPoint.MaxPort
            ? number
            : throw new EngineException($"'{text}': '{port}' is not a port; write a number from 1 to 65535");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
