using System.Globalization;
using Recipes.Engine.Images;

namespace Recipes.Engine.Pictures;

/// <summary>
/// Draws where the bytes of an image are: an area a package, in it an area a file, each as large as its bytes.
/// </summary>
internal static class SizePicture
{
    private const double Width = 960;
    private const double Height = 600;
    private const double Margin = 20;
    private const double HeadHeight = 56;
    private const double PackageHead = 20;
    private const double FontSize = 11;

    /// <summary>A file that would be smaller than this, in square pixels, is drawn with others like it.</summary>
    private const double LeastArea = 120;

    /// <summary>An SVG document.</summary>
    public static string Write(ImageSize image)
    {
        var picture = new SvgPicture(Width, Height, $"Where the bytes of {image.Name} are");
        Head(picture, image);
        var packages = image.Packages.Where(x => x.Bytes > 0).ToList();
        var area = new Rectangle(Margin, Margin + HeadHeight, Width - (2 * Margin), Height - (2 * Margin) - HeadHeight);
        var parts = Treemap.Divide([.. packages.Select(x => (double)x.Bytes)], area);
        foreach (var (i, package) in packages.Index())
            Package(picture, image, package, parts[i].Inset(1.5), $"hue{i % SvgPicture.Hues}");
        return picture.ToString();
    }

    private static void Head(SvgPicture picture, ImageSize image)
    {
        var title = TextWidth.Fit($"{image.Name} {image.Version}".TrimEnd(), 20, Width - (2 * Margin));
        var files = image.Packages.Sum(x => x.Files.Length);
        var packages = image.Packages.Length == 1 ? "1 package" : $"{image.Packages.Length} packages";
        var limit = image.Limit is { } bytes ? $", {Size(bytes)} allowed" : "";
        picture.Head(
            Margin,
            title ?? "",
            string.Create(CultureInfo.InvariantCulture, $"{Size(image.Bytes)} in {files:N0} files of {packages}{limit}")
        );
    }

    private static void Package(
        SvgPicture picture,
        ImageSize image,
        SizedPackage package,
        Rectangle place,
        string style
    )
    {
        var share = string.Create(CultureInfo.InvariantCulture, $"{100.0 * package.Bytes / image.Bytes:0.0} %");
        var tip = $"{package.Name} {package.Version}".TrimEnd() + $": {Size(package.Bytes)}, {share}";
        var head = Label(package.Name, $"{Size(package.Bytes)}, {share}", place);
        picture.Box(place, "card", tip, 4);
        if (head is not var (name, size) || place.Height < PackageHead + 12)
        {
            picture.Box(place.Inset(1.5), style, tip);
            return;
        }
        picture.Text(place.X + 7, place.Y + 15, FontSize, name, "ink bold");
        if (size is not null)
            picture.Text(place.X + 14 + Bold(name), place.Y + 15, FontSize, size, "quiet");
        Files(
            picture,
            package,
            new(place.X + 3, place.Y + PackageHead, place.Width - 6, place.Height - PackageHead - 3),
            style
        );
    }

    private static (string Name, string? Size)? Label(string name, string size, Rectangle place)
    {
        var width = place.Width - 14;
        if (Bold(name) + 7 + TextWidth.Of(size, FontSize) <= width)
            return (name, size);
        return TextWidth.Fit(name, FontSize * 1.12, width) is { } fitted ? (fitted, null) : null;
    }

    /// <summary>Bold letters are about an eighth wider.</summary>
    private static double Bold(string text) => TextWidth.Of(text, FontSize) * 1.12;

    private static void Files(SvgPicture picture, SizedPackage package, Rectangle place, string style)
    {
        var scale = place.Area / package.Bytes;
        var drawn = package.Files.TakeWhile(x => x.Bytes * scale >= LeastArea).ToList();
        var rest = package.Files.Skip(drawn.Count).Where(x => x.Bytes > 0).ToList();
        var cells = drawn.Select(x => (x.Path, Name: x.Path[(x.Path.LastIndexOf('/') + 1)..], x.Bytes)).ToList();
        if (rest.Count > 0)
            cells.Add(($"{rest.Count} smaller files", $"{rest.Count} more", rest.Sum(x => x.Bytes)));
        var ordered = cells.OrderByDescending(x => x.Bytes).ThenBy(x => x.Path, StringComparer.Ordinal).ToList();
        var parts = Treemap.Divide([.. ordered.Select(x => (double)x.Bytes)], place);
        foreach (var (i, cell) in ordered.Index())
            Cell(picture, cell.Path, cell.Name, cell.Bytes, parts[i].Inset(0.75), style);
    }

    private static void Cell(SvgPicture picture, string path, string name, long bytes, Rectangle place, string style)
    {
        const double Padding = 5;
        picture.Box(place, style, $"{path}: {Size(bytes)}");
        if (place.Height < FontSize + 7 || TextWidth.Fit(name, FontSize, place.Width - (2 * Padding)) is not { } fitted)
            return;
        picture.Text(place.X + Padding, place.Y + FontSize + 3, FontSize, fitted, "ink");
        if (place.Height >= (2 * FontSize) + 12 && TextWidth.Of(Size(bytes), FontSize) <= place.Width - (2 * Padding))
            picture.Text(place.X + Padding, place.Y + (2 * FontSize) + 7, FontSize, Size(bytes), "quiet");
    }

    private static string Size(long bytes) =>
        bytes switch
        {
            < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
            < 999_950 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.00} MB"),
        };
}
