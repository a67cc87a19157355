using System.Text;
using Recipes.Engine;
using Recipes.Engine.Comparison;
using Xunit;

namespace Recipes.Integration.Tests.Comparison;

/// <summary>Layers that a program of the host unpacks.</summary>
public sealed class DamagedLayerTests
{
    [Theory]
    [InlineData("fd377a585a00")]
    [InlineData("425a68")]
    public void A_damaged_layer_is_refused_whatever_its_format(string magic)
    {
        using var folder = new TemporaryDirectory();
        var file = folder.Join("damaged.tar");
        File.WriteAllBytes(
            file,
            new TarBuilder()
                .Bytes("l", [.. Convert.FromHexString(magic), .. Enumerable.Repeat((byte)0xff, 2000)])
                .Bytes("c.json", Encoding.UTF8.GetBytes("""{"rootfs":{"diff_ids":["x"]}}"""))
                .Bytes("manifest.json", Encoding.UTF8.GetBytes("""[{"Config":"c.json","Layers":["l"]}]"""))
                .ToTar()
        );

        var fault = Assert.Throws<EngineException>(() =>
            ImageContent.OfArchive(file, TestContext.Current.CancellationToken)
        );

        Assert.StartsWith(
            $"'{file}' is not an image archive, or is damaged: ",
            fault.Message,
            StringComparison.Ordinal
        );
    }
}
