using System.Collections.Immutable;
using System.Net;
using Recipes.Engine.Content;
using Recipes.Engine.Images;
using Recipes.Engine.Model;
using Recipes.Engine.Sandboxes.Bubblewrap;
using Recipes.Engine.Sandboxes.Ports;
using Xunit;

namespace Recipes.Engine.Tests.Images;

public sealed class RunPlanTests
{
    private static readonly SourceSpan Span = new("pkgs/db-image/recipe.toml", 1, 1, 1, "");

    private static readonly ImageSpec Image = new()
    {
        Span = Span,
        Entrypoint = ["/usr/bin/start"],
        Cmd = ["db", "--quiet"],
        User = "db",
        Accounts = [new("db", 70, 71, "/var/lib/db", "/bin/sh", "")],
        Environment = ImmutableSortedDictionary<string, string>.Empty.Add("PATH", "/usr/bin").Add("DATA", "/data"),
        Ports = ["5432/tcp"],
        Volumes = ["/data"],
        WorkingDirectory = "/var/lib/db",
    };

    [Fact]
    public void Without_wishes_the_image_runs_as_it_is_configured()
    {
        var request = Plan().Request(new(Digest.Of("root"u8), [new("data", 448, 70, 71)]));

        Assert.Equal(["/usr/bin/start", "db", "--quiet"], request.Arguments);
        Assert.Equal((70, 71, "/var/lib/db"), (request.Uid, request.Gid, request.WorkingDirectory));
        Assert.Equal([new FileOwner("/data", 448, 70, 71)], request.Owners);
        Assert.Equal("/usr/bin", request.Environment["PATH"]);
        Assert.Equal("/var/lib/db", request.Environment["HOME"]);
        Assert.Equal("db-image", request.Environment["HOSTNAME"]);
        Assert.False(request.SharesNetwork);
        Assert.Empty(request.Binds);
    }

    [Fact]
    public void A_command_replaces_cmd_and_leaves_the_entrypoint() =>
        Assert.Equal(["/usr/bin/start", "psql", "-l"], Plan(arguments: ["psql", "-l"]).Arguments);

    [Fact]
    public void Variables_of_the_command_line_count_most()
    {
        var environment = Plan(variables: ["DATA=/other", "A=b=c", "EMPTY="]).Environment;

        Assert.Equal("/other", environment["DATA"]);
        Assert.Equal("b=c", environment["A"]);
        Assert.Equal("", environment["EMPTY"]);
    }

    [Theory]
    [InlineData("./db", "/work/db", "/data")]
    [InlineData("/abs:/data/inner", "/abs", "/data/inner")]
    [InlineData("a:b", "/work/a:b", "/data")]
    public void Data_goes_to_the_volume_or_to_the_path_named(string wish, string folder, string path)
    {
        var request = Plan(data: [wish]).Request(new(Digest.Of("root"u8), []));

        Assert.Equal([new ImageBind(folder, path)], request.Binds);
    }

    [Theory]
    [InlineData("1000", 1000, 0, "/")]
    [InlineData("1000:5", 1000, 5, "/")]
    [InlineData("70:5", 70, 5, "/var/lib/db")]
    [InlineData("root", 0, 0, "/root")]
    [InlineData(null, 0, 0, "/root")]
    public void The_user_may_be_a_name_or_numbers(string? user, int uid, int gid, string home)
    {
        var plan = Plan(Image with { User = user });
        var request = plan.Request(new(Digest.Of("root"u8), []));

        Assert.Equal((uid, gid, home), (request.Uid, request.Gid, plan.Environment["HOME"]));
    }

    [Theory]
    [InlineData("5432")]
    [InlineData("5432:5432")]
    [InlineData("127.0.0.1:5432:5432/tcp")]
    public void A_port_at_its_own_number_shares_the_network(string port)
    {
        var plan = Plan(ports: [port]);
        var request = plan.Request(new(Digest.Of("root"u8), []));

        Assert.Equal([new PortMapping(IPAddress.Loopback, 5432, 5432, "tcp")], plan.Ports);
        Assert.True(request.SharesNetwork);
        Assert.Empty(request.Forwards);
    }

    [Theory]
    [InlineData("6000:5432", "127.0.0.1", 6000)]
    [InlineData("0.0.0.0:5432:5432", "0.0.0.0", 5432)]
    [InlineData("[::1]:5432:5432", "::1", 5432)]
    public void A_port_at_another_place_is_forwarded(string port, string address, int number)
    {
        var request = Plan(ports: [port]).Request(new(Digest.Of("root"u8), []));

        Assert.False(request.SharesNetwork);
        Assert.Equal([new PortMapping(IPAddress.Parse(address), number, 5432, "tcp")], request.Forwards);
    }

