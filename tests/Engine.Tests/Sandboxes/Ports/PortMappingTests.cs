using Recipes.Engine.Sandboxes.Ports;
using Xunit;

namespace Recipes.Engine.Tests.Sandboxes.Ports;

public sealed class PortMappingTests
{
    [Theory]
    [InlineData("80", "127.0.0.1:80:80/tcp", true)]
    [InlineData("80:80", "127.0.0.1:80:80/tcp", true)]
    [InlineData("127.0.0.1:80:80", "127.0.0.1:80:80/tcp", true)]
    [InlineData("53/udp", "127.0.0.1:53:53/udp", true)]
    [InlineData("8080:80", "127.0.0.1:8080:80/tcp", false)]
    [InlineData("8080:80/tcp", "127.0.0.1:8080:80/tcp", false)]
    [InlineData("8053:53/udp", "127.0.0.1:8053:53/udp", false)]
    [InlineData("0.0.0.0:80:80", "0.0.0.0:80:80/tcp", false)]
    [InlineData("127.0.0.2:65535:1", "127.0.0.2:65535:1/tcp", false)]
    [InlineData("[::1]:8080:80", "[::1]:8080:80/tcp", false)]
    [InlineData("[::]:80:80/udp", "[::]:80:80/udp", false)]
    public void It_is_written_as_for_a_container_engine(string text, string meant, bool isIdentity)
    {
        var mapping = PortMapping.Parse(text);

        Assert.Equal((meant, isIdentity), (mapping.ToString(), mapping.IsIdentity));
        Assert.Equal(meant, PortMapping.Parse(meant).ToString());
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("0", "0")]
    [InlineData("65536", "65536")]
    [InlineData("http", "http")]
    [InlineData("-1", "-1")]
    [InlineData(" 80", " 80")]
    [InlineData("0:80", "0")]
    [InlineData("80:0", "0")]
    [InlineData("8080:", "")]
    [InlineData(":80", "")]
    [InlineData("127.0.0.1::80", "")]
    [InlineData("127.0.0.1:80", "127.0.0.1")]
    [InlineData("8000-8010:80", "8000-8010")]
    [InlineData("99999999999:80", "99999999999")]
    public void A_number_that_is_not_a_port_is_refused(string text, string number) =>
        Refuses($"'{text}': '{number}' is not a port; write a number from 1 to 65535", text);

    [Theory]
    [InlineData("localhost:8080:80", "localhost")]
    [InlineData("1:8080:80", "1")]
    [InlineData("127.1:8080:80", "127.1")]
    [InlineData("256.0.0.1:8080:80", "256.0.0.1")]
    [InlineData("[127.0.0.1]:8080:80", "127.0.0.1")]
    [InlineData("[::x]:8080:80", "::x")]
    [InlineData(":8080:80", "")]
    public void What_is_not_an_address_is_refused(string text, string address) =>
        Refuses($"'{text}': '{address}' is not an IP address", text);

    [Theory]
    [InlineData("::1:8080:80")]
    [InlineData("[::1]:80")]
    [InlineData("1:2:3:4")]
    public void Another_form_is_refused(string text) =>
        Refuses(
            $"'{text}' is not of the form PORT, HOST:CONTAINER or IP:HOST:CONTAINER; an IPv6 address is written in "
                + "brackets: [::1]:8080:80",
            text
        );

    [Theory]
    [InlineData("80/", "")]
    [InlineData("80/TCP", "TCP")]
    [InlineData("80/http", "http")]
    [InlineData("80/tcp:90", "tcp:90")]
    public void Another_protocol_is_refused(string text, string protocol) =>
        Refuses($"'{text}': '{protocol}' is not one of tcp, udp, sctp", text);

    [Theory]
    [InlineData("53", "tcp", "53/udp", "53/tcp")]
    [InlineData("53", "udp", "53/udp")]
    [InlineData("53", "sctp", "53/sctp")]
    [InlineData("53/udp", "udp", "53/udp", "53/tcp")]
    [InlineData("53/udp", null, "53/tcp")]
    [InlineData("5", null, "53/tcp")]
    public void The_protocol_is_what_the_image_declares(string text, string? protocol, params string[] declared) =>
        Assert.Equal(protocol, PortMapping.Parse(text).In(declared)?.Protocol);

    private static void Refuses(string message, string text) =>
        Assert.Equal(message, Assert.Throws<EngineException>(() => PortMapping.Parse(text)).Message);
}
