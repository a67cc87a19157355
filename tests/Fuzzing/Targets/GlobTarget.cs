using Recipes.Engine.Model;

namespace Recipes.Fuzzing.Targets;

/// <summary>Globs, each on a line, matched against some paths.</summary>
internal sealed class GlobTarget : TextTarget
{
    private static readonly string[] Paths =
    [
        "a",
        "a/b/c",
        "usr/include/a.h",
        string.Join('/', Enumerable.Repeat("a", 500)),
        new('a', 255),
    ];

    public override string Name => "glob";

    protected override IReadOnlyList<string> Texts { get; } =
    ["usr/**/*.[ch]\n{a,b*,{c,d}}/?[!a-z]\n**/x\na/**", "*a*a*a*a*a*a*a*a*a*b", "{a,{b,{c,{d,{e,{f,{g,h}}}}}}}*"];

    protected override IReadOnlyList<string> Pieces { get; } =
    ["*", "**", "/", "**/", "/**", "?", "[", "]", "[!", "-", "{", "}", ",", "\\", "\n", "\ud83d\ude00", "*a", "{*,*}"];

    protected override void Read(string text)
    {
        foreach (var line in text.Split('\n').Take(200))
        {
            if (!Glob.TryParse(line, out var glob, out _))
                continue;
            foreach (var path in Paths)
                glob.Matches(path);
        }
    }
}
