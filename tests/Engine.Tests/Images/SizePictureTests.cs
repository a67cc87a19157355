using System.Xml.Linq;
using Recipes.Engine.Pictures;
using Xunit;

namespace Recipes.Engine.Tests.Images;

public class SizePictureTests
{
    [Fact]
    public void Each_package_and_file_has_its_area() =>
        Golden.Matches("size.svg", SizePicture.Write(SampleSizes.Server));

    [Fact]
    public void The_picture_is_xml_whatever_files_are_called()
    {
        var tips = XDocument
            .Parse(SizePicture.Write(SampleSizes.Server))
            .Descendants()
            .Where(x => x.Name.LocalName == "title")
            .Select(x => x.Value);

        Assert.Contains("usr/share/größe & <maße>.txt: 71.0 kB", tips);
        Assert.Contains("usr/share/line\uFFFDbreak: 9.0 kB", tips);
    }

    [Fact]
    public void An_image_of_nothing_but_links_is_drawn_empty() =>
        Assert.Contains(
            "0 B in 0 files of 1 package<",
            SizePicture.Write(new("links", null, null, [new("links", null, 2, [])], [])),
            StringComparison.Ordinal
        );
}
