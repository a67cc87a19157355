using Recipes.Engine.Content;
using Xunit;

namespace Recipes.Engine.Tests.Content;

public sealed class StoreOwnerTests
{
    [Fact]
    public void On_a_machine_it_is_a_range_that_nobody_uses() =>
        Assert.Equal(
            new StoreOwner(0x70010000, 0x10000),
            StoreOwner.Choose(["         0          0 4294967295"], ["         0          0 4294967295"])
        );

    [Theory]
    [InlineData("0 1000 1|1 100000 65536", 65536)] // rootless podman
    [InlineData("0 231072 65536", 65535)] // a container with a user namespace
    [InlineData("0 100000 65535", 65533)] // whose last number stands for nobody
    public void In_a_container_without_those_it_is_its_last_number(string map, uint expected) =>
        Assert.Equal(new StoreOwner(expected, 1), StoreOwner.Choose(map.Split('|'), map.Split('|')));

    [Fact]
    public void Where_root_is_the_only_user_builds_are_that_user() =>
        Assert.Null(StoreOwner.Choose(["0 1000 1"], ["0 1000 1"]));

    [Fact]
    public void A_number_has_to_be_a_user_and_a_group() =>
        Assert.Equal(new StoreOwner(99, 1), StoreOwner.Choose(["0 1000 65534"], ["0 1000 100"]));
}
