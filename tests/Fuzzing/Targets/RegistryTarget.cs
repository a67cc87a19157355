using System.Net;
using System.Text;
using Recipes.Engine.Registries;
using Recipes.Engine.Registries.Authorization;
using Recipes.Engine.Sources.Releases;

namespace Recipes.Fuzzing.Targets;

/// <summary>What registries and web servers answer: errors, challenges, listings.</summary>
internal sealed class RegistryTarget : TextTarget
{
    public override string Name => "registry";

    protected override IReadOnlyList<string> Texts { get; } =
    [
        """{"errors":[{"code":"DENIED","message":"requested access is denied","detail":{"a":[1]}},{"code":1}]}""",
        """Bearer realm="https://auth.example.org/token",service="registry",scope="repository:a:pull\"x\"" """,
        """<html><a href="zlib-1.3.tar.gz">x</a><A HREF = 'a%2fb?c'>y</a><a href=../d/>z</a></html>""",
    ];

    protected override IReadOnlyList<string> Pieces { get; } =
    [
        "\"",
        "\\",
        "{",
        "}",
        "[",
        "]",
        ",",
        "null",
        "\\ud800",
        "href=",
        "Bearer ",
        "realm=\"",
        "%00",
        "%2f",
        "&#x110000;",
        "&amp;",
        "\n",
    ];

    protected override void Read(string text)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.Unauthorized)
        {
            Content = new StringContent(text, Encoding.UTF8, "application/json"),
        };
        response.Headers.TryAddWithoutValidation("WWW-Authenticate", text.ReplaceLineEndings(""));
        _ = RegistryAnswer
            .DescribeAsync(response, TimeSpan.FromMinutes(1), CancellationToken.None)
            .GetAwaiter()
            .GetResult();
        _ = Challenge.Of(response);
        _ = ListingPage.Links(text);
    }
}
