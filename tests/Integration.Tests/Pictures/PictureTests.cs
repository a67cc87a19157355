using System.Globalization;
using System.Text.RegularExpressions;
using Recipes.Engine.Graph;
using Recipes.Engine.Pictures;
using Recipes.Engine.Workspaces;
using Xunit;

namespace Recipes.Integration.Tests.Pictures;

/// <summary>The pictures, looked at in a real browser, in light and in dark.</summary>
public sealed class PictureTests : IDisposable
{
    /// <summary>
    /// Says in the element "faults" what is wrong: a text outside of its box, over another text, or too faint (WCAG
    /// 2.1, 1.4.3); a line through a box. A text's box is the topmost one under its beginning.
    /// </summary>
    private const string Inspection = """
        const faults = [], svg = document.querySelector('svg');
        const boxes = [...svg.querySelectorAll('rect')].map(x => ({ box: x.getBBox(), fill: getComputedStyle(x).fill }));
        const texts = [...svg.querySelectorAll('text')].map(x => ({ box: x.getBBox(), fill: getComputedStyle(x).fill, says: x.textContent }));
        const light = c => { const [r, g, b] = c.match(/\d+/g).map(x => x / 255).map(x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b };
        const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
        const right = x => x.x + x.width, bottom = x => x.y + x.height;
        for (const { box, fill, says } of texts) {
            const under = boxes.findLast(({ box: b }) => b.x <= box.x + 1 && right(b) >= box.x + 1 && b.y <= box.y + box.height / 2 && bottom(b) >= box.y + box.height / 2);
            if (!under || box.x < under.box.x || right(box) > right(under.box) || box.y < under.box.y - 1 || bottom(box) > bottom(under.box) + 1)
                faults.push(`'${says}' is not inside its box`);
            else if (contrast(fill, under.fill) < 4.5)
                faults.push(`'${says}' is too faint: ${contrast(fill, under.fill).toFixed(2)}`);
        }
        texts.forEach(({ box: a, says }, i) => texts.slice(0, i).forEach(({ box: b, says: other }) => {
            if (a.x < right(b) && b.x < right(a) && a.y < bottom(b) - 3 && b.y < bottom(a) - 3)
                faults.push(`'${says}' is over '${other}'`);
        }));
        for (const path of svg.querySelectorAll('path:not(.tip):not(.tick)'))
            for (let at = 0; at <= path.getTotalLength(); at += 2) {
                const p = path.getPointAtLength(at);
                if (boxes.slice(1).some(({ box: b }) => p.x > b.x + 2 && p.x < right(b) - 2 && p.y > b.y + 2 && p.y < bottom(b) - 2)) {
                    faults.push(`a line goes through a box at ${p.x.toFixed()},${p.y.toFixed()}`);
                    break;
                }
            }
        const result = document.createElement('pre');
        result.id = 'faults';
        result.textContent = `${texts.length} texts, ${boxes.length} boxes\n` + faults.join('\n');
        document.body.append(result);
        """;

    private readonly TemporaryDirectory folder = new();

    [Theory]
    [InlineData("size", false, 30)]
    [InlineData("size", true, 30)]
    [InlineData("graph", false, 20)]
    [InlineData("graph", true, 20)]
    [InlineData("timeline", false, 15)]
    [InlineData("timeline", true, 15)]
    public async Task Every_text_is_inside_its_box_and_readable_and_no_line_crosses_a_box(
        string picture,
        bool isDark,
        int texts
    )
    {
        var (seen, faults) = await InspectAsync(Draw(picture), isDark);

        Assert.Equal("", faults);
        Assert.InRange(seen, texts, int.MaxValue);
    }

    [Fact]
    public async Task The_inspection_itself_finds_each_kind_of_fault()
    {
        var (_, faults) = await InspectAsync(
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="400" height="200"><rect width="400" height="200" fill="#ffffff"/>
            <rect x="10" y="10" width="30" height="20" fill="#eeeeee"/><text x="12" y="25" font-size="12">much too long</text>
            <text x="200" y="50" font-size="12" fill="#cccccc">faint</text>
            <text x="200" y="100" font-size="12">one</text><text x="205" y="102" font-size="12">other</text>
            <path d="M0 20H100" stroke="#000000"/></svg>
            """,
            isDark: false
        );

        Assert.Equal(
            "'much too long' is not inside its box\n'faint' is too faint: 1.61\n'other' is over 'one'\na line goes "
                + "through a box at 14,20",
            faults
        );
    }

    // As a README has it: an image in a page.
    [Theory]
    [InlineData("size", false, "#ffffff", "#cfe3f7")]
    [InlineData("size", true, "#0d1117", "#1d3652")]
    [InlineData("graph of postgres-image", false, "#ffffff", "#d3ecd4")]
    [InlineData("graph of postgres-image", true, "#0d1117", "#1f3f28")]
    [InlineData("timeline", false, "#ffffff", "#cfe3f7")]
    [InlineData("timeline", true, "#0d1117", "#1d3652")]
    public async Task As_an_image_it_follows_the_scheme_of_the_page(
        string picture,
        bool isDark,
        string ground,
        string box
    )
    {
        await File.WriteAllTextAsync(folder.Join("picture.svg"), Draw(picture), TestContext.Current.CancellationToken);
        var page =
            "<!doctype html><meta name=\"color-scheme\" content=\"light dark\"><body style=\"margin:0\"><img "
            + "src=\"picture.svg\">";
        var seen = await new Browser(folder.Path).ScreenshotAsync(page, isDark, 640, 480);

        var colours = seen.Colours();
        Assert.Equal((640, 480), (seen.Width, seen.Height));
        Assert.Equal(ground, seen.At(12, 12));
        Assert.InRange(colours[box], seen.Width * seen.Height / 200, int.MaxValue);
    }

    public void Dispose() => folder.Dispose();

    private async Task<(int Texts, string Faults)> InspectAsync(string svg, bool isDark)
    {
        var page = $"<!doctype html><meta charset=\"utf-8\"><body>{svg}<script>{Inspection}</script>";
        var document = await new Browser(folder.Path).DocumentAsync(page, isDark);
        var found = Regex.Match(
            document,
            "<pre id=\"faults\">(\\d+) texts, \\d+ boxes\n(.*?)</pre>",
            RegexOptions.Singleline
        );
        Assert.True(found.Success, document);
        return (int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture), found.Groups[2].Value);
    }

    private static string Draw(string picture) =>
        picture switch
        {
            "size" => SizePicture.Write(SampleSizes.Server),
            "timeline" => TimelinePicture.Write(SampleRun.Failed),
            "graph" => Graph(),
            _ => Graph("postgres-image"),
        };

    private static string Graph(params string[] targets) =>
        GraphExport.Write(RecipeGraph.Create(Workspace.Load(Checkout.Root)), targets, GraphFormat.Svg);
}
