using Recipes.Engine.Sources.Git;

namespace Recipes.Fuzzing.Targets;

/// <summary><c>.gitmodules</c>, read and edited.</summary>
internal sealed class GitmodulesTarget : TextTarget
{
    public override string Name => "gitmodules";

    protected override IReadOnlyList<string> Texts { get; } =
    [
        "[submodule \"a\"]\n\tpath = pkgs/a/source\n\turl = \"https://example.org/a # b\" ; c\n\tupdate = none\n# "
            + "x\n[submodule \"b\\\"\"] path=b\nurl\n[core]\r\n\tx = a\\\n  b\n",
    ];

    protected override IReadOnlyList<string> Pieces { get; } =
    ["[", "]", "\"", "\\", "=", "\n", "\r\n", "#", ";", "[submodule \"", "path = ", "url = ", "\\\"", "\ufeff", "\0"];

    protected override void Read(string text)
    {
        var file = GitmodulesFile.Parse(text);
        foreach (var entry in file.Entries.Take(5).ToList())
        {
            var edited = file.With(entry with { Url = "https://example.org/\"#", Update = null });
            if (edited.Find(entry.Path)?.Url != "https://example.org/\"#")
                throw new InvalidOperationException($"the URL of '{entry.Path}' was not written");
            if (
                file.Without(entry.Path).Find(entry.Path) is { } left
                && file.Entries.Count(x => x.Path == left.Path) < 2
            )
                throw new InvalidOperationException($"'{entry.Path}' is still there");
        }
    }
}
