using Recipes.Engine.Sandboxes.Ports;
using Xunit;

namespace Recipes.Engine.Tests.Sandboxes.Ports;

public sealed class PortForwarderTests
{
    private const string Always = "--quiet --config-net --no-map-gw --dns none --tcp-ns none --udp-ns none";

    [Theory]
    [InlineData("--tcp-ports 127.0.0.1/8080:80 --udp-ports none", "8080:80")]
    [InlineData("--tcp-ports none --udp-ports 127.0.0.1/8053:53", "8053:53/udp")]
    [InlineData(
        "--tcp-ports ::1/8080:80 --tcp-ports 0.0.0.0/443:443 --udp-ports none",
        "[::1]:8080:80",
        "0.0.0.0:443:443"
    )]
    [InlineData("--tcp-ports 127.0.0.1/53:53 --udp-ports 127.0.0.1/53:53", "53/tcp", "53/udp")]
    public void Pasta_forwards_what_is_asked_for_and_nothing_else(string options, params string[] ports) =>
        Assert.Equal($"{Always} {options}", string.Join(' ', Forwarder(ports).Options));

    [Fact]
    public void What_pasta_does_not_know_is_refused() =>
        Assert.Equal(
            "127.0.0.1:8080:80/sctp: only tcp and udp can be forwarded",
            Assert.Throws<EngineException>(Forwarder("8080:80/sctp").Require).Message
        );

    [Fact]
    public void A_machine_without_pasta_hears_what_to_install_and_what_else_there_is() =>
        Assert.Equal(
            "127.0.0.1:8080:80/tcp needs pasta, which forwards ports without privileges and is not on this machine. "
                + "Install the package 'passt' (apt-get install passt). Without it, '80' alone shares this machine's "
                + "network with the image, and a container engine can map ports",
            Assert.Throws<EngineException>((Forwarder("8080:80") with { Find = _ => null }).Require).Message
        );

    [Fact]
    public void What_pasta_said_is_told_without_its_trouble_with_the_system_log()
    {
        using var scratch = new TemporaryDirectory();
        Assert.Null(Forwarder("8080:80").FailureIn(scratch.Path));
        scratch.Write("forward-complaint", "Failed to send 45 bytes to syslog\nNo interface\nNot usable\n");

        Assert.Equal(
            "pasta could not forward 127.0.0.1:8080:80/tcp: No interface; Not usable. It needs /dev/net/tun, open to "
                + "every user, and a network with a default route. Without it, '80' alone shares this machine's "
                + "network with the image, and a container engine can map ports",
            Forwarder("8080:80").FailureIn(scratch.Path)?.Message
        );
    }

    private static PortForwarder Forwarder(params string[] ports) =>
        new([.. ports.Select(x => PortMapping.Parse(x)).Select(x => x with { Protocol = x.Protocol ?? "tcp" })]);
}