    [Fact]
    public void One_that_is_forwarded_takes_the_others_along()
    {
        var request = Plan(Image with { Ports = ["5432/tcp", "53/udp"] }, ports: ["5432", "8053:53"])
            .Request(new(Digest.Of("root"u8), []));

        Assert.False(request.SharesNetwork);
        Assert.Equal(["127.0.0.1:5432:5432/tcp", "127.0.0.1:8053:53/udp"], request.Forwards.Select(x => $"{x}"));
    }

    [Fact]
    public void Without_ports_the_network_is_a_loopback()
    {
        var request = Plan().Request(new(Digest.Of("root"u8), []));

        Assert.False(request.SharesNetwork);
        Assert.Empty(request.Forwards);
    }

    [Theory]
    [InlineData("8080:80", "8080:443", "tcp")]
    [InlineData("8080:80", "0.0.0.0:8080:80/tcp", "tcp")]
    [InlineData("80", "80", "tcp")]
    [InlineData("8053:53/udp", "8053:53/udp", "udp")]
    public void A_port_of_this_machine_that_is_asked_for_twice_is_refused(string one, string other, string protocol)
    {
        var port = PortMapping.Parse(one).HostPort;
        Refuses(
            $"port {port}/{protocol} of this machine is asked for twice; each can lead to one port of the image",
            () => Plan(Image with { Ports = ["80/tcp", "443/tcp", "53/udp"] }, ports: [one, other])
        );
    }

    [Fact]
    public void A_number_of_this_machine_is_free_for_each_protocol() =>
        Assert.Equal(
            ["127.0.0.1:8053:53/tcp", "127.0.0.1:8053:53/udp"],
            Plan(Image with { Ports = ["53/tcp", "53/udp"] }, ports: ["8053:53", "8053:53/udp"])
                .Ports.Select(x => $"{x}")
        );

    [Theory]
    [InlineData("80", "80")]
    [InlineData("8080:80", "80")]
    [InlineData("8080:5432/udp", "5432/udp")]
    public void A_port_that_the_image_lacks_is_refused_with_those_it_has(string port, string name) =>
        Refuses($"db-image has no port '{name}'; it has: 5432, 53/udp", () =>
            Plan(Image with { Ports = ["5432/tcp", "53/udp"] }, ports: [port])
        );

    [Fact]
    public void A_port_that_is_not_declared_is_refused() =>
        Refuses("db-image has no port '80'; it has: 5432", () => Plan(ports: ["80"]));

    [Fact]
    public void A_variable_without_a_value_is_refused() =>
        Refuses("'DATA' is not of the form NAME=VALUE", () => Plan(variables: ["DATA"]));

    [Fact]
    public void Data_for_an_image_without_volumes_needs_a_path() =>
        Refuses("pkgs/db-image/recipe.toml declares no volume; name the place inside: x:/PATH", () =>
            Plan(Image with { Volumes = [] }, data: ["x"])
        );

    [Fact]
    public void Data_for_an_image_with_several_volumes_needs_a_path() =>
        Refuses("db-image has several volumes; name one: x:/a, x:/b", () =>
            Plan(Image with { Volumes = ["/a", "/b"] }, data: ["x"])
        );

    [Fact]
    public void An_image_without_anything_to_run_says_so() =>
        Refuses("pkgs/db-image/recipe.toml has neither entrypoint nor cmd; say what to run", () =>
            Plan(Image with { Entrypoint = [], Cmd = [] })
        );

    private static void Refuses(string message, Action plan) =>
        Assert.Equal(message, Assert.Throws<EngineException>(plan).Message);

    private static RunPlan Plan(
        ImageSpec? image = null,
        string[]? arguments = null,
        string[]? data = null,
        string[]? variables = null,
        string[]? ports = null
    )
    {
        var recipe = new ImageRecipe
        {
            Name = "db-image",
            NameSpan = Span,
            Area = RecipeArea.Packages,
            Folder = "/work/pkgs/db-image",
            File = Span.File,
            Image = image ?? Image,
        };
        return new(
            recipe,
            new RunArguments(arguments ?? [], data ?? [], variables ?? [], ports ?? []) with
            {
                CurrentDirectory = "/work",
            }
        );
    }
}
