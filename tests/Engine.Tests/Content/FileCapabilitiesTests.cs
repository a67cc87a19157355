using Recipes.Engine.Content.Tar;
using Xunit;

namespace Recipes.Engine.Tests.Content;

public class FileCapabilitiesTests
{
    [Fact]
    public void The_attribute_is_what_setcap_writes()
    {
        var capabilities = FileCapabilities.Of(["cap_net_bind_service", "cap_checkpoint_restore"]);

        Assert.Equal("cap_net_bind_service,cap_checkpoint_restore=ep", capabilities.ToString());
        Assert.Equal("0100000200040000000000000001000000000000", Convert.ToHexStringLower(capabilities.ToAttribute()));
        Assert.Equal(capabilities, FileCapabilities.OfAttribute(capabilities.ToAttribute()));
        Assert.Equal("", default(FileCapabilities).ToString());
    }

    [Fact]
    public void They_go_through_a_layer_beside_a_long_name_and_change_no_other_header()
    {
        var path = string.Join('/', Enumerable.Repeat(new string('n', 120), 2));
        var capabilities = FileCapabilities.Of(["cap_net_raw"]);
        using var archive = new MemoryStream();
        var writer = new TarWriter(archive);
        writer.AddFile(path, "x"u8, FileOwnership.File(true) with { Capabilities = capabilities });
        writer.AddFile("plain", "y"u8, FileOwnership.File(true));
        writer.Finish();
        archive.Position = 0;

        var reader = new TarArchive(archive);

        var first = reader.Next()!;
        Assert.Equal((path, capabilities), (first.Name, first.Capabilities));
        var second = reader.Next()!;
        Assert.Equal(("plain", default(FileCapabilities)), (second.Name, second.Capabilities));
        // A header, its body, the file's header and content; and for the other file no more than two blocks.
        Assert.Equal((4 + 2 + 2) * 512, archive.Length);
    }
}
